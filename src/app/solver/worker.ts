/** The worker that solves: off the page's thread, and the one owner of the GPU device. */
import { expose } from 'comlink';
import { steadyObservables, steadyState } from '../../simulate/steady.js';
import { gpuStatus } from './gpu.js';
import type { Solver } from './protocol.js';

const solver: Solver = {
  gpu: gpuStatus,
  async steady(request) {
    const begin = performance.now();
    const observables = steadyObservables(
      steadyState(request.parameters, request.truncation),
      request.truncation,
    );
    return {
      request,
      observables,
      provenance: {
        backend: 'cpu',
        adapter: null,
        precision: 'f64',
        space: 'sector',
        method: 'direct',
        milliseconds: performance.now() - begin,
      },
    };
  },
};

expose(solver);
