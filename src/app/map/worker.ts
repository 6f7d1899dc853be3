/** One of the workers that share maps and curves. */
import { expose, transfer } from 'comlink';
import { loadKernels } from '../../lindblad/kernels.js';
import { loadCodeFor } from '../../simulate/loadObservables.js';
import type { CurveRequest } from '../curves/curves.js';
import type { MapRequest } from './grid.js';
import { withOneCutoff } from './oneCutoff.js';
import { solveCurve, solvePoints } from './solvePoints.js';

const points = {
  settle: withOneCutoff,
  async solve(request: MapRequest, places: Uint32Array) {
    await Promise.all([loadKernels(), loadCodeFor(request.extra === null ? [] : [request.extra])]);
    const values = await solvePoints(request, places);
    return transfer(values, [values.buffer]);
  },
  async curve(request: CurveRequest, places: Uint32Array) {
    await Promise.all([loadKernels(), loadCodeFor(request.names)]);
    const values = await solveCurve(request, places);
    return transfer(values, [values.buffer]);
  },
};

export type PointSolver = typeof points;

expose(points);
