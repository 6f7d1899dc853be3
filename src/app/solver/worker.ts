/** The worker that solves: off the page's thread, and the one owner of the GPU device. */
import { expose, transfer } from 'comlink';
import { watchGpu } from './gpu.js';
import type { Solver } from './protocol.js';
import { cancelSteady, solve } from './steady.js';

const solver: Solver = {
  watchGpu,
  steady: solve,
  // Most devices are solved without it.
  coarse: async (request) => (await import('./coarse.js')).solveCoarsely(request),
  cancel: cancelSteady,
  async solve(request, places) {
    const { solvePointsOnGpu } = await import('../map/solvePointsOnGpu.js');
    const values = await solvePointsOnGpu(request, places);
    return transfer(values, [values.buffer]);
  },
};

expose(solver);
