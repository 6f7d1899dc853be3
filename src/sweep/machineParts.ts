/** Points of a sweep of a described machine, solved in parts. */
import type { Computer } from './batchSolver.js';
import type { SolvedPoints } from './solvePoints.js';

export interface MachineSolver extends Computer {
  solve(points: ArrayLike<number>): Promise<SolvedPoints>;
  close(): Promise<void>;
}

/** What parts have found, one after another. */
export function joined(parts: readonly SolvedPoints[]): SolvedPoints {
  const values = Object.entries(parts[0].values).map(([name, first]) => {
    const arrays = parts.map((part) => part.values[name]);
    const length = arrays.reduce((total, array) => total + array.length, 0);
    const all = first instanceof Int8Array ? new Int8Array(length) : new Float64Array(length);
    let at = 0;
    for (const array of arrays) {
      all.set(array, at);
      at += array.length;
    }
    return [name, all] as const;
  });
  return {
    values: Object.fromEntries(values),
    messages: parts.flatMap(({ messages }) => messages),
  };
}
