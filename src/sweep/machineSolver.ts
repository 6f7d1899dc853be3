/** Points of a sweep of a described machine on every core: a pool of worker threads. */
import { Piscina } from 'piscina';
import { type BackendName, HOST } from '../backend/registry.js';
import { PRECISION_PATHS } from './batchSolver.js';
import { type MachinePlan, machineRecord, variableOf } from './machinePlan.js';
import type { MachinePart, MachineTask } from './machineWorker.js';
import type { SolvedPoints } from './solvePoints.js';

/** Parts of a batch for each worker: some finish earlier than others. */
const PARTS_PER_WORKER = 4;

export interface MachineSolver {
  readonly name: BackendName;
  readonly adapter: null;
  readonly details: Readonly<Record<string, string | number>>;
  solve(points: ArrayLike<number>): Promise<SolvedPoints>;
  close(): Promise<void>;
}

const filename = new URL('./machineWorker.js', import.meta.url).href;

/** Puts the parts' numbers one after another. */
function joined(
  parts: readonly MachinePart[],
  numbersOf: (part: MachinePart) => Float64Array,
): Float64Array {
  const arrays = parts.map(numbersOf);
  const all = new Float64Array(arrays.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

export function machineSolver(plan: MachinePlan, workers: number): MachineSolver {
  const pool = new Piscina<MachineTask, MachinePart>({ minThreads: workers, maxThreads: workers });
  const record = JSON.stringify(machineRecord(plan));
  const width = plan.columns.length;
  return {
    name: HOST,
    adapter: null,
    details: {},
    solve: async (points) => {
      const all = Float64Array.from(points);
      const step = Math.max(1, Math.ceil(all.length / (workers * PARTS_PER_WORKER)));
      const tasks: Promise<MachinePart>[] = [];
      for (let begin = 0; begin < all.length; begin += step) {
        const part = { record, points: all.slice(begin, begin + step) };
        tasks.push(pool.run(part, { filename }));
      }
      const parts = await Promise.all(tasks);
      const numbers = joined(parts, (part) => part.numbers);
      const columns = plan.columns.map((name, c): [string, Float64Array] => [
        variableOf(name),
        Float64Array.from(all, (_, p) => numbers[p * width + c]),
      ]);
      return {
        values: {
          ...Object.fromEntries(columns),
          relativeResidual: joined(parts, (part) => part.relativeResidual),
          edgeLow: joined(parts, (part) => part.edgeLow),
          edgeHigh: joined(parts, (part) => part.edgeHigh),
          path: new Int8Array(all.length).fill(PRECISION_PATHS.indexOf('cpu_f64')),
          status: Int8Array.from(parts.flatMap(({ status }) => [...status])),
        },
        messages: parts.flatMap(({ messages }) => messages),
      };
    },
    close: () => pool.destroy(),
  };
}
