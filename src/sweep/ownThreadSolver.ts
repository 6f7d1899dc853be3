/** Batches in float64 in the caller's own thread, in a browser too. */
import { type BatchResult, type BatchSolver, ON_HOST } from './batchSolver.js';
import { inParts } from './hostParts.js';
import solvePart from './hostWorker.js';

/** Points that are solved at a stretch. */
const POINTS = 64;

/** @param between called before each part; what it throws ends the batch */
export function ownThreadSolver(between: () => Promise<void>): BatchSolver {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...ON_HOST,
    refusal: () => null,
    capacity: () => POINTS,
    // One part after the other, so that there is something between them.
    solve: inParts(1, (task) => {
      const part = last.then(async (): Promise<BatchResult> => {
        await between();
        return solvePart(task);
      });
      last = part;
      return part;
    }),
    close: async () => {},
  };
}
