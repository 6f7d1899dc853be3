/** A batch in float64 on the host, point by point: the direct solution of the zero-charge sector. */
import { rotorWindow } from '../model/window.js';
import { steadyStateOn } from '../simulate/steady.js';
import { SteadyReading } from '../simulate/steadyReading.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { type Batch, type BatchResult, batchPoint, type FailedPoint } from './batchSolver.js';
import { OBSERVABLES, type ObservableName } from './observables.js';

/** Arrays of a result, without an answer yet. */
export function emptyResult(count: number, observables: number) {
  return {
    values: new Float64Array(count * observables).fill(Number.NaN),
    residual: new Float64Array(count).fill(Number.NaN),
    edgeLow: new Float64Array(count).fill(Number.NaN),
    edgeHigh: new Float64Array(count).fill(Number.NaN),
    failures: new Map<number, FailedPoint>(),
  };
}

/** Only what is asked for is computed. */
export function solveOnHost(batch: Batch, names: readonly ObservableName[]): BatchResult {
  const { count, size, lmin } = batch;
  const result = emptyResult(count, names.length);
  const wanted = names.map((name) => OBSERVABLES[name]);
  for (let p = 0; p < count; p++) {
    try {
      const window = rotorWindow(lmin[p], lmin[p] + size - 1);
      const state = steadyStateOn(batchPoint(batch, p), window);
      const reading = new SteadyReading(state);
      [result.edgeLow[p], result.edgeHigh[p]] = reading.edges;
      result.residual[p] = state.residual;
      for (let c = 0; c < wanted.length; c++) {
        result.values[p * wanted.length + c] = wanted[c].read(reading);
      }
      if (!Number.isFinite(state.residual)) {
        result.failures.set(p, { reason: 'not_finite', message: 'the residual is not finite' });
      }
    } catch (error) {
      result.failures.set(p, failureOf(error));
    }
  }
  return { ...result, path: 'cpu_f64' };
}

/** Any error is a point's own: the rest of the sweep goes on. */
function failureOf(error: unknown): FailedPoint {
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: error instanceof NonUniqueSteadyStateError ? 'not_unique' : 'unexpected',
    message,
  };
}
