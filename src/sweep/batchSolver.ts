/**
 * What a sweep needs of a machine: many devices' steady states at once, and a few numbers of each.
 *
 * A batch holds points of one model on windows of one size; each point has parameters and a window of its
 * own. Every backend solves a batch in its own way and answers in the same form.
 */
import { type BackendName, HOST } from '../backend/registry.js';
import { type Model, masterEquations } from '../model/masterEquations/registry.js';
import { PARAMETER_NAMES } from '../model/parameterRecords.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { perObject } from '../perObject.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import { BATCH_PARAMETERS, type BatchParameter } from './batchParameters.js';
import type { Plan } from './plan.js';

export interface Batch {
  readonly model: Model;
  /** How Ω is chosen, where the model has it; `given`: by the column of that name, else NaN there. */
  readonly cutoff: 'max-bohr' | 'max-qubit' | 'given';
  /** Number of points. */
  readonly count: number;
  /** Parameter k of point p at p·BATCH_PARAMETERS.length + k. */
  readonly parameters: Float64Array;
  /** Rotor levels N of every point's window, and the lowest level of each. */
  readonly size: number;
  readonly lmin: Int32Array;
  /** How windows are chosen, where they are: then the host leaves out numbers of a state on one that is not kept. */
  readonly truncation?: Truncation;
}

/** How a number came about: on which backend, and in which precision the answer is. */
export const PRECISION_PATHS = ['none', 'cpu_f64', 'webgpu_f32', 'webgpu_df64'] as const;
export type PrecisionPath = (typeof PRECISION_PATHS)[number];

/** Why a point has no answer. */
export const FAILURES = ['not_unique', 'not_finite', 'no_convergence', 'unexpected'] as const;
export type Failure = (typeof FAILURES)[number];

export interface FailedPoint {
  readonly reason: Failure;
  readonly message: string;
}

export interface BatchResult {
  /** Observable c of point p at p·observables.length + c; NaN where it is undefined, or the point failed. */
  readonly values: Float64Array;
  /** ‖𝓛ρ‖ (Frobenius norm) of each point. */
  readonly residual: Float64Array;
  /** The same in units of ‖|𝓛| |ρ|‖, by which it is judged. */
  readonly relativeResidual: Float64Array;
  /** 1 where flows have vanished below the range of the arithmetic. */
  readonly faint: Uint8Array;
  /** Populations of the lowest and the highest rotor level of each point. */
  readonly edgeLow: Float64Array;
  readonly edgeHigh: Float64Array;
  readonly path: PrecisionPath;
  /** 1 where what fluctuates was counted in the same way; everywhere else on the CPU. */
  readonly counted?: Uint8Array;
  /** By place in the batch. */
  readonly failures: ReadonlyMap<number, FailedPoint>;
  /** Why a point that has an answer lacks some of its numbers. */
  readonly notes: ReadonlyMap<number, string>;
}

/** Who computes. */
export interface Computer {
  readonly name: BackendName;
  /** The device that computes, or null for the host itself. */
  readonly adapter: string | null;
  /** What else a result's provenance has to say: a probe's outcome, the number of workers … */
  readonly details: Readonly<Record<string, string | number>>;
}

/** The host itself. */
export const ON_HOST = { name: HOST, adapter: null, details: {} } as const;

export interface BatchSolver extends Computer {
  /** Why it cannot solve a plan's points, in the words of an error message, or null where it can. */
  refusal(plan: Plan): string | null;
  /** The most points on windows of the given size that fit into memory at once. */
  capacity(size: number, observables: number): number;
  /** A point that fails is in `failures`; what concerns the whole batch (a lost device) rejects. */
  solve(batch: Batch, observables: readonly ObservableName[]): Promise<BatchResult>;
  close(): Promise<void>;
}

/** The first point of a batch, and where in a row the parameters are that others have other values of. */
const likeTheFirst = perObject(({ model, cutoff, count, parameters }: Batch) => {
  const hasCutoff = masterEquations[model].cutoff !== null;
  const given = hasCutoff && cutoff === 'given';
  const names: readonly BatchParameter[] = given ? BATCH_PARAMETERS : PARAMETER_NAMES;
  const first: Record<string, number | string> = { model };
  const varied: (readonly [name: BatchParameter, place: number])[] = [];
  names.forEach((name, k) => {
    first[name] = parameters[k];
    for (let p = 1; p < count; p++) {
      if (Object.is(parameters[p * BATCH_PARAMETERS.length + k], parameters[k])) continue;
      varied.push([name, k]);
      break;
    }
  });
  if (hasCutoff && !given) first.cutoff = cutoff;
  return { first, varied };
});

/** The point at a place of a batch, whose numbers stay what they were when the first of its points was read. */
export function batchPoint(batch: Batch, p: number): DeviceParameters {
  const { first, varied } = likeTheFirst(batch);
  const row = p * BATCH_PARAMETERS.length;
  // A copy takes a fifth of the time of an object that is made name by name.
  const point = { ...first };
  for (const [name, k] of varied) point[name] = batch.parameters[row + k];
  return point as DeviceParameters;
}
