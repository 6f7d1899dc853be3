/** Points with a potential, of which each starts from the solution of the one before. */

import { cpuBackend } from '../backend/cpu/backend.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import { type Solution, solveSteadyOn } from '../simulate/solveSteady.js';
import { steadyStateOn } from '../simulate/steady.js';
import { KeptFactors } from '../solve/keptFactors.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { BATCH_PARAMETERS } from './batchParameters.js';
import { type Batch, type BatchResult, batchPoint } from './batchSolver.js';
import { emptyResult, failureOf, record, windowOf } from './hostBatch.js';

const width = BATCH_PARAMETERS.length;
const V = BATCH_PARAMETERS.indexOf('V');

/** Whether some point has a potential. */
export function anyPotential({ count, parameters }: Batch): boolean {
  for (let p = 0; p < count; p++) if (parameters[p * width + V] !== 0) return true;
  return false;
}

/** The mean step of a parameter between its values in a batch, relative to the largest. */
function stepOf({ count, parameters }: Batch, k: number): number {
  const values = new Set<number>();
  for (let p = 0; p < count; p++) values.add(parameters[p * width + k]);
  const sorted = [...values].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const largest = Math.max(Math.abs(first), Math.abs(last));
  return sorted.length === 1 ? 0 : (last - first) / (sorted.length - 1) / largest;
}

/** The places of a batch's points, such that from one to the next it is what changes least that changes. */
export function chainOrder(batch: Batch): number[] {
  const { count, parameters } = batch;
  const columns = BATCH_PARAMETERS.map((_, k) => ({ k, step: stepOf(batch, k) }))
    .filter(({ step }) => step > 0)
    .sort((a, b) => b.step - a.step);
  return Array.from({ length: count }, (_, p) => p).sort((p, q) => {
    for (const { k } of columns) {
      const difference = parameters[p * width + k] - parameters[q * width + k];
      if (difference !== 0) return difference;
    }
    return p - q;
  });
}

/** Points one by one, on the band or the whole space; those without potential in the zero-charge sector. */
export async function solveChain(
  batch: Batch,
  names: readonly ObservableName[],
): Promise<BatchResult> {
  const result = emptyResult(batch.count, names.length);
  const backend = cpuBackend();
  const kept = new KeptFactors<Float64Array>();
  let start: DensityMatrix | null = null;
  for (let p = 0; p < batch.count; p++) {
    const parameters = batchPoint(batch, p);
    const window = windowOf(batch, p);
    try {
      if (!hasPotential(parameters)) {
        record(result, p, steadyStateOn(parameters, window), names);
        continue;
      }
      // A state on another window is none to start from.
      const isNear: boolean = start !== null && start.space.window.lmin === window.lmin;
      const { state, solver }: Solution = await solveSteadyOn(
        parameters,
        window,
        { space: 'auto', method: 'auto' },
        backend,
        isNear && start !== null ? { start, kept } : { kept },
      );
      record(result, p, state, names);
      start = state.rho;
      if (!solver.converged) {
        start = null;
        const message = `‖Lρ‖ = ${state.residual.toExponential(1)} after ${solver.iterations} iterations`;
        result.failures.set(p, { reason: 'no_convergence', message });
      }
    } catch (error) {
      result.failures.set(p, failureOf(error));
    }
  }
  kept.release();
  return { ...result, path: 'cpu_f64' };
}
