/** Many devices on the CPU, one after the other: the points of maps and of curves. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import { rotorWindow, type Window } from '../../operators/window.js';
import type { ObservableName } from '../../simulate/observableRecords.js';
import { numberOf } from '../../simulate/observe.js';
import { steadyState, steadyStateOn } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { verdictOf } from '../../simulate/verdict.js';
import { widerWindow } from '../../simulate/windowSearch.js';
import { NoSteadyStateError } from '../../solve/verdict.js';
import { recycling } from '../../zeros.js';
import { abscissa, type CurveRequest } from '../curves/curves.js';
import { EDGE, MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf, slotOf } from './grid.js';

/** The relative error of a flow that a picture and its numbers are good with. */
const ENOUGH = 1e-9;
/** Levels with less are left out of the window that the next point begins with. */
const NEGLIGIBLE = 1e-15;
const MARGIN = 2;
/** Windows begin and end at multiples of it, so that few have to be set up. */
const STEP = 4;

/** The window that a state needs. */
function neededWindow({ rotorPopulations: populations, state }: SteadyReading): Window {
  const { lmin } = state.device.system.window;
  let below = 0;
  let above = populations.length - 1;
  while (populations[below] < NEGLIGIBLE) below++;
  while (populations[above] < NEGLIGIBLE) above--;
  return rotorWindow(
    Math.min(-STEP, STEP * Math.floor((lmin + below - MARGIN) / STEP)),
    Math.max(STEP, STEP * Math.ceil((lmin + above + MARGIN) / STEP)),
  );
}

/** The steady state, the search for its window begun with a neighbour's. */
function solveNear(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
): SteadyReading {
  if (near === null || truncation.lmin !== undefined) {
    return new SteadyReading(
      steadyState(parameters, truncation, { moments: false, enough: ENOUGH }),
    );
  }
  let window = near;
  for (;;) {
    const reading = new SteadyReading(steadyStateOn(parameters, window, ENOUGH));
    const wider = widerWindow(truncation, window, reading.edges, null);
    if (wider === null) return reading;
    window = wider;
  }
}

/**
 * Neighbours, each solved on the window that the one before it needed.
 * @param width numbers of each, NaN where it has no steady state
 * @param read writes the numbers of one
 */
function solveEach(
  devices: readonly DeviceParameters[],
  truncation: Truncation,
  width: number,
  read: (reading: SteadyReading, row: Float64Array) => void,
): Float64Array<ArrayBuffer> {
  const values = new Float64Array(devices.length * width);
  let near: Window | null = null;
  devices.forEach((parameters, p) => {
    const row = values.subarray(p * width, (p + 1) * width);
    try {
      near = recycling(() => {
        const reading = solveNear(parameters, truncation, near);
        if (!verdictOf(reading, 'f64').converged) {
          row.fill(Number.NaN);
          return near;
        }
        read(reading, row);
        return neededWindow(reading);
      });
    } catch (error) {
      if (!(error instanceof NoSteadyStateError)) throw error;
      row.fill(Number.NaN);
    }
  });
  return values;
}

const write = (names: readonly ObservableName[], reading: SteadyReading, row: Float64Array) =>
  names.forEach((name, k) => {
    row[k] = numberOf(name, reading);
  });

/** Points of a map, the numbers of point p from p·MAP_WIDTH on. Code of what is asked for beside is loaded before. */
export function solvePoints(request: MapRequest, places: Uint32Array): Float64Array<ArrayBuffer> {
  const devices = Array.from(places, (place) => {
    const i = place % request.size;
    return pointOf(request, i, (place - i) / request.size);
  });
  const { extra } = request;
  return solveEach(devices, request.truncation, MAP_WIDTH, (reading, row) => {
    write(MAP_OBSERVABLES, reading, row);
    row[EDGE] = Math.max(...reading.edges);
    if (extra !== null) row[slotOf(extra)] = numberOf(extra, reading);
  });
}

/** The points of curves from one up to another, each its observables and its operation. */
export function solveCurve(
  request: CurveRequest,
  from: number,
  to: number,
): Float64Array<ArrayBuffer> {
  const { parameters, truncation, axis, names } = request;
  const devices = Array.from({ length: to - from }, (_, p) => ({
    ...parameters,
    [axis.name]: abscissa(request, from + p),
  }));
  const all: readonly ObservableName[] = [...names, 'operation'];
  return solveEach(devices, truncation, all.length, (reading, row) => write(all, reading, row));
}
