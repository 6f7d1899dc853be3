/** Points of a sweep of a described machine on every core: a pool of worker threads. */

import { Piscina } from 'piscina';
import { ON_HOST } from './batchSolver.js';
import { joined, type MachineSolver } from './machineParts.js';
import { type MachinePlan, machineRecord } from './machinePlan.js';
import type { MachineTask } from './machineWorker.js';
import type { SolvedPoints } from './solvePoints.js';

/** Parts of a batch for each worker: some finish earlier than others. */
const PARTS_PER_WORKER = 4;

const filename = new URL('./machineWorker.js', import.meta.url).href;

export function machineSolver(plan: MachinePlan, workers: number): MachineSolver {
  const pool = new Piscina<MachineTask, SolvedPoints>({ minThreads: workers, maxThreads: workers });
  const record = JSON.stringify(machineRecord(plan));
  return {
    ...ON_HOST,
    solve: async (points) => {
      const all = Float64Array.from(points);
      const step = Math.max(1, Math.ceil(all.length / (workers * PARTS_PER_WORKER)));
      const tasks: Promise<SolvedPoints>[] = [];
      for (let begin = 0; begin < all.length; begin += step) {
        const part = { record, points: all.slice(begin, begin + step) };
        tasks.push(pool.run(part, { filename }));
      }
      return joined(await Promise.all(tasks));
    },
    close: () => pool.destroy(),
  };
}
