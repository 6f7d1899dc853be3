/** How a sweep is laid out as a data set: dimensions, coordinates, variables, and their units. */
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { deviceSchema, fieldNotes } from '../model/parameters.js';
import {
  describedObservable,
  type ObservableName,
  observableRecord,
  variableName,
} from '../simulate/observableRecords.js';
import { CONDITIONS, type Condition, conditionsOf, VALIDITY_VERDICTS } from '../thermo/validity.js';

import type { Axis } from './axes.js';
import { BATCH_PARAMETERS, type BatchParameter } from './batchParameters.js';
import { FAILURES, PRECISION_PATHS } from './batchSolver.js';
import { type Plan, placeOf, writePoint } from './plan.js';

/** What became of a point; what begins with `failed` has no numbers. */
export const STATUSES = [
  'pending',
  'solved',
  'window_not_converged',
  'residual_above_tolerance',
  ...FAILURES.map((reason) => `failed_${reason}` as const),
  // Their numbers are kept: populations are right.
  'flows_underflow',
] as const;
export type Status = (typeof STATUSES)[number];

/** How many of some points, by the codes of their statuses, have no numbers. */
export function failedAmong(codes: Iterable<number>): number {
  let failed = 0;
  for (const code of codes) if (STATUSES[code].startsWith('failed')) failed++;
  return failed;
}

export type NumberType = 'float64' | 'int32' | 'int8';

/** What stands where a point has no number: it is pending, or failed, or the number is undefined for it. */
export const NO_VALUE = { float64: Number.NaN, int32: -(2 ** 31), int8: -1 } as const;

export interface Variable {
  readonly name: string;
  readonly type: NumberType;
  readonly dimensions: readonly string[];
  /** Of points that are not there; named in `_FillValue` where it stands for no value. */
  readonly fill: number;
  readonly attributes: Readonly<Record<string, string | number | readonly number[]>>;
}

export interface Coordinate extends Variable {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** A name that every data format takes: `beta2/beta1` is `beta2_over_beta1`. */
export const plainName = (name: string): string => name.replace('/', '_over_');

export const dimensionNames = ({ dimensions }: Plan): string[] =>
  dimensions.map(({ name }) => plainName(name));

/** Attributes by which the CF conventions name the codes of a variable. */
const flags = (meanings: readonly string[]) => ({
  flag_values: meanings.map((_, code) => code),
  flag_meanings: meanings.join(' '),
});

/** A coordinate of numbers. */
export const coordinate = (
  name: string,
  dimensions: readonly string[],
  attributes: Variable['attributes'],
  values: Float64Array,
  shape: readonly number[] = [values.length],
): Coordinate => ({
  ...{ name, type: 'float64', fill: NO_VALUE.float64 },
  ...{ dimensions, attributes, shape, values },
});

const parameterAttributes = (parameter: BatchParameter) => {
  const { description, unit } = fieldNotes(deviceSchema, parameter);
  return { long_name: description, units: unit || '1' };
};

/** The values of a parameter that a ratio sets, over the dimensions on which it depends. */
function ratioCoordinate(plan: Plan, axis: Axis): Coordinate {
  const { parameter, per } = axis;
  const involved = plan.dimensions.filter(({ axes }) =>
    axes.some((other) => other === axis || other.parameter === per),
  );
  const shape = involved.map(({ length }) => length);
  const values = new Float64Array(shape.reduce((count, n) => count * n, 1));
  const numbers = new Float64Array(BATCH_PARAMETERS.length);
  const strides = plan.dimensions.map((_, d) =>
    plan.dimensions.slice(d + 1).reduce((count, { length }) => count * length, 1),
  );
  for (let i = 0; i < values.length; i++) {
    const place = placeOf({ dimensions: involved }, i);
    const point = involved.reduce(
      (sum, dimension, k) => sum + place[k] * strides[plan.dimensions.indexOf(dimension)],
      0,
    );
    writePoint(plan, point, numbers, 0);
    values[i] = numbers[BATCH_PARAMETERS.indexOf(parameter)];
  }
  const along = involved.map(({ name }) => plainName(name));
  return coordinate(parameter, along, parameterAttributes(parameter), values, shape);
}

/** What varies: each axis along its dimension, and the parameters that ratios set. */
export function coordinatesOf(plan: Plan): Coordinate[] {
  return plan.dimensions.flatMap(({ name: dimension, axes }) =>
    axes.flatMap((axis): Coordinate[] => {
      const { name, parameter, per, values } = axis;
      const attributes =
        per === null ? parameterAttributes(parameter) : { long_name: name, units: '1' };
      return [
        coordinate(plainName(name), [plainName(dimension)], attributes, values),
        ...(per === null ? [] : [ratioCoordinate(plan, axis)]),
      ];
    }),
  );
}

/** The variable that says of each point what became of it; `pending` stands for itself, and is its fill value. */
export const STATUS = 'status';

/** Whether Ω is to be recorded at every point: if the master equation has it, unless it is an axis itself. */
export const hasOwnCutoff = ({ fixed, dimensions }: Plan): boolean =>
  masterEquationOf(fixed).cutoff !== null &&
  !dimensions.some(({ axes }) => axes.some(({ parameter }) => parameter === 'cutoff'));

/** Whether something is recorded that fluctuates: that may be counted elsewhere than the state is solved for. */
export const hasFluctuations = ({ observables }: Plan): boolean =>
  observables.some((name) => observableRecord(name).is.kind === 'fluctuation');

const CUTOFF_ATTRIBUTES = { long_name: 'cutoff of the spectral densities', units: 'energy' };

/** What a model has to meet, at every point of a sweep of it. */
export const planConditions = ({ fixed }: Plan): readonly Condition[] => conditionsOf(fixed);

/** The name of the variable that holds one of them. */
export const conditionVariable = (name: Condition): string => `validity_${name}`;

/** A variable of codes of which the first, 0, stands for what is not there. */
export const codedVariable = (
  name: string,
  dimensions: readonly string[],
  long_name: string,
  words: readonly string[],
  shared: Variable['attributes'],
): Variable => ({
  name,
  type: 'int8',
  dimensions,
  fill: 0,
  attributes: { long_name, ...flags(words), ...shared },
});

/** What is recorded at every point of the grid. */
export function variablesOf(plan: Plan): Variable[] {
  const dimensions = dimensionNames(plan);
  const other = coordinatesOf(plan)
    .map(({ name }) => name)
    .filter((name) => !dimensions.includes(name));
  const shared = other.length === 0 ? {} : { coordinates: other.join(' ') };
  const variable = (
    name: string,
    type: NumberType,
    attributes: Variable['attributes'],
  ): Variable => {
    const fill = NO_VALUE[type];
    // NaN says by itself that it is none.
    const named = type === 'float64' ? {} : { _FillValue: fill };
    return { name, type, dimensions, fill, attributes: { ...attributes, ...named, ...shared } };
  };
  const coded = (name: string, long_name: string, words: readonly string[]): Variable =>
    codedVariable(name, dimensions, long_name, words, shared);
  const observed = (name: ObservableName): Variable => {
    const { unit, words } = observableRecord(name);
    const long_name = describedObservable(name);
    return words === undefined
      ? variable(variableName(name), 'float64', { long_name, units: unit })
      : variable(variableName(name), 'int8', { long_name, ...flags(words) });
  };
  return [
    ...plan.observables.map(observed),
    ...(hasOwnCutoff(plan) ? [variable('cutoff', 'float64', CUTOFF_ATTRIBUTES)] : []),
    ...planConditions(plan).map((name) =>
      variable(conditionVariable(name), 'float64', {
        long_name: `${CONDITIONS[name].symbol}, to be small: ${CONDITIONS[name].description}`,
        units: '1',
      }),
    ),
    variable('validity', 'int8', {
      long_name: 'whether the model holds',
      ...flags(VALIDITY_VERDICTS),
    }),
    variable('residual', 'float64', { long_name: 'norm of the derivative', units: 'energy' }),
    variable('relativeResidual', 'float64', {
      long_name: 'the same in units of the sum of what it is a difference of',
      units: '1',
    }),
    variable('edgeLow', 'float64', { long_name: 'population at the lowest level', units: '1' }),
    variable('edgeHigh', 'float64', { long_name: 'population at the highest level', units: '1' }),
    variable('lmin', 'int32', { long_name: 'lowest rotor level', units: 'hbar' }),
    variable('lmax', 'int32', { long_name: 'highest rotor level', units: 'hbar' }),
    coded('path', 'backend and precision', PRECISION_PATHS),
    ...(hasFluctuations(plan)
      ? [coded('fluctuationsPath', 'the same of what fluctuates', PRECISION_PATHS)]
      : []),
    coded(STATUS, 'what became of the point', STATUSES),
  ];
}
