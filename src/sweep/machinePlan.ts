/** A sweep over the parameters of a described machine: what varies, and what is recorded. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { describedMachine } from '../machine/description/described.js';
import type {
  DescribedMachine,
  DescribedParameter,
} from '../machine/description/describedMachine.js';
import { type MachineModel, MODELS } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import {
  EDGE_TOLERANCE,
  meantBy,
  nearest,
  ParameterError,
  readFields,
  truncation,
  UnknownKeyError,
} from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { askedNames } from '../simulate/machineAsked.js';
import { columnNames } from '../simulate/machineColumns.js';
import { checkedValue, defaultValues, machineWindow } from '../simulate/machineInputs.js';
import { batchField, gridFields, type NamedAxis, notes, readRange, within } from './axes.js';
import { type Gridded, gridOf, gridRecord, inOrderOf, placeOf } from './plan.js';

const planSchema = z.strictObject({
  machine: z.string().meta(notes('the machine', 'a file, or a name that qmill machines lists')),
  model: z
    .enum(MODELS)
    .optional()
    .meta(notes('master equation of couplings', `one of ${MODELS.join(', ')}`)),
  ...gridFields('numbers', 'parameters', '[[g, k]]'),
  observables: z
    .array(z.string())
    .min(1)
    .optional()
    .meta(
      notes('what is recorded', 'a list of names in the JSON of qmill steady, such as heat.hot'),
    ),
  truncation: z
    .strictObject({ lmin: z.int(), lmax: z.int() })
    .optional()
    .meta(notes("levels of the ladder; by default the machine's", 'a mapping with lmin and lmax')),
  edgeTolerance: z
    .number()
    .positive()
    .max(1)
    .default(EDGE_TOLERANCE.given)
    .meta(
      notes(
        'largest population allowed at an edge of a window',
        'a number with 0 < edgeTolerance ≤ 1',
      ),
    ),
  batch: batchField,
});

/** A point takes a millisecond and more. */
const MOST_POINTS = 1_000_000;

export interface MachinePlan extends Gridded<NamedAxis> {
  readonly described: DescribedMachine;
  /** The parameters; those that an axis sets are at their defaults here. */
  readonly fixed: Values;
  /** What is recorded, by its names. */
  readonly columns: readonly string[];
  readonly window: Window;
  readonly edgeTolerance: number;
  /** Points of a batch, where the plan says. */
  readonly batch: number | null;
}

/** The name of a column in a store: heat_hot for heat.hot. */
export const variableOf = (column: string): string => column.replaceAll('.', '_');

/** Names that a store has for itself. */
const TAKEN = ['relativeResidual', 'edgeLow', 'edgeHigh', 'path', 'status'];

/** Refuses names of which a store could not tell one from another. */
function checkNames(axes: readonly string[], columns: readonly string[]): void {
  const known = new Set([...TAKEN, ...axes]);
  for (const column of columns) {
    const name = variableOf(column);
    if (known.has(name)) {
      throw new ParameterError(
        'observables',
        column,
        `of a name that is not there twice (${name})`,
      );
    }
    known.add(name);
  }
}

/** A name of its own, or all those of a group: noise is that of every bath. @throws {UnknownKeyError} */
const namedBy = (name: string, known: readonly string[]): readonly string[] =>
  known.includes(name) ? [name] : meantBy(name, known);

/**
 * @param machineOf reads a machine by the name of its file
 * @throws {ParameterError | UnknownKeyError | MachineError}
 */
export function readMachinePlan(
  content: unknown,
  machineOf: (name: string, model?: MachineModel) => DescribedMachine,
): MachinePlan {
  const given = readFields(planSchema, content);
  const described = machineOf(given.machine, given.model);
  const names = described.parameters.map(({ name }) => name);
  const parameterOf = (name: string): DescribedParameter => {
    const found = described.parameters.find((one) => one.name === name);
    if (found !== undefined) return found;
    if (names.length === 0) {
      throw new ParameterError('axes', name, `absent: ${described.name} has no parameters`);
    }
    throw new UnknownKeyError(name, nearest(name, names));
  };
  const fixed = defaultValues(described);
  for (const [name, value] of Object.entries(given.parameters)) {
    fixed[name] = within('parameters', () => checkedValue(parameterOf(name), value));
  }
  const axes = Object.entries(given.axes).map(([name, range]): NamedAxis => {
    const parameter = parameterOf(name);
    if (name in given.parameters) {
      throw new ParameterError('axes', name, 'of parameters that are set nowhere else');
    }
    const read = within(`axes.${name}`, () => readRange(range));
    for (const value of read.values) within('axes', () => checkedValue(parameter, value));
    return { name, ...read };
  });
  const grid = gridOf(axes, given.zip, MOST_POINTS);
  const printed = columnNames(described);
  const known = [...printed, ...askedNames(described)];
  const columns = [
    ...new Set((given.observables ?? printed).flatMap((name) => namedBy(name, known))),
  ];
  checkNames(
    axes.map(({ name }) => name),
    columns,
  );
  return {
    described,
    fixed,
    ...grid,
    columns,
    window: machineWindow(
      described,
      within('truncation', () => truncation(given.truncation ?? {})),
    ),
    edgeTolerance: given.edgeTolerance,
    batch: given.batch ?? null,
  };
}

/** A plan as JSON that says the same in the same words, whatever way it was written: a store's identity. */
export function machineRecord({ described, fixed, dimensions, columns, ...plan }: MachinePlan) {
  const axes = dimensions.flatMap((dimension) => dimension.axes);
  const kept = Object.entries(fixed).filter(([name]) => !axes.some((axis) => axis.name === name));
  return {
    machine: described.name,
    model: described.model,
    description: described.description,
    parameters: Object.fromEntries(kept),
    ...gridRecord({ dimensions }),
    observables: columns,
    truncation: { lmin: plan.window.lmin, lmax: plan.window.lmax },
    edgeTolerance: plan.edgeTolerance,
  };
}

/** The plan that a record is of. @throws {ParameterError | UnknownKeyError | MachineError} where it is of none */
export function machinePlanOfRecord(record: Readonly<Record<string, unknown>>): MachinePlan {
  const { dimensions, description, model: _, truncation: levels, ...content } = record;
  const described = describedMachine(String(record.machine), stringify(description));
  const { lmin, lmax, open } = described.ladder;
  const { lmin: low, lmax: high } = (levels ?? {}) as Partial<Window>;
  // A ladder's own levels are no truncation: they may all be on one side of 0.
  const isOther = open.above && (low !== lmin || high !== lmax);
  const given = { ...content, ...(isOther ? { truncation: levels } : {}) };
  return inOrderOf(dimensions, (zip) => readMachinePlan({ ...given, zip }, () => described));
}

/** The parameters of a point of the grid. */
export function pointValues({ fixed, dimensions }: MachinePlan, point: number): Values {
  const place = placeOf({ dimensions }, point);
  const set = dimensions.flatMap(({ axes }, d) =>
    axes.map(({ name, values }): [string, number] => [name, values[place[d]]]),
  );
  return { ...fixed, ...Object.fromEntries(set) };
}
