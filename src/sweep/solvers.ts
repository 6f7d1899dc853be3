/** Which backends a sweep runs on. */
import { BATCH_BACKENDS, recordOf } from '../backend/registry.js';
import { ParameterError } from '../model/parameters.js';
import type { BatchSolver } from './batchSolver.js';
import { hostSolver } from './hostSolver.js';
import type { Plan } from './plan.js';
import type { Solvers } from './solvePoints.js';

export const SWEEP_BACKENDS = ['auto', ...BATCH_BACKENDS] as const;

function checked(solver: BatchSolver, plan: Plan): BatchSolver {
  const why = solver.refusal(plan);
  if (why === null) return solver;
  void solver.close();
  throw new ParameterError('backend', solver.name, why);
}

/**
 * The backend that is named; `auto` is the CPU. What a GPU cannot solve, the CPU does.
 * @throws {ParameterError} where the one named cannot solve the plan's points
 * @throws {NoAdapterError | PrecisionError} where there is no such GPU
 */
export async function openSolvers(backend: string, plan: Plan, workers: number): Promise<Solvers> {
  const choice = SWEEP_BACKENDS.find((name) => name === backend);
  if (choice === undefined) {
    throw new ParameterError('backend', backend, `one of ${SWEEP_BACKENDS.join(', ')}`);
  }
  if (recordOf(choice).isHost) return { first: checked(hostSolver(workers), plan), fallback: null };
  const { deviceSolver } = await import('./deviceSolver.js');
  const first = checked(await deviceSolver(plan.precision, plan.fixed.model), plan);
  return { first, fallback: hostSolver(workers) };
}

export async function closeSolvers({ first, fallback }: Solvers): Promise<void> {
  await first.close();
  await fallback?.close();
}
