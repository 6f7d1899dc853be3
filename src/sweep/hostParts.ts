/** Batches in float64 on the host, cut into parts. */
import { rowsAt } from './batchParameters.js';
import type { Batch, BatchResult, BatchSolver } from './batchSolver.js';
import { emptyResult, takePoint } from './hostBatch.js';
import type { HostTask } from './hostWorker.js';
import { anyPotential } from './potentialPoints.js';

/** Parts of a batch for each worker: some finish earlier than others. */
const PARTS_PER_WORKER = 4;
/** Points that are worth a message to a worker. */
const SMALLEST_PART = 8;

/** The points at some places of a batch. */
function pick(batch: Batch, places: readonly number[]): Batch {
  return {
    ...batch,
    count: places.length,
    parameters: rowsAt(batch.parameters, places),
    lmin: Int32Array.from(places, (p) => batch.lmin[p]),
  };
}

/**
 * A batch by its parts.
 * @param workers how many parts are solved at once
 * @param run solves one
 */
export function inParts(
  workers: number,
  run: (task: HostTask) => Promise<BatchResult>,
): BatchSolver['solve'] {
  return async (batch, observables) => {
    const { count } = batch;
    // Points with a potential take so long that few of them are worth a message.
    const step = anyPotential(batch)
      ? SMALLEST_PART
      : Math.max(SMALLEST_PART, Math.ceil(count / (workers * PARTS_PER_WORKER)));
    const result = emptyResult(count, observables.length);
    const parts: Promise<void>[] = [];
    for (let begin = 0; begin < count; begin += step) {
      const end = Math.min(begin + step, count);
      const places = Array.from({ length: end - begin }, (_, i) => begin + i);
      const solved = run({ batch: pick(batch, places), observables }).then((found) => {
        places.forEach((p, i) => {
          takePoint(result, p, found, i);
        });
      });
      parts.push(solved);
    }
    await Promise.all(parts);
    return { ...result, path: 'cpu_f64' };
  };
}
