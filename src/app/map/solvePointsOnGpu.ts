/** Points of a map on the GPU, many at once. */

import { groupBy } from '../../maps.js';
import type { DeviceParameters } from '../../model/parameters.js';
import { rotorWindow } from '../../operators/window.js';
import { estimatedMagnitude } from '../../simulate/estimatedMagnitude.js';
import { digitsCheck, readOfSums } from '../../simulate/observeSums.js';
import { type SectorObservables, sectorObservables } from '../../simulate/sectorObservables.js';
import { firstWindow, widerWindow } from '../../simulate/windowSearch.js';
import { RESIDUAL_TOLERANCE, relativeResidual } from '../../solve/verdict.js';
import { onGpu } from '../solver/gpu.js';
import { EDGE, MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf } from './grid.js';
import { solvePoints } from './solvePoints.js';

/** How each of the map's observables is read off a point's sums. */
const reads = MAP_OBSERVABLES.map((name) => {
  const read = readOfSums(name);
  if (read === null) throw new Error(`${name} takes states, which the map does not read back`);
  return read;
});

const hasDigits = digitsCheck(MAP_OBSERVABLES, 'f64');

function write(row: Float64Array, sums: SectorObservables, parameters: DeviceParameters): void {
  row.set(reads.map((read) => read(sums, parameters)));
  row[EDGE] = Math.max(sums.edgeLow, sums.edgeHigh);
}

/** Observable k of point p at p·MAP_WIDTH + k; NaN where it has no value. */
export function solvePointsOnGpu(
  request: MapRequest,
  places: Uint32Array,
): Promise<Float64Array<ArrayBuffer>> {
  const { truncation } = request;
  const devices = Array.from(places, (place) => pointOf(request, place));
  return onGpu(async (gpu) => {
    const solver = await gpu.sector();
    const values = new Float64Array(places.length * MAP_WIDTH).fill(Number.NaN);
    const windows = devices.map(() => firstWindow(truncation));
    let open = devices.map((_, p) => p);
    // Where flows cancel to fewer digits than the CPU has.
    const short: number[] = [];
    while (open.length > 0) {
      const next: number[] = [];
      for (const [levels, group] of groupBy(open, (p) => windows[p].size)) {
        const points = group.map((p) => ({ parameters: devices[p], lmin: windows[p].lmin }));
        const solutions = await solver.solve(points, levels);
        group.forEach((p, i) => {
          if (solutions.verdicts[i] !== 'solved') return;
          const found = sectorObservables(points[i], solutions, i);
          const edges = [found.edgeLow, found.edgeHigh] as const;
          const wider = widerWindow(truncation, windows[p], edges, null);
          if (wider === null) {
            const magnitude = estimatedMagnitude(
              devices[p],
              found,
              rotorWindow(windows[p].lmin, windows[p].lmin + levels - 1),
            );
            // What is not solved keeps its NaN.
            const relative = relativeResidual(found.residual, magnitude);
            if (!(relative <= RESIDUAL_TOLERANCE.f64)) return;
            if (!hasDigits(found, devices[p])) {
              short.push(p);
              return;
            }
            write(values.subarray(p * MAP_WIDTH, (p + 1) * MAP_WIDTH), found, devices[p]);
          } else {
            windows[p] = wider;
            next.push(p);
          }
        });
      }
      open = next;
    }
    const mended = await solvePoints(
      request,
      Uint32Array.from(short, (p) => places[p]),
    );
    short.forEach((p, i) => {
      values.set(mended.subarray(i * MAP_WIDTH, (i + 1) * MAP_WIDTH), p * MAP_WIDTH);
    });
    return values;
  });
}
