/** Points of a sweep of a described machine, solved in parts. */
import type { BackendName } from '../backend/registry.js';
import { PRECISION_PATHS } from './batchSolver.js';
import { type MachinePlan, variableOf } from './machinePlan.js';
import type { MachinePart } from './machineWorker.js';
import type { SolvedPoints } from './solvePoints.js';

export interface MachineSolver {
  readonly name: BackendName;
  readonly adapter: null;
  readonly details: Readonly<Record<string, string | number>>;
  solve(points: ArrayLike<number>): Promise<SolvedPoints>;
  close(): Promise<void>;
}

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

/** What parts have found, by the names that a store has. */
export function solvedPoints(plan: MachinePlan, parts: readonly MachinePart[]): SolvedPoints {
  const width = plan.columns.length;
  const numbers = joined(parts, (part) => part.numbers);
  const status = Int8Array.from(parts.flatMap((part) => [...part.status]));
  const columns = plan.columns.map((name, c): [string, Float64Array] => [
    variableOf(name),
    Float64Array.from(status, (_, p) => numbers[p * width + c]),
  ]);
  return {
    values: {
      ...Object.fromEntries(columns),
      relativeResidual: joined(parts, (part) => part.relativeResidual),
      edgeLow: joined(parts, (part) => part.edgeLow),
      edgeHigh: joined(parts, (part) => part.edgeHigh),
      path: new Int8Array(status.length).fill(PRECISION_PATHS.indexOf('cpu_f64')),
      status,
    },
    messages: parts.flatMap(({ messages }) => messages),
  };
}
