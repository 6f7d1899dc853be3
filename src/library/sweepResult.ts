/** What a sweep is asked for, and what it gives. */
import type { Model } from '../model/masterEquations/registry.js';
import type { DeviceInput } from '../model/parameters.js';
import { STATUSES } from '../sweep/layout.js';
import type { ComputedBy } from './backends.js';
import type { QuantumMachine } from './machine.js';
import type { Running, TruncationInput } from './running.js';

/** Values of an axis: a list, or equal steps or ratios with both ends. */
export type AxisValues =
  | readonly number[]
  | { readonly linspace: { readonly from: number; readonly to: number; readonly count: number } }
  | { readonly logspace: { readonly from: number; readonly to: number; readonly count: number } };

/** What varies, what stays the same, and what is recorded: a plan of `qmill sweep`. */
export interface SweepPlan {
  readonly model?: Model;
  /** What stays the same; the rest is at its default. */
  readonly parameters?: DeviceInput;
  /** By parameter, or by a ratio such as `beta2/beta1`; crossed with one another. */
  readonly axes: Readonly<Record<string, AxisValues>>;
  /** Axes that advance together. */
  readonly zip?: readonly (readonly string[])[];
  /** Names of `observables`, or groups of them such as `heat`. */
  readonly observables?: readonly string[];
  readonly truncation?: 'auto' | TruncationInput;
  readonly edgeTolerance?: number;
  /** The largest relative residual. */
  readonly tolerance?: number;
  readonly precision?: 'f64' | 'f32';
}

/** The same of a machine, whose parameters vary: a plan of `qmill sweep` with a machine. */
export interface MachineSweepPlan<P extends string = string> {
  readonly machine: QuantumMachine<P>;
  /** What stays the same; the rest is at the machine's defaults. */
  readonly parameters?: Readonly<Partial<Record<P, number>>>;
  /** By parameter; crossed with one another. */
  readonly axes: Readonly<Partial<Record<P, AxisValues>>>;
  /** Axes that advance together. */
  readonly zip?: readonly (readonly P[])[];
  /** Names in the JSON of `qmill steady --machine`, such as `heat.hot`; by default all of them. */
  readonly observables?: readonly string[];
  /** Levels of the ladder; by default the machine's. */
  readonly truncation?: { readonly lmin: number; readonly lmax: number };
  readonly edgeTolerance?: number;
}

export interface SweepProgress {
  /** Points that are done, of how many, and those of them that failed. */
  readonly done: number;
  readonly count: number;
  readonly failed: number;
}

export interface SweepOptions extends ComputedBy, Running<SweepProgress> {
  /**
   * A folder for the results, a Zarr store as `qmill sweep` makes it: what is there already is not computed
   * again. In Node only.
   */
  readonly folder?: string | undefined;
}

/** A number at every point of the grid, or along an axis. */
export interface SweepVariable {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** In C order: the last dimension fastest. NaN, or the fill value of a code, where there is none. */
  readonly values: Float64Array | Int32Array | Int8Array;
  /** What the codes of `values` mean; null where they are numbers. */
  readonly meanings: readonly string[] | null;
}

export interface SweepResult {
  readonly dimensions: readonly { readonly name: string; readonly length: number }[];
  /** What varies. */
  readonly coordinates: Readonly<Record<string, SweepVariable>>;
  /** What was found: `heat.Q1` is `heat_Q1`, as in files; also residual, window and status of each point. */
  readonly variables: Readonly<Record<string, SweepVariable>>;
  readonly count: number;
  /** Whether every point is solved. */
  readonly converged: boolean;
  /** Why points failed. */
  readonly messages: readonly string[];
  readonly version: string;
}

/** What a variable's attributes say, as the CF conventions name it. */
export function described(
  { long_name, units, flag_meanings }: Readonly<Record<string, unknown>>,
  rest: Pick<SweepVariable, 'name' | 'dimensions' | 'shape' | 'values'>,
): SweepVariable {
  const { name, dimensions, shape, values } = rest;
  return {
    name,
    unit: String(units ?? ''),
    description: String(long_name ?? ''),
    dimensions,
    shape,
    values,
    meanings: typeof flag_meanings === 'string' ? flag_meanings.split(' ') : null,
  };
}

export const byName = (variables: readonly SweepVariable[]) =>
  Object.fromEntries(variables.map((variable) => [variable.name, variable]));

/** Whether no point has another status than `solved`. */
export const isAllSolved = (statuses: ArrayLike<number>): boolean =>
  Array.from(statuses).every((code) => STATUSES[code] === 'solved');
