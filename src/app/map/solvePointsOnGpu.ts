/** Points of a map on the GPU, many at once. */
import { loadKernels } from '../../lindblad/kernels.js';
import { statesOnDevice } from '../../simulate/deviceStates.js';
import { digitsCheck } from '../../simulate/digits.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { verdictOf } from '../../simulate/verdict.js';
import { firstWindow, widerWindow } from '../../simulate/windowSearch.js';
import { recycling } from '../../zeros.js';
import { onGpu } from '../solver/gpu.js';
import { MAP_OBSERVABLES, MAP_WIDTH, type MapRequest, pointOf } from './grid.js';
import { putPoint, solvePoints } from './solvePoints.js';

const whyLeft = digitsCheck(MAP_OBSERVABLES, 'f64');

/** Observable k of point p at p·MAP_WIDTH + k; NaN where it has no value. */
export function solvePointsOnGpu(
  request: MapRequest,
  places: Uint32Array,
): Promise<Float64Array<ArrayBuffer>> {
  const { truncation } = request;
  return onGpu(async (gpu) => {
    await loadKernels();
    const values = new Float64Array(places.length * MAP_WIDTH).fill(Number.NaN);
    const rowOf = (p: number) => values.subarray(p * MAP_WIDTH, (p + 1) * MAP_WIDTH);
    // Where flows cancel to fewer digits than the CPU has.
    const short: number[] = [];
    let open = Array.from(places, (place, p) => ({
      ...{ p, parameters: pointOf(request, place), window: firstWindow(truncation) },
    }));
    while (open.length > 0) {
      const wider: typeof open = [];
      await statesOnDevice(gpu.chains, 'f64', open, {
        solved: (k, found) =>
          recycling(() => {
            const { p, parameters, window } = open[k];
            const { state, lost } = found();
            const reading = new SteadyReading(state);
            const next = widerWindow(truncation, window, reading.edges, null);
            if (next !== null) wider.push({ p, parameters, window: next });
            else if (whyLeft(reading, lost) !== null) short.push(p);
            // What is not solved keeps its NaN.
            else if (verdictOf(reading, 'f64').converged) putPoint(request, reading, rowOf(p));
          }),
        unsolved: () => {},
      });
      open = wider;
    }
    const mended = await solvePoints(
      request,
      Uint32Array.from(short, (p) => places[p]),
    );
    short.forEach((p, i) => {
      rowOf(p).set(mended.subarray(i * MAP_WIDTH, (i + 1) * MAP_WIDTH));
    });
    return values;
  });
}
