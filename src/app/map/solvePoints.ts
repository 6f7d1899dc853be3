/** Many devices on the CPU, one after the other: the points of maps and of curves. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import { hasPotential } from '../../model/potentialParameters.js';
import { rotorWindow, type Window } from '../../operators/window.js';
import { requireNoPotential } from '../../simulate/millSector.js';
import type { ObservableName } from '../../simulate/observableRecords.js';
import { numberOf } from '../../simulate/observe.js';
import { steadyState } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { verdictOf } from '../../simulate/verdict.js';
import { NoSteadyStateError } from '../../solve/verdict.js';
import { recycling } from '../../zeros.js';
import { isToldOf } from '../content/observables.js';
import { abscissa, type CurveRequest } from '../curves/curves.js';
import { EDGE, MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf, slotOf } from './grid.js';

/** The relative error of a flow that a picture and its numbers are good with. */
const ENOUGH = 1e-9;
/** Levels with less, in units of what is tolerated at an edge, are left out of the window that the next point begins with. */
const NEGLIGIBLE = 1e-5;
const MARGIN = 1;
/** Windows begin and end at multiples of it, so that few have to be set up. */
const STEP = 4;

/** The window that a state needs. */
function neededWindow(
  { rotorPopulations: populations, state }: SteadyReading,
  { edgeTolerance }: Truncation,
): Window {
  const negligible = NEGLIGIBLE * edgeTolerance;
  const { lmin } = state.device.system.window;
  let below = 0;
  let above = populations.length - 1;
  while (populations[below] < negligible) below++;
  while (populations[above] < negligible) above--;
  return rotorWindow(
    Math.min(-STEP, STEP * Math.floor((lmin + below - MARGIN) / STEP)),
    Math.max(STEP, STEP * Math.ceil((lmin + above + MARGIN) / STEP)),
  );
}

/**
 * The steady state in a potential; null where it is not found. What solves it is loaded when it is first needed.
 * @throws {ParameterError} where something is asked for that is not known there
 */
async function solveInPotential(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
  names: readonly ObservableName[],
  isWanted: () => boolean,
): Promise<SteadyReading | null> {
  const untold = names.find((name) => !isToldOf(name, true));
  if (untold !== undefined) requireNoPotential(parameters, untold);
  const { solveInLayers } = await import('./solveInLayers.js');
  return solveInLayers(parameters, truncation, near, isWanted);
}

/**
 * Neighbours, each solved on the window that the one before it needed.
 * @param names of what is read
 * @param width numbers of each, NaN where it has no steady state
 * @param read writes the numbers of one
 * @param isWanted false from when nobody waits for them: then what is not there yet stays NaN
 */
async function solveEach(
  devices: readonly DeviceParameters[],
  truncation: Truncation,
  names: readonly ObservableName[],
  width: number,
  read: (reading: SteadyReading, row: Float64Array) => void,
  isWanted: () => boolean,
): Promise<Float64Array<ArrayBuffer>> {
  const values = new Float64Array(devices.length * width).fill(Number.NaN);
  let near: Window | null = null;
  const put = (reading: SteadyReading, p: number): void => {
    if (!verdictOf(reading, 'f64').converged) return;
    read(reading, values.subarray(p * width, (p + 1) * width));
    near = neededWindow(reading, truncation);
  };
  for (const [p, parameters] of devices.entries()) {
    if (!isWanted()) break;
    try {
      if (hasPotential(parameters)) {
        const reading = await solveInPotential(parameters, truncation, near, names, isWanted);
        if (reading !== null) put(reading, p);
      } else {
        recycling(() => {
          const options = { moments: false, enough: ENOUGH, near };
          put(new SteadyReading(steadyState(parameters, truncation, options)), p);
        });
      }
    } catch (error) {
      if (!(error instanceof NoSteadyStateError)) throw error;
    }
  }
  return values;
}

const write = (names: readonly ObservableName[], reading: SteadyReading, row: Float64Array) =>
  names.forEach((name, k) => {
    row[k] = numberOf(name, reading);
  });

const always = () => true;

/** Writes the numbers of a map's point. */
export function putPoint({ extra }: MapRequest, reading: SteadyReading, row: Float64Array): void {
  write(MAP_OBSERVABLES, reading, row);
  row[EDGE] = Math.max(...reading.edges);
  if (extra !== null) row[slotOf(extra)] = numberOf(extra, reading);
}

/** Points of a map, the numbers of point p from p·MAP_WIDTH on. Code of what is asked for beside is loaded before. */
export function solvePoints(
  request: MapRequest,
  places: Uint32Array,
  isWanted: () => boolean = always,
): Promise<Float64Array<ArrayBuffer>> {
  const devices = Array.from(places, (place) => pointOf(request, place));
  const { extra } = request;
  const names = extra === null ? MAP_OBSERVABLES : [...MAP_OBSERVABLES, extra];
  const read = (reading: SteadyReading, row: Float64Array) => putPoint(request, reading, row);
  return solveEach(devices, request.truncation, names, MAP_WIDTH, read, isWanted);
}

/** Points of curves, each its observables and its operation. */
export function solveCurve(
  request: CurveRequest,
  places: Uint32Array,
  isWanted: () => boolean = always,
): Promise<Float64Array<ArrayBuffer>> {
  const { parameters, truncation, axis, names } = request;
  const devices = Array.from(places, (place) => ({
    ...parameters,
    [axis.name]: abscissa(request, place),
  }));
  const all: readonly ObservableName[] = [...names, 'operation'];
  const read = (reading: SteadyReading, row: Float64Array) => write(all, reading, row);
  return solveEach(devices, truncation, all, all.length, read, isWanted);
}
