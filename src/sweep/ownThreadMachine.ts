/** Points of a sweep of a described machine in the caller's own thread, in a browser too. */
import { ON_HOST } from './batchSolver.js';
import { joined, type MachineSolver } from './machineParts.js';
import { type MachinePlan, machineRecord } from './machinePlan.js';
import solvePart from './machineWorker.js';
import type { SolvedPoints } from './solvePoints.js';

/** @param between called before each point; what it throws ends the points */
export function ownThreadMachine(plan: MachinePlan, between: () => Promise<void>): MachineSolver {
  const record = JSON.stringify(machineRecord(plan));
  return {
    ...ON_HOST,
    solve: async (points) => {
      const parts: SolvedPoints[] = [];
      for (let p = 0; p < points.length; p++) {
        await between();
        parts.push(await solvePart({ record, points: Float64Array.of(points[p]) }));
      }
      return joined(parts);
    },
    close: async () => {},
  };
}
