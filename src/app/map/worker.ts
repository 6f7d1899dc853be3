/** One of the workers that share maps and curves. */
import { expose, transfer } from 'comlink';
import { loadKernels } from '../../lindblad/kernels.js';
import { loadCodeFor } from '../../simulate/loadObservables.js';
import type { CurveRequest } from '../curves/curves.js';
import type { MapRequest } from './grid.js';
import { withOneCutoff } from './oneCutoff.js';
import { solveCurve, solvePoints } from './solvePoints.js';

/** On its way while the first request is. */
const kernels = loadKernels();

/** Jobs of which nobody wants any more points. */
const ended = new Set<number>();

/** @param job null of what is always brought to its end */
const isWanted = (job: number | null) => () => job === null || !ended.has(job);

const points = {
  /** Ends what is under way for a job, and what waits. */
  end(job: number): void {
    ended.add(job);
  },
  settle: withOneCutoff,
  async solve(request: MapRequest, places: Uint32Array, job: number) {
    await Promise.all([kernels, loadCodeFor(request.extra === null ? [] : [request.extra])]);
    const values = await solvePoints(request, places, isWanted(job));
    return transfer(values, [values.buffer]);
  },
  async curve(request: CurveRequest, places: Uint32Array, job: number | null) {
    await Promise.all([kernels, loadCodeFor(request.names)]);
    const values = await solveCurve(request, places, isWanted(job));
    return transfer(values, [values.buffer]);
  },
};

export type PointSolver = typeof points;

expose(points);
