/** One of the workers that share a map. */
import { expose, transfer } from 'comlink';
import { loadKernels } from '../../lindblad/kernels.js';
import type { MapRequest } from './grid.js';
import { withOneCutoff } from './oneCutoff.js';
import { solvePoints } from './solvePoints.js';

const points = {
  settle: withOneCutoff,
  async solve(request: MapRequest, places: Uint32Array) {
    await loadKernels();
    const values = solvePoints(request, places);
    return transfer(values, [values.buffer]);
  },
};

export type PointSolver = typeof points;

expose(points);
