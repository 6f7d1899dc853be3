/** The workers that compute maps on the CPU: one for each core of the reader's machine. */
import { type Remote, wrap } from 'comlink';
import { type MapRequest, type Task, tasks } from './grid.js';
import type { PointSolver } from './worker.js';

/** More would only wait for memory. */
const MOST_WORKERS = 16;

let workers: readonly Remote<PointSolver>[] | null = null;

export function mapWorkers(): readonly Remote<PointSolver>[] {
  workers ??= Array.from(
    { length: Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1) },
    (_, i) =>
      wrap<PointSolver>(
        new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: `map ${i}` }),
      ),
  );
  return workers;
}

/**
 * Computes a map, each worker taking the next task when it is done with one.
 * @param isCurrent false from when a newer map is wanted: what is under way then is dropped
 */
export async function computeMap(
  request: MapRequest,
  deliver: (task: Task, values: Float64Array) => void,
  isCurrent: () => boolean,
): Promise<void> {
  const queue = tasks(request.size);
  const work = async (worker: Remote<PointSolver>): Promise<void> => {
    for (const task of queue) {
      const values = await worker.solve(request, task.places);
      if (!isCurrent()) return;
      deliver(task, values);
    }
  };
  await Promise.all(mapWorkers().map(work));
}
