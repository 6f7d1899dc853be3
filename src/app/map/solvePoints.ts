/** Points of a map on the CPU, one after the other. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import { rotorWindow, type Window } from '../../operators/window.js';
import { numberOf } from '../../simulate/observe.js';
import { grownWindow, steadyState, steadyStateOn } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { verdictOf } from '../../simulate/verdict.js';
import { NoSteadyStateError } from '../../solve/verdict.js';
import { recycling } from '../../zeros.js';
import { EDGE, MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf } from './grid.js';

/** Levels with less are left out of the window that the next point begins with. */
const NEGLIGIBLE = 1e-15;
const MARGIN = 2;

/** The window that a state needs. */
function neededWindow({ rotorPopulations: populations, state }: SteadyReading): Window {
  const { lmin, lmax } = state.device.system.window;
  let below = 0;
  let above = populations.length - 1;
  while (populations[below] < NEGLIGIBLE) below++;
  while (populations[above] < NEGLIGIBLE) above--;
  return rotorWindow(
    Math.min(-1, Math.max(lmin, lmin + below - MARGIN)),
    Math.max(1, Math.min(lmax, lmin + above + MARGIN)),
  );
}

/** The steady state, the search for its window begun with a neighbour's. */
function solveNear(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
): SteadyReading {
  if (near === null || truncation.lmin !== undefined) {
    return new SteadyReading(steadyState(parameters, truncation, false));
  }
  let window = near;
  for (;;) {
    const reading = new SteadyReading(steadyStateOn(parameters, window));
    const grown = grownWindow(window, reading.edges, truncation.edgeTolerance, null);
    if (grown === null) return reading;
    window = grown;
  }
}

/** Observable k of point p at p·MAP_WIDTH + k; NaN where it has no value. */
export function solvePoints(request: MapRequest, places: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(places.length * MAP_WIDTH);
  let near: Window | null = null;
  for (let p = 0; p < places.length; p++) {
    const row = values.subarray(p * MAP_WIDTH, (p + 1) * MAP_WIDTH);
    const i = places[p] % request.size;
    const parameters = pointOf(request, i, (places[p] - i) / request.size);
    try {
      near = recycling(() => {
        const reading = solveNear(parameters, request.truncation, near);
        if (!verdictOf(reading, 'f64').converged) {
          row.fill(Number.NaN);
          return near;
        }
        for (let k = 0; k < MAP_OBSERVABLES.length; k++) {
          row[k] = numberOf(MAP_OBSERVABLES[k], reading);
        }
        row[EDGE] = Math.max(...reading.edges);
        return neededWindow(reading);
      });
    } catch (error) {
      if (!(error instanceof NoSteadyStateError)) throw error;
      row.fill(Number.NaN);
    }
  }
  return values;
}
