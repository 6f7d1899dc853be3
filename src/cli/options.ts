/** The options that name a device and how to solve it: flags, generated from the schemas, over YAML. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import {
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
  deviceSchema,
  fieldNotes,
  readFields,
  type Truncation,
  truncation,
  truncationSchema,
} from '../model/parameters.js';
import { METHODS } from '../simulate/methods.js';
import { readYaml } from './yaml.js';

const choice = (description: string, values: readonly string[]) => ({
  description,
  unit: '',
  allowed: `one of ${values.join(', ')}`,
});

const backends = ['auto', 'cpu', 'webgpu', 'gpujs'] as const;

/** Whether the CPU's own float64 is meant. */
export const isHost = (backend: (typeof backends)[number]): boolean =>
  backend === 'auto' || backend === 'cpu';

const spaces = ['auto', 'sector', 'band', 'full'] as const;
const methods = ['auto', ...METHODS] as const;
const precisions = ['f32', 'f64'] as const;

export const solverSchema = z.strictObject({
  backend: z
    .enum(backends)
    .default('auto')
    .meta(choice('what computes; auto is the cpu, in float64', backends)),
  space: z
    .enum(spaces)
    .default('auto')
    .meta(
      choice(
        'part of the density matrix that is kept; auto is the sector where V = 0, else a band',
        spaces,
      ),
    ),
  dmax: z
    .union([z.enum(['auto']), z.int().nonnegative()])
    .default('auto')
    .meta({
      description: 'largest |l_ket − l_bra| of a band; auto widens it until no element changes',
      unit: '',
      allowed: 'auto or an integer ≥ 0',
    }),
  method: z.enum(methods).default('auto').meta(choice('how the steady state is solved', methods)),
  precision: z.enum(precisions).default('f64').meta(choice('precision of the answer', precisions)),
});

export type SolverOptions = z.output<typeof solverSchema>;

const schemas = [deviceSchema, truncationSchema, solverSchema];
const fields = schemas.flatMap((schema) =>
  Object.keys(schema.shape).map((name) => ({ name, schema })),
);
const everything = z.strictObject({
  ...deviceSchema.shape,
  ...truncationSchema.shape,
  ...solverSchema.shape,
});

/** A field that every command reads. */
export type Field = keyof z.output<typeof everything>;

const flagOf = (name: string): string =>
  name.replace(/[A-Z](?=[a-z])/g, (c) => `-${c.toLowerCase()}`);

/** Names and schemas of every field: the common ones, and a command's own. */
const fieldsWith = (own: z.ZodObject) => [
  ...fields,
  ...Object.keys(own.shape).map((name) => ({ name, schema: own })),
];

/**
 * Adds --config and one flag per parameter to a command.
 * @param defaults the command's own, where they differ from the schema's
 * @param own further keys that the command takes
 * @param only fields of which the command takes one value alone: accepted, since a file of parameters may
 * have them, and left out of the help
 */
export function addParameterOptions(
  command: Command,
  defaults: DeviceInput = {},
  own: z.ZodObject = z.strictObject({}),
  only: readonly Field[] = [],
): Command {
  command.option(
    '--config <file>',
    'YAML file with any of the parameters below; flags win over it',
  );
  for (const { name, schema } of fieldsWith(own)) {
    const { description, unit, allowed } = fieldNotes(schema, name);
    const ofSchema = (schema.shape as Record<string, z.ZodType>)[name].safeParse(undefined).data;
    const fallback: unknown = (defaults as Record<string, unknown>)[name] ?? ofSchema;
    const notes = [unit, allowed, fallback === undefined ? '' : `default ${fallback}`];
    const option = new Option(
      `--${flagOf(name)} <value>`,
      `${description} (${notes.filter((note) => note !== '').join('; ')})`,
    );
    command.addOption(option.hideHelp(only.some((field) => field === name)));
  }
  return command;
}

/** A flag's text as a number where it is one; other text is kept, for the schema to judge. */
function flagValue(text: string): unknown {
  if (text.trim() === '') return text;
  const value = Number(text);
  return Number.isNaN(value) && text !== 'NaN' ? text : value;
}

export interface RunOptions {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly solver: SolverOptions;
  /** What was given for the command's own keys, as YAML has it or as the flag's text. */
  readonly own: Readonly<Record<string, unknown>>;
}

/**
 * Parameters from flags over YAML over the command's defaults over the schema's.
 * @param own further keys that the command takes, and checks itself
 * @throws {ParameterError | UnknownKeyError}
 */
export function readOptions(
  flags: Record<string, unknown>,
  defaults: DeviceInput = {},
  own: z.ZodObject = z.strictObject({}),
): RunOptions {
  const { config, ...rest } = flags;
  const given: Record<string, unknown> = {
    ...defaults,
    ...(config === undefined ? {} : readYaml(String(config))),
  };
  for (const { name } of fieldsWith(own)) {
    const text = rest[name];
    if (typeof text === 'string') given[name] = flagValue(text);
  }
  // Unknown keys are looked for among all fields at once.
  const known = Object.keys(own.shape);
  readFields(
    everything.extend(Object.fromEntries(known.map((name) => [name, z.unknown().optional()]))),
    given,
  );
  const pick = (schema: z.ZodObject) =>
    Object.fromEntries(
      Object.keys(schema.shape).flatMap((k) => (k in given ? [[k, given[k]]] : [])),
    );
  return {
    parameters: deviceParameters(pick(deviceSchema)),
    truncation: truncation(pick(truncationSchema)),
    solver: readFields(solverSchema, pick(solverSchema)),
    own: pick(own),
  };
}
