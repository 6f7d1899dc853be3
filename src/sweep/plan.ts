/** A sweep's plan: which devices, which numbers of them, how exact. Read from YAML, checked as a whole. */

import { z } from 'zod';
import { requireLevels } from '../model/device.js';
import { MODELS, masterEquationOf } from '../model/masterEquations/registry.js';
import {
  CUTOFF_DEFAULT,
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
  deviceSchema,
  nearest,
  ParameterError,
  readFields,
  type Truncation,
  truncation,
  UnknownKeyError,
} from '../model/parameters.js';
import { hasPotential, isPotentialParameter } from '../model/potentialParameters.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import {
  type Axis,
  type AxisRange,
  batchField,
  checkAxes,
  gridFields,
  type NamedAxis,
  notes,
  readAxis,
  within,
} from './axes.js';
import { BATCH_PARAMETERS, type BatchParameter } from './batchParameters.js';
import { placeIn } from './chunks.js';
import { observableNames } from './observables.js';

const PRECISIONS = ['f64', 'f32'] as const;

const planSchema = z.strictObject({
  model: z
    .unknown()
    .optional()
    .meta(notes('master equation', `one of ${MODELS.join(', ')}`)),
  ...gridFields('values', 'parameters, or ratios such as beta2/beta1,', '[[B1, B2]]'),
  observables: z
    .array(z.string())
    .min(1)
    .default(['heat', 'work', 'rotor.Lz', 'operation'])
    .meta(
      notes('what is recorded', 'a list of names, or groups of them, in the JSON of qmill steady'),
    ),
  truncation: z
    .union([z.literal('auto'), z.record(z.string(), z.unknown())])
    .default('auto')
    .meta(notes('rotor windows', 'auto, or a mapping with lmin and lmax')),
  edgeTolerance: z
    .unknown()
    .optional()
    .meta(
      notes(
        'largest population allowed at an edge of a window',
        'a number with 0 < edgeTolerance < 1',
      ),
    ),
  tolerance: z
    .number()
    .positive()
    .optional()
    .meta(
      notes(
        'largest residual ‖𝓛ρ‖ in units of ‖|𝓛||ρ|‖; by default 1e-10, or 1e-3 with f32',
        'a number > 0',
      ),
    ),
  precision: z
    .enum(PRECISIONS)
    .default('f64')
    .meta(
      notes('precision of the answer; the CPU always gives f64', `one of ${PRECISIONS.join(', ')}`),
    ),
  batch: batchField,
});

const dimensionsSchema = z.array(z.array(z.string()).min(1)).min(1);
/** At ten thousand points a second a day and more. */
const MOST_POINTS = 1e9;

/** Axes that advance together; one dimension of the grid of points. */
export type Dimension = DimensionOf<Axis>;

export interface Plan extends Gridded<Axis> {
  /** The parameters; those that an axis sets are at their defaults here. */
  readonly fixed: DeviceParameters;
  readonly observables: readonly ObservableName[];
  readonly truncation: Truncation;
  readonly tolerance: number;
  readonly precision: (typeof PRECISIONS)[number];
  /** Points of a batch, where the plan says. */
  readonly batch: number | null;
}

export interface DimensionOf<A extends NamedAxis> {
  /** That of its first axis. */
  readonly name: string;
  readonly length: number;
  readonly axes: readonly A[];
}

/** What every plan has. */
export interface Gridded<A extends NamedAxis> {
  readonly dimensions: readonly DimensionOf<A>[];
  /** Points of the grid. */
  readonly count: number;
}

/** Refuses a dimension of which two places are the same. */
function checkDistinct(axes: readonly NamedAxis[]): void {
  const known = new Set<string>();
  for (let i = 0; i < axes[0].values.length; i++) {
    const place = axes.map(({ values }) => values[i]).join(', ');
    if (known.has(place)) {
      const names = axes.map(({ name }) => name).join(', ');
      throw new ParameterError(`axes.${names}`, place, 'there once only');
    }
    known.add(place);
  }
}

function dimensionsOf<A extends NamedAxis>(
  axes: readonly A[],
  zip: readonly (readonly string[])[],
): DimensionOf<A>[] {
  const names = axes.map(({ name }) => name);
  const groupOf = new Map<string, readonly string[]>();
  for (const group of zip) {
    for (const name of group) {
      if (!names.includes(name)) throw new UnknownKeyError(name, nearest(name, names));
      if (groupOf.has(name)) throw new ParameterError('zip', name, 'each axis in one group only');
      groupOf.set(name, group);
    }
  }
  const dimensions: DimensionOf<A>[] = [];
  for (const axis of axes) {
    const group = groupOf.get(axis.name) ?? [axis.name];
    const members = axes.filter(({ name }) => group.includes(name));
    if (members[0] !== axis) continue;
    const length = axis.values.length;
    for (const { name, values } of members) {
      if (values.length !== length) {
        throw new ParameterError(
          `axes.${name}`,
          `${values.length} values`,
          `as many as those of ${axis.name}, with which it is zipped: ${length}`,
        );
      }
    }
    checkDistinct(members);
    dimensions.push({ name: axis.name, length, axes: members });
  }
  return dimensions;
}

/** The grid of points of some axes. @throws {ParameterError} where there are none, or more points than `most` */
export function gridOf<A extends NamedAxis>(
  axes: readonly A[],
  zip: readonly (readonly string[])[],
  most: number,
): Gridded<A> {
  if (axes.length === 0) {
    throw new ParameterError('axes', {}, 'a mapping with at least one axis');
  }
  const dimensions = dimensionsOf(axes, zip);
  const count = dimensions.reduce((points, { length }) => points * length, 1);
  if (count > most) {
    throw new ParameterError('axes', `${count} points`, `at most ${most} points in all`);
  }
  return { dimensions, count };
}

/** One parameter is set once, and what a ratio refers to is set by no ratio itself. */
function checkParameters(axes: readonly Axis[], fixed: DeviceInput): void {
  const set = new Map<string, string>(Object.keys(fixed).map((name) => [name, 'parameters']));
  for (const { name, parameter } of axes) {
    const earlier = set.get(parameter);
    if (earlier !== undefined) {
      throw new ParameterError(
        'axes',
        name,
        `of parameters set nowhere else: ${parameter} is set in ${earlier}`,
      );
    }
    set.set(parameter, `axis ${name}`);
  }
  for (const { name, per } of axes) {
    const other = axes.find((axis) => axis.per !== null && axis.parameter === per);
    if (other !== undefined) {
      throw new ParameterError('axes', name, `no ratio to ${per}, which ${other.name} sets itself`);
    }
  }
}

/** The fixed device in each of the potentials that axes set. */
const inPotentials = (fixed: DeviceParameters, axes: readonly Axis[]): DeviceParameters[] =>
  axes
    .filter(({ parameter }) => isPotentialParameter(parameter))
    .flatMap(({ parameter, values }) => [...values].map((V) => ({ ...fixed, [parameter]: V })));

/**
 * A plan from what its YAML says.
 * @throws {ParameterError | UnknownKeyError} naming the field, the value and what is allowed
 */
export function readPlan(content: unknown): Plan {
  const given = readFields(planSchema, content);
  const { model, parameters } = given;
  const unknown = Object.keys(parameters).find((name) => !(name in deviceSchema.shape));
  if (unknown !== undefined) {
    throw new UnknownKeyError(unknown, nearest(unknown, Object.keys(deviceSchema.shape)));
  }
  const fixed = { ...parameters, ...(model === undefined ? {} : { model }) } as DeviceInput;
  const complete = within('parameters', () => deviceParameters(fixed));
  const axes = Object.entries(given.axes).map(([name, range]) => readAxis(name, range));
  checkParameters(axes, fixed);
  checkAxes(axes, fixed);
  const { edgeTolerance } = given;
  return {
    fixed: complete,
    ...gridOf(axes, given.zip, MOST_POINTS),
    observables: observableNames(given.observables),
    truncation: within('truncation', () => {
      const read = truncation({
        ...(given.truncation === 'auto' ? {} : given.truncation),
        ...(edgeTolerance === undefined ? {} : { edgeTolerance: edgeTolerance as number }),
      });
      for (const point of [complete, ...inPotentials(complete, axes)]) requireLevels(point, read);
      return read;
    }),
    tolerance: given.tolerance ?? (given.precision === 'f32' ? 1e-3 : 1e-10),
    precision: given.precision,
    batch: given.batch ?? null,
  };
}

/** The axes of each dimension by name, as a plan's record has them. */
type Arrangement = readonly (readonly string[])[];

/**
 * A plan with its dimensions, and the axes of each, in the order of a record of the same plan. In which order
 * a YAML file names its axes says only how results are laid out, and YAML writers change it.
 */
export function arranged<
  A extends NamedAxis,
  P extends { readonly dimensions: readonly DimensionOf<A>[] },
>(plan: P, order: Arrangement): P {
  const dimensions = order.map((names) => {
    const axes = names.map((name) => {
      const all = plan.dimensions.flatMap((dimension) => dimension.axes);
      return all.find((axis) => axis.name === name) as A;
    });
    return { name: axes[0].name, length: axes[0].values.length, axes };
  });
  return { ...plan, dimensions };
}

/** The dimensions of a plan without their order. */
export const unordered = (order: Arrangement): string[][] =>
  order.map((names) => [...names].sort()).sort((a, b) => (a.join() < b.join() ? -1 : 1));

/** Whether some point has a potential, and with it no zero-charge sector. */
export const planHasPotential = ({ fixed, dimensions }: Plan): boolean =>
  hasPotential(fixed) ||
  dimensions.some(({ axes }) => axes.some(({ parameter }) => isPotentialParameter(parameter)));

/** What the record of any plan says of its grid. */
export const gridRecord = ({ dimensions }: Pick<Gridded<NamedAxis>, 'dimensions'>) => ({
  axes: Object.fromEntries(
    dimensions.flatMap(({ axes }) => axes.map(({ name, range }) => [name, range])),
  ) as Record<string, AxisRange>,
  dimensions: dimensions.map(({ axes }) => axes.map(({ name }) => name)),
});

/** A plan as JSON that says the same in the same words, whatever way it was written: a store's identity. */
export function planRecord(plan: Plan) {
  const { model, ...parameters } = plan.fixed;
  const set = new Set<string>(
    plan.dimensions.flatMap(({ axes }) => axes.map(({ parameter }) => parameter)),
  );
  const kept = Object.entries(parameters).filter(([name]) => !set.has(name));
  const cutoff =
    masterEquationOf(plan.fixed).cutoff !== null && !set.has('cutoff')
      ? (plan.fixed.cutoff ?? CUTOFF_DEFAULT)
      : null;
  return {
    model,
    parameters: { ...Object.fromEntries(kept), ...(cutoff === null ? {} : { cutoff }) },
    ...gridRecord(plan),
    observables: plan.observables,
    truncation:
      plan.truncation.lmin === undefined
        ? 'auto'
        : { lmin: plan.truncation.lmin, lmax: plan.truncation.lmax as number },
    edgeTolerance: plan.truncation.edgeTolerance,
    tolerance: plan.tolerance,
    precision: plan.precision,
  };
}

/**
 * The plan that a record is of.
 * @throws {ParameterError | UnknownKeyError} where it is of none
 */
export function planOfRecord(record: unknown): Plan {
  if (typeof record !== 'object' || record === null) {
    throw new ParameterError('plan', record, 'the record of a plan');
  }
  const { dimensions, ...content } = record as Record<string, unknown>;
  return inOrderOf(dimensions, (zip) => readPlan({ ...content, zip }));
}

/**
 * The plan of a record, in the order of that.
 * @param read reads the rest of it, given which axes advance together
 * @throws {ParameterError} where its dimensions are not those of the axes
 */
export function inOrderOf<P extends Pick<Gridded<NamedAxis>, 'dimensions'>>(
  dimensions: unknown,
  read: (zip: string[][]) => P,
): P {
  const order = dimensionsSchema.safeParse(dimensions);
  if (!order.success) throw new ParameterError('dimensions', dimensions, 'lists of axes');
  const plan = read(order.data.filter(({ length }) => length > 1));
  const there = unordered(gridRecord(plan).dimensions);
  if (JSON.stringify(there) !== JSON.stringify(unordered(order.data))) {
    throw new ParameterError('dimensions', dimensions, 'those of the axes');
  }
  return arranged(plan, order.data);
}

/** The place of a point along each dimension; the last one varies fastest. */
export const placeOf = (
  { dimensions }: { readonly dimensions: readonly { readonly length: number }[] },
  point: number,
): number[] =>
  placeIn(
    dimensions.map(({ length }) => length),
    point,
  );

/** Writes a point's numbers, in the order of BATCH_PARAMETERS, at `offset`. */
export function writePoint(plan: Plan, point: number, out: Float64Array, offset: number): void {
  BATCH_PARAMETERS.forEach((name, k) => {
    const value = plan.fixed[name];
    out[offset + k] = typeof value === 'number' ? value : Number.NaN;
  });
  const at = (name: BatchParameter) => offset + BATCH_PARAMETERS.indexOf(name);
  const place = placeOf(plan, point);
  const set = (ratios: boolean) =>
    plan.dimensions.forEach(({ axes }, d) => {
      for (const { parameter, per, values } of axes) {
        if ((per !== null) !== ratios) continue;
        out[at(parameter)] = values[place[d]] * (per === null ? 1 : out[at(per)]);
      }
    });
  set(false);
  set(true);
}
