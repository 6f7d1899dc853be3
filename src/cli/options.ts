/** The options that name a device and how to solve it: flags, generated from the schemas, over YAML. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type SolverOptions, solverSchema } from '../library/solverOptions.js';
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
import { readYaml } from './yaml.js';

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
