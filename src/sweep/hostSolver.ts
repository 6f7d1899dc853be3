/** Batches in float64 on every core: a pool of worker threads. */
import { availableParallelism, freemem } from 'node:os';
import { Piscina } from 'piscina';
import { BATCH_PARAMETERS } from './batchParameters.js';
import { type BatchResult, type BatchSolver, ON_HOST } from './batchSolver.js';
import { inParts } from './hostParts.js';
import type { HostTask } from './hostWorker.js';

/** Share of the free memory that the numbers of one batch may take. */
const MEMORY_SHARE = 1 / 8;

/**
 * Named with each task, and not to the pool: threads then load it when they have something to do. Node 20
 * aborts where a thread that is loading a module is ended, as those of a pool without work would be.
 */
const filename = new URL('./hostWorker.js', import.meta.url).href;

export function hostSolver(workers: number = availableParallelism()): BatchSolver {
  const pool = new Piscina<HostTask, BatchResult>({
    minThreads: workers,
    maxThreads: workers,
  });
  return {
    ...ON_HOST,
    refusal: () => null,
    capacity: (_size, observables) => {
      const bytes = 8 * (BATCH_PARAMETERS.length + observables + 4);
      return Math.max(1, Math.floor((freemem() * MEMORY_SHARE) / bytes));
    },
    solve: inParts(workers, (task) => pool.run(task, { filename })),
    close: () => pool.destroy(),
  };
}
