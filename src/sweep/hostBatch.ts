/** A batch in float64 on the host, point by point: the direct solution of the zero-charge sector. */
import type { Precision } from '../backend/backend.js';
import type { DeviceParameters } from '../model/parameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import { numberOf, putNumbers } from '../simulate/observe.js';
import { steadyStateOn } from '../simulate/steady.js';
import { SteadyReading } from '../simulate/steadyReading.js';
import type { SteadyState } from '../simulate/steadyState.js';
import { standingOf, verdictOf } from '../simulate/verdict.js';
import { widerWindow } from '../simulate/windowSearch.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { OutOfRangeError } from '../solve/verdict.js';
import { recycling } from '../zeros.js';
import { type Batch, type BatchResult, batchPoint, type FailedPoint } from './batchSolver.js';

/** Arrays of a result, without an answer yet. */
export function emptyResult(count: number, observables: number) {
  return {
    values: new Float64Array(count * observables).fill(Number.NaN),
    residual: new Float64Array(count).fill(Number.NaN),
    relativeResidual: new Float64Array(count).fill(Number.NaN),
    faint: new Uint8Array(count),
    edgeLow: new Float64Array(count).fill(Number.NaN),
    edgeHigh: new Float64Array(count).fill(Number.NaN),
    failures: new Map<number, FailedPoint>(),
    notes: new Map<number, string>(),
  };
}

export type HostResult = ReturnType<typeof emptyResult>;

/** What a result says of each point, beside its observables. */
const PER_POINT = ['residual', 'relativeResidual', 'edgeLow', 'edgeHigh', 'faint'] as const;

/** Takes over what another result says of its point `p`. */
export function takePoint(into: HostResult, at: number, from: BatchResult, p: number): void {
  const columns = into.values.length / into.faint.length;
  into.values.set(from.values.subarray(p * columns, (p + 1) * columns), at * columns);
  for (const name of PER_POINT) into[name][at] = from[name][p];
  replace(into.failures, at, from.failures.get(p));
  replace(into.notes, at, from.notes.get(p));
}

function replace<T>(all: Map<number, T>, at: number, one: T | undefined): void {
  if (one === undefined) all.delete(at);
  else all.set(at, one);
}

/** The window of a batch's point. */
export const windowOf = ({ lmin, size }: Batch, p: number) =>
  rotorWindow(lmin[p], lmin[p] + size - 1);

/** Whether a point's window is chosen, and this one is not wide enough. @param load as `widerWindow` has it */
export const isWidened = (
  { truncation }: Batch,
  window: Window,
  edges: readonly [number, number],
  load: DeviceParameters | null,
): boolean => truncation !== undefined && widerWindow(truncation, window, edges, load) !== null;

/**
 * Puts down what is asked for of a point's state; nothing else is computed.
 * @param isKnown of which names there is a number
 */
export function record(
  result: HostResult,
  p: number,
  state: SteadyState,
  names: readonly ObservableName[],
  isKnown?: (name: ObservableName) => boolean,
): void {
  recordReading(result, p, new SteadyReading(state), names, isKnown);
}

export function putEdges(result: HostResult, p: number, edges: readonly [number, number]): void {
  result.edgeLow[p] = edges[0];
  result.edgeHigh[p] = edges[1];
}

export function recordReading(
  result: HostResult,
  p: number,
  reading: SteadyReading,
  names: readonly ObservableName[],
  isKnown?: (name: ObservableName) => boolean,
  precision: Precision = 'f64',
): void {
  putEdges(result, p, reading.edges);
  const standing = standingOf(reading);
  result.residual[p] = reading.state.residual;
  result.relativeResidual[p] = standing.relativeResidual;
  result.faint[p] = Number(standing.isFaint);
  const at = p * names.length;
  if (isKnown === undefined) putNumbers(reading, names, result.values, at);
  else {
    names.forEach((name, c) => {
      if (isKnown(name)) result.values[at + c] = numberOf(name, reading);
    });
  }
  if (!standing.isFinite) {
    const { problems } = verdictOf(reading, precision);
    result.failures.set(p, { reason: 'not_finite', message: problems.join('; ') });
  }
}

/** Solves a point without a potential; on a window that is not kept the populations at its edges are all that counts. */
export function solvePoint(
  batch: Batch,
  p: number,
  result: HostResult,
  names: readonly ObservableName[],
): void {
  const parameters = batchPoint(batch, p);
  const window = windowOf(batch, p);
  const reading = new SteadyReading(steadyStateOn(parameters, window));
  const { edges } = reading;
  if (isWidened(batch, window, edges, parameters)) {
    putEdges(result, p, edges);
  } else recordReading(result, p, reading, names);
}

/** Any error is a point's own: the rest of the sweep goes on. */
export function failureOf(error: unknown): FailedPoint {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OutOfRangeError) return { reason: 'not_finite', message };
  return {
    reason: error instanceof NonUniqueSteadyStateError ? 'not_unique' : 'unexpected',
    message,
  };
}

export function solveOnHost(batch: Batch, names: readonly ObservableName[]): BatchResult {
  const result = emptyResult(batch.count, names.length);
  for (let p = 0; p < batch.count; p++) {
    try {
      recycling(() => solvePoint(batch, p, result, names));
    } catch (error) {
      result.failures.set(p, failureOf(error));
    }
  }
  return { ...result, path: 'cpu_f64' };
}
