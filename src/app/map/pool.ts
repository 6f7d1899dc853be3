/** Who computes the points of maps: a worker for each core of the reader's machine, or the GPU. */
import { type Remote, wrap } from 'comlink';
import { backends } from '../../backend/registry.js';
import { solver } from '../solver/client.js';
import { startWorker } from '../startWorker.js';
import { type MapRequest, type Task, tasks } from './grid.js';
import { Pace } from './pace.js';
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

/** Points of one of the GPU's tasks. */
const GPU_POINTS = 4096;

/** Has tasks done, each engine taking the next one when it is done with one, until nobody wants them any more. */
export async function shareOut<E, T>(
  engines: readonly E[],
  queue: Iterable<T>,
  work: (engine: E, task: T) => Promise<void>,
  isCurrent: () => boolean,
): Promise<void> {
  await Promise.all(
    engines.map(async (engine) => {
      for (const task of queue) {
        await work(engine, task);
        if (!isCurrent()) return;
      }
    }),
  );
}

/**
 * Computes a map.
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
  const pace = new Pace();
  const engines: readonly Engine[] = isHost ? mapWorkers() : [solver];
  await shareOut(
    engines,
    tasks(request.size, isHost ? () => pace.points : () => GPU_POINTS),
    async (engine, task) => {
      const values = await pace.timed(task.places.length, () => engine.solve(settled, task.places));
      if (isCurrent()) deliver(task, values);
    },
    isCurrent,
  );
}
