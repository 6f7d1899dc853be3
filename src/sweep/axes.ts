/** The axes of a sweep: lists, equal steps, equal ratios, and ratios of two parameters. */
import { z } from 'zod';
import {
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
  nearest,
  ParameterError,
  readFields,
  UnknownKeyError,
} from '../model/parameters.js';
import { BATCH_PARAMETERS, type BatchParameter } from './batchParameters.js';

export const notes = (description: string, allowed: string) => ({
  description,
  unit: '',
  allowed,
});

/** What a plan says of its grid, in the words of what it is of. */
export const gridFields = (values: string, axes: string, zip: string) => ({
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .meta(notes('parameters that stay the same', `a mapping of parameter names to ${values}`)),
  axes: z
    .record(z.string(), z.unknown())
    .meta(
      notes(
        'parameters that vary, crossed with one another',
        `a mapping of ${axes} to lists, linspace or logspace`,
      ),
    ),
  zip: z
    .array(z.array(z.string()).min(2))
    .default([])
    .meta(notes('axes that advance together', `a list of lists of axis names, such as ${zip}`)),
});

export const batchField = z
  .int()
  .positive()
  .optional()
  .meta(notes('points of a batch; by default about a second of work', 'an integer ≥ 1'));

/** Values of one axis: their places are looked at one by one before anything is solved. */
const MOST_VALUES = 1_000_000;

const stepsSchema = z.strictObject({
  from: z.number().meta(notes('first value', 'a finite number')),
  to: z.number().meta(notes('last value', 'a finite number')),
  count: z
    .int()
    .min(2)
    .max(MOST_VALUES)
    .meta(notes('how many values, both ends included', `an integer from 2 to ${MOST_VALUES}`)),
});
const rangeSchema = z.strictObject({
  list: z
    .array(z.number())
    .min(1)
    .max(MOST_VALUES)
    .optional()
    .meta(
      notes(
        'the values themselves',
        `a list of finite numbers, from one to ${MOST_VALUES} of them`,
      ),
    ),
  linspace: z.unknown().optional().meta(notes('equal steps', 'a mapping with from, to and count')),
  logspace: z.unknown().optional().meta(notes('equal ratios', 'a mapping with from, to and count')),
});

type Steps = z.output<typeof stepsSchema>;
/** An axis's values as the plan names them. */
export type AxisRange =
  | { readonly list: readonly number[] }
  | { readonly linspace: Steps }
  | { readonly logspace: Steps };

/** What every axis has, whatever it sets. */
export interface NamedAxis {
  /** `beta2`, or `beta2/beta1`. */
  readonly name: string;
  readonly range: AxisRange;
  readonly values: Float64Array;
}

/** An axis sets a parameter to each of its values, or to each of them times another parameter. */
export interface Axis extends NamedAxis {
  readonly parameter: BatchParameter;
  readonly per: BatchParameter | null;
}

/** Runs a reader of a nested mapping, whose errors then name the way to the field. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const field = error.field === 'parameters' ? path : `${path}.${error.field}`;
    throw new ParameterError(field, error.value, error.allowed);
  }
}

/** Values with equal steps; the ends are exact. */
function linspace({ from, to, count }: Steps): Float64Array {
  const step = (to - from) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? to : from + step * i));
}

/** Values with equal ratios; the ends are exact. */
function logspace({ from, to, count }: Steps): Float64Array {
  const ratio = Math.log(to / from) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) =>
    i === count - 1 ? to : from * Math.exp(ratio * i),
  );
}

export function readRange(given: unknown): Omit<NamedAxis, 'name'> {
  const spelt = Array.isArray(given) ? { list: given } : given;
  if (typeof spelt !== 'object' || spelt === null) {
    throw new ParameterError('parameters', given, 'a list, or one of list, linspace, logspace');
  }
  const read = readFields(rangeSchema, spelt);
  if (Object.keys(spelt).length !== 1) {
    throw new ParameterError('parameters', given, 'exactly one of list, linspace, logspace');
  }
  if (read.list !== undefined) {
    return { range: { list: read.list }, values: Float64Array.from(read.list) };
  }
  const kind = 'linspace' in spelt ? 'linspace' : 'logspace';
  return within(kind, () => {
    const steps = readFields(stepsSchema, read[kind]);
    if (steps.from === steps.to) {
      throw new ParameterError('to', steps.to, `different from from = ${steps.from}`);
    }
    if (kind === 'linspace') return { range: { linspace: steps }, values: linspace(steps) };
    for (const end of ['from', 'to'] as const) {
      if (!(steps[end] > 0)) throw new ParameterError(end, steps[end], 'a number > 0');
    }
    return { range: { logspace: steps }, values: logspace(steps) };
  });
}

function parameterNamed(name: string): BatchParameter {
  const found = BATCH_PARAMETERS.find((known) => known === name);
  if (found === undefined) throw new UnknownKeyError(name, nearest(name, BATCH_PARAMETERS));
  return found;
}

/**
 * One axis.
 * @param name a parameter, or the ratio of two: `beta2/beta1`
 * @throws {ParameterError | UnknownKeyError}
 */
export function readAxis(name: string, given: unknown): Axis {
  const parts = name.split('/').map((part) => part.trim());
  if (parts.length > 2) {
    throw new ParameterError('axes', name, 'a parameter, or a ratio of two such as beta2/beta1');
  }
  const [parameter, per = null] = parts.map(parameterNamed);
  return within(`axes.${name}`, () => ({ name, parameter, per, ...readRange(given) }));
}

/**
 * Refuses axes of which a value would make a device that does not exist, before anything is computed.
 * Every parameter's allowed values are an interval, so that the ends of an axis speak for all of it.
 */
export function checkAxes(axes: readonly Axis[], fixed: DeviceInput): void {
  const ends = new Map<string, readonly number[]>();
  const check = (axis: Axis, parameter: BatchParameter, value: number) => {
    try {
      deviceParameters({ ...fixed, [parameter]: value });
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      throw new ParameterError(`axes.${axis.name}`, value, error.allowed);
    }
  };
  const spread = (values: Float64Array) => {
    const sorted = values.toSorted();
    return [sorted[0], sorted[sorted.length - 1]];
  };
  for (const axis of axes) {
    if (axis.per !== null) continue;
    ends.set(axis.parameter, spread(axis.values));
    for (const value of ends.get(axis.parameter) ?? []) check(axis, axis.parameter, value);
  }
  for (const axis of axes) {
    if (axis.per === null) continue;
    const base = deviceParameters(fixed)[axis.per as keyof DeviceParameters];
    const denominators = ends.get(axis.per) ?? [Number(base)];
    for (const ratio of spread(axis.values)) {
      for (const denominator of denominators) check(axis, axis.parameter, ratio * denominator);
    }
  }
}
