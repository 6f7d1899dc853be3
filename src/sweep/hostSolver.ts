/** Batches in float64 on every core: a pool of worker threads. */
import { availableParallelism, freemem } from 'node:os';
import { Piscina } from 'piscina';
import {
  BATCH_PARAMETERS,
  type Batch,
  type BatchResult,
  type BatchSolver,
  type FailedPoint,
} from './batchSolver.js';
import { emptyResult } from './hostBatch.js';
import type { HostTask } from './hostWorker.js';
import { hasPotential } from './plan.js';

/** Parts of a batch for each worker: some finish earlier than others. */
const PARTS_PER_WORKER = 4;
/** Points that are worth a message to a worker. */
const SMALLEST_PART = 8;
/** Share of the free memory that the numbers of one batch may take. */
const MEMORY_SHARE = 1 / 8;

/** The points begin … end − 1 of a batch. */
export function partOf(batch: Batch, begin: number, end: number): Batch {
  return {
    ...batch,
    count: end - begin,
    parameters: batch.parameters.slice(
      begin * BATCH_PARAMETERS.length,
      end * BATCH_PARAMETERS.length,
    ),
    lmin: batch.lmin.slice(begin, end),
  };
}

export function hostSolver(workers: number = availableParallelism()): BatchSolver {
  const pool = new Piscina<HostTask, BatchResult>({
    filename: new URL('./hostWorker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  return {
    name: 'cpu',
    adapter: null,
    details: {},
    refusal: (plan) =>
      hasPotential(plan)
        ? 'V = 0: with a potential the whole space is needed, not swept yet'
        : null,
    capacity: (_size, observables) => {
      const bytes = 8 * (BATCH_PARAMETERS.length + observables + 4);
      return Math.max(1, Math.floor((freemem() * MEMORY_SHARE) / bytes));
    },
    solve: async (batch, observables) => {
      const { count } = batch;
      const step = Math.max(SMALLEST_PART, Math.ceil(count / (workers * PARTS_PER_WORKER)));
      const result = emptyResult(count, observables.length);
      const failures = new Map<number, FailedPoint>();
      const parts: Promise<void>[] = [];
      for (let begin = 0; begin < count; begin += step) {
        const part = partOf(batch, begin, Math.min(begin + step, count));
        const solved = pool.run({ batch: part, observables }).then((found) => {
          result.values.set(found.values, begin * observables.length);
          for (const name of ['residual', 'edgeLow', 'edgeHigh'] as const) {
            result[name].set(found[name], begin);
          }
          for (const [p, failure] of found.failures) failures.set(begin + p, failure);
        });
        parts.push(solved);
      }
      await Promise.all(parts);
      return { ...result, failures, path: 'cpu_f64' };
    },
    close: () => pool.destroy(),
  };
}
