/** Points of a map on the CPU, one after the other. */

import { steadyState } from '../../simulate/steady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { NonUniqueSteadyStateError } from '../../solve/conservingElimination.js';
import { OBSERVABLES } from '../../sweep/observables.js';
import { MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf } from './grid.js';

/** Observable k of point p at p·MAP_WIDTH + k; NaN where it has no value. */
export function solvePoints(request: MapRequest, places: Uint32Array): Float64Array<ArrayBuffer> {
  const values = new Float64Array(places.length * MAP_WIDTH);
  places.forEach((place, p) => {
    const row = values.subarray(p * MAP_WIDTH, (p + 1) * MAP_WIDTH);
    const i = place % request.size;
    const parameters = pointOf(request, i, (place - i) / request.size);
    try {
      const read = new SteadyReading(steadyState(parameters, request.truncation));
      MAP_OBSERVABLES.forEach((name, k) => {
        row[k] = OBSERVABLES[name].read(read);
      });
      row[MAP_WIDTH - 1] = Math.max(...read.edges);
    } catch (error) {
      if (!(error instanceof NonUniqueSteadyStateError)) throw error;
      row.fill(Number.NaN);
    }
  });
  return values;
}
