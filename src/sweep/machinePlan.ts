/** A sweep over the parameters of a described machine: what varies, what is recorded, and each point's numbers. */
import { z } from 'zod';
import type { Backend } from '../backend/backend.js';
import type { DescribedMachine, DescribedParameter } from '../machine/description/described.js';
import type { Values } from '../machine/tape.js';
import {
  EDGE_TOLERANCE,
  nearest,
  ParameterError,
  readFields,
  UnknownKeyError,
} from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { type MachineReading, machineSteady } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { readRange, within } from './axes.js';

const notes = (description: string, allowed: string) => ({ description, unit: '', allowed });

const planSchema = z.strictObject({
  machine: z.string().meta(notes('the machine', 'a file, or a name that qmill machines lists')),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .meta(notes('parameters that stay the same', 'a mapping of parameter names to numbers')),
  axes: z
    .record(z.string(), z.unknown())
    .meta(
      notes(
        'parameters that vary, crossed with one another',
        'a mapping of parameters to lists, linspace or logspace',
      ),
    ),
  observables: z
    .array(z.string())
    .min(1)
    .optional()
    .meta(
      notes('what is recorded', 'a list of names in the JSON of qmill steady, such as heat.hot'),
    ),
});

/** A point takes a millisecond and more. */
const MOST_POINTS = 1_000_000;

export interface MachineAxis {
  readonly name: string;
  readonly values: Float64Array;
}

export interface MachinePlan {
  readonly described: DescribedMachine;
  readonly fixed: Values;
  readonly axes: readonly MachineAxis[];
  readonly count: number;
  /** Names of columns that are recorded; null for all. */
  readonly observables: readonly string[] | null;
}

/**
 * @param machineOf reads a machine by the name of its file
 * @param checked a parameter's value, checked
 * @throws {ParameterError | UnknownKeyError | MachineError}
 */
export function readMachinePlan(
  content: unknown,
  machineOf: (name: string) => DescribedMachine,
  checked: (parameter: DescribedParameter, value: unknown) => number,
): MachinePlan {
  const given = readFields(planSchema, content);
  const described = machineOf(given.machine);
  const names = described.parameters.map(({ name }) => name);
  const parameterOf = (name: string): DescribedParameter => {
    const found = described.parameters.find((one) => one.name === name);
    if (found !== undefined) return found;
    if (names.length === 0) {
      throw new ParameterError('axes', name, `absent: ${described.name} has no parameters`);
    }
    throw new UnknownKeyError(name, nearest(name, names));
  };
  const fixed: Record<string, number> = {};
  for (const parameter of described.parameters) fixed[parameter.name] = parameter.default;
  for (const [name, value] of Object.entries(given.parameters)) {
    fixed[name] = within('parameters', () => checked(parameterOf(name), value));
  }
  const axes = Object.entries(given.axes).map(([name, range]): MachineAxis => {
    const parameter = parameterOf(name);
    if (name in given.parameters) {
      throw new ParameterError('axes', name, 'of parameters that are set nowhere else');
    }
    const { values } = within(`axes.${name}`, () => readRange(range));
    for (const value of values) within('axes', () => checked(parameter, value));
    return { name, values };
  });
  if (axes.length === 0) {
    throw new ParameterError('axes', given.axes, 'a mapping with at least one axis');
  }
  const count = axes.reduce((points, { values }) => points * values.length, 1);
  if (count > MOST_POINTS) {
    throw new ParameterError('axes', `${count} points`, `at most ${MOST_POINTS} points in all`);
  }
  const columns = columnNames(described);
  for (const name of given.observables ?? []) {
    if (!columns.includes(name)) throw new UnknownKeyError(name, nearest(name, columns));
  }
  return { described, fixed, axes, count, observables: given.observables ?? null };
}

/** What may be recorded, in its order. */
export function columnNames({
  subsystems,
  ladder,
  energies,
  baths,
  observables,
}: DescribedMachine): string[] {
  return [
    ...subsystems.all.flatMap(({ name, levels }) =>
      levels.map((level) => `populations.${name}.${level}`),
    ),
    ...(ladder.symbol === null ? [] : ['mean', 'meanSquare', 'variance'].map((m) => `ladder.${m}`)),
    ...energies.map(({ name }) => `energies.${name}`),
    ...baths.flatMap(({ name }) => [`heat.${name}`, `work.${name}`]),
    'entropyProduction',
    ...observables.flatMap(({ name }) => [`observables.${name}`, `observables.${name}.im`]),
    'residual',
  ];
}

/** The numbers of a reading by the names of columns. */
function columnsOf({
  numbers,
  populations,
  ladder,
  energies,
  flows,
  observables,
  solution,
}: MachineReading): Record<string, number | null> {
  const columns: Record<string, number | null> = {};
  for (const { name, levels } of numbers.described.subsystems.all) {
    levels.forEach((level, k) => {
      columns[`populations.${name}.${level}`] = populations[name][k];
    });
  }
  if (ladder !== null) {
    for (const m of ['mean', 'meanSquare', 'variance'] as const) columns[`ladder.${m}`] = ladder[m];
  }
  for (const [name, value] of Object.entries(energies)) columns[`energies.${name}`] = value;
  for (const kind of ['heat', 'work'] as const) {
    for (const [bath, value] of Object.entries(flows[kind])) columns[`${kind}.${bath}`] = value;
  }
  columns.entropyProduction = flows.entropyProduction;
  for (const [name, mean] of Object.entries(observables)) {
    columns[`observables.${name}`] = typeof mean === 'number' ? mean : mean.re;
    columns[`observables.${name}.im`] = typeof mean === 'number' ? 0 : mean.im;
  }
  columns.residual = solution.residual;
  return columns;
}

export type PointStatus = 'solved' | 'not converged' | 'not unique';

export interface MachinePoint {
  /** Of each axis. */
  readonly place: readonly number[];
  readonly status: PointStatus;
  /** By name; null where there is no number. */
  readonly columns: Readonly<Record<string, number | null>>;
}

/** The values of the axes at a point; the last axis moves fastest. */
function placeOf(axes: readonly MachineAxis[], point: number): number[] {
  let rest = point;
  return axes
    .toReversed()
    .map(({ values }) => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return value;
    })
    .reverse();
}

/** Solves the points one after another. */
export async function* machinePoints<V>(
  { described, fixed, axes, count }: MachinePlan,
  window: Window,
  backend: Backend<V>,
): AsyncGenerator<MachinePoint> {
  const system = new MachineSystem(described);
  const choice = { space: 'auto', method: 'auto' } as const;
  for (let point = 0; point < count; point++) {
    const place = placeOf(axes, point);
    const values = { ...fixed, ...Object.fromEntries(axes.map(({ name }, k) => [name, place[k]])) };
    try {
      const reading = await machineSteady(
        system,
        values,
        window,
        choice,
        EDGE_TOLERANCE.given,
        backend,
      );
      const status = reading.problems.length === 0 ? 'solved' : 'not converged';
      yield { place, status, columns: columnsOf(reading) };
    } catch (error) {
      if (!(error instanceof NonUniqueSteadyStateError)) throw error;
      yield { place, status: 'not unique', columns: {} };
    }
  }
}
