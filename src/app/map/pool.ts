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

let jobs = 0;

/** The number under which the workers know what is computed for a request: with its signal they end that. */
export function jobOf(wanted: AbortSignal): number {
  const job = ++jobs;
  const end = () => {
    for (const worker of mapWorkers()) void worker.end(job);
  };
  wanted.addEventListener('abort', end, { once: true });
  return job;
}

/** What computes points: a worker of the CPU, or the one that owns the GPU. */
interface Engine {
  solve(request: MapRequest, places: Uint32Array, job: number): Promise<Float64Array>;
}

/** Points of one of the GPU's tasks. */
const GPU_POINTS = 4096;

/** Has tasks done, each engine taking the next one when it is done with one, until nobody wants them any more. */
export async function shareOut<E, T>(
  engines: readonly E[],
  queue: Iterable<T>,
  work: (engine: E, task: T) => Promise<void>,
  wanted: AbortSignal,
): Promise<void> {
  await Promise.all(
    engines.map(async (engine) => {
      for (const task of queue) {
        await work(engine, task);
        if (wanted.aborted) return;
      }
    }),
  );
}

/**
 * Computes a map.
 * @param wanted aborted from when a newer map is wanted: what is under way then is dropped
 */
export async function computeMap(
  request: MapRequest,
  deliver: (task: Task, values: Float64Array) => void,
  wanted: AbortSignal,
): Promise<void> {
  const job = jobOf(wanted);
  const settled = await mapWorkers()[0].settle(request);
  if (wanted.aborted) return;
  const { isHost } = backends[request.backend];
  const pace = new Pace();
  // A worker that is done with a task has the next one already, whatever the page's thread is at. For the pace both
  // tasks take the time of both, so that together they are no longer than one would be.
  const engines: readonly Engine[] = isHost ? [...mapWorkers(), ...mapWorkers()] : [solver];
  await shareOut(
    engines,
    tasks(request.size, isHost ? () => pace.points : () => GPU_POINTS),
    async (engine, task) => {
      const solve = () => engine.solve(settled, task.places, job);
      const values = await pace.timed(task.places.length, solve);
      if (!wanted.aborted) deliver(task, values);
    },
    wanted,
  );
}
