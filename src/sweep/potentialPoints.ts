/** Points with a potential, one by one. */

import { cpuBackend } from '../backend/cpu/backend.js';
import { ParameterError } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import { solvedApart, withAsked } from '../simulate/loadObservables.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import { UNASKED } from '../simulate/route.js';
import { solveSteadyOn } from '../simulate/solveSteady.js';
import type { SteadyState } from '../simulate/steadyState.js';
import { BATCH_PARAMETERS } from './batchParameters.js';
import { type Batch, type BatchResult, batchPoint } from './batchSolver.js';
import {
  emptyResult,
  failureOf,
  type HostResult,
  isWidened,
  record,
  solvePoint,
  windowOf,
} from './hostBatch.js';

const width = BATCH_PARAMETERS.length;
const V = BATCH_PARAMETERS.indexOf('V');

/** Whether some point has a potential. */
export function anyPotential({ count, parameters }: Batch): boolean {
  for (let p = 0; p < count; p++) if (parameters[p * width + V] !== 0) return true;
  return false;
}

/** Puts down what takes solutions of its own, too; the reasons where these are refused, and the other numbers stay. */
async function askedOf(
  result: HostResult,
  p: number,
  state: SteadyState,
  names: readonly ObservableName[],
): Promise<string | null> {
  let solved = state;
  const refusals: string[] = [];
  const refused = new Set<ObservableName>();
  for (const group of solvedApart(names)) {
    try {
      solved = await withAsked(solved, group);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      refusals.push(error.message);
      for (const name of group) refused.add(name);
    }
  }
  record(result, p, solved, names, (name) => !refused.has(name));
  return refusals.length === 0 ? null : refusals.join('; ');
}

/** On the band or the whole space; those without potential in the zero-charge sector. */
export async function solveWithPotential(
  batch: Batch,
  names: readonly ObservableName[],
): Promise<BatchResult> {
  const result = emptyResult(batch.count, names.length);
  const backend = cpuBackend();
  const apart = new Set(solvedApart(names).flat());
  for (let p = 0; p < batch.count; p++) {
    const parameters = batchPoint(batch, p);
    const window = windowOf(batch, p);
    try {
      if (!hasPotential(parameters)) {
        solvePoint(batch, p, result, names);
        continue;
      }
      const { state, solver } = await solveSteadyOn(parameters, window, UNASKED, backend);
      record(result, p, state, names, (name) => !apart.has(name));
      if (!solver.converged) {
        const message = `‖Lρ‖ = ${state.residual.toExponential(1)} after ${solver.iterations} iterations`;
        result.failures.set(p, { reason: 'no_convergence', message });
        continue;
      }
      const edges = [result.edgeLow[p], result.edgeHigh[p]] as const;
      if (isWidened(batch, window, edges, null)) continue;
      const refusal = await askedOf(result, p, state, names);
      if (refusal !== null) result.notes.set(p, refusal);
    } catch (error) {
      result.failures.set(p, failureOf(error));
    }
  }
  return { ...result, path: 'cpu_f64' };
}
