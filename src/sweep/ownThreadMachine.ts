/** Points of a sweep of a described machine in the caller's own thread, in a browser too. */
import { HOST } from '../backend/registry.js';
import { type MachineSolver, solvedPoints } from './machineParts.js';
import { type MachinePlan, machineRecord } from './machinePlan.js';
import solvePart, { type MachinePart } from './machineWorker.js';

/** @param between called before each point; what it throws ends the points */
export function ownThreadMachine(plan: MachinePlan, between: () => Promise<void>): MachineSolver {
  const record = JSON.stringify(machineRecord(plan));
  return {
    name: HOST,
    adapter: null,
    details: {},
    solve: async (points) => {
      const parts: MachinePart[] = [];
      for (let p = 0; p < points.length; p++) {
        await between();
        parts.push(await solvePart({ record, points: Float64Array.of(points[p]) }));
      }
      return solvedPoints(plan, parts);
    },
    close: async () => {},
  };
}
