/** Who computes the points of maps: a worker for each core of the reader's machine, or the GPU. */
import { type Remote, wrap } from 'comlink';
import { backends } from '../../backend/registry.js';
import { solver } from '../solver/client.js';
import { startWorker } from '../startWorker.js';
import { type MapRequest, type Task, tasks } from './grid.js';
import type { PointSolver } from './worker.js';

/** More would only wait for memory. */
const MOST_WORKERS = 16;

let workers: readonly Remote<PointSolver>[] | null = null;

export function mapWorkers(): readonly Remote<PointSolver>[] {
  workers ??= Array.from(
    { length: Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1) },
    () => wrap<PointSolver>(startWorker('points')),
  );
  return workers;
}

/** What computes points: a worker of the CPU, or the one that owns the GPU. */
interface Engine {
  solve(request: MapRequest, places: Uint32Array): Promise<Float64Array>;
}

/** Points of one task: few enough that a newer map need not wait long for it. */
const TASK_POINTS = { host: 128, gpu: 4096 } as const;

/**
 * Computes a map, each engine taking the next task when it is done with one.
 * @param isCurrent false from when a newer map is wanted: what is under way then is dropped
 */
export async function computeMap(
  request: MapRequest,
  deliver: (task: Task, values: Float64Array) => void,
  isCurrent: () => boolean,
): Promise<void> {
  const settled = await mapWorkers()[0].settle(request);
  if (!isCurrent()) return;
  const { isHost } = backends[request.backend];
  const queue = tasks(request.size, isHost ? TASK_POINTS.host : TASK_POINTS.gpu);
  const engines: readonly Engine[] = isHost ? mapWorkers() : [solver];
  const work = async (engine: Engine): Promise<void> => {
    for (const task of queue) {
      const values = await engine.solve(settled, task.places);
      if (!isCurrent()) return;
      deliver(task, values);
    }
  };
  await Promise.all(engines.map(work));
}
