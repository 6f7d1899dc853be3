/** The parameters of a device: names, units, ranges, defaults; and how a wrong one is refused. */

import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { MOST_LEVELS } from '../operators/window.js';
import { cutoffSchema, type FieldNotes, notes, numberSchemas } from './deviceNumbers.js';
import { MODELS, masterEquationOf, masterEquations } from './masterEquations/registry.js';

export { CUTOFF_DEFAULT, type Cutoff } from './deviceNumbers.js';

const WITH_CUTOFF = MODELS.filter((name) => masterEquations[name].cutoff !== null);

/** The schema of the physical parameters. */
export const deviceSchema = z.strictObject({
  model: z
    .enum(MODELS)
    .default('local')
    .meta(notes('master equation', '', `one of ${MODELS.join(', ')}`)),
  ...numberSchemas,
  cutoff: cutoffSchema
    .optional()
    .meta(
      notes(
        `cutoff Ω of the spectral densities, ${WITH_CUTOFF.join(' and ')} model only; by default max-qubit`,
        'energy',
        'max-bohr (the largest Bohr frequency of the window), max-qubit (the larger 2B) or a number > 0',
      ),
    ),
});

export type DeviceParameters = z.output<typeof deviceSchema>;
/** Any subset of the parameters; what is absent takes its default. */
export type DeviceInput = z.input<typeof deviceSchema>;

const integer = () => z.int();

/** The rotor window, Appendix B. Both bounds absent: chosen automatically. */
export const truncationSchema = z.strictObject({
  lmin: integer()
    .max(0)
    .optional()
    .meta(notes('lowest rotor level', 'ħ', 'an integer ≤ 0, given together with lmax')),
  lmax: integer()
    .min(0)
    .optional()
    .meta(notes('highest rotor level', 'ħ', 'an integer ≥ 0, given together with lmin')),
  edgeTolerance: z
    .number()
    .positive()
    .lt(1)
    .optional()
    .meta(
      notes(
        'largest population allowed at an edge of the window, by default 1e-12 for a window that is chosen and 1e-8 for one that is given',
        '',
        'a number with 0 < edgeTolerance < 1',
      ),
    ),
});

export interface Truncation {
  /** Both or neither. */
  readonly lmin?: number | undefined;
  readonly lmax?: number | undefined;
  readonly edgeTolerance: number;
}

/** A window that is chosen shall not be seen in any digit; one that is given shall not mislead. */
export const EDGE_TOLERANCE = { chosen: 1e-12, given: 1e-8 } as const;

/** A value that a schema refuses: names the field, the value and what is allowed, in one line. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(
      value === undefined
        ? `${field} is missing: must be ${allowed}`
        : `${field} = ${show(value)}: must be ${allowed}`,
    );
  }
}

/** A key that no schema has. */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';
  constructor(
    readonly key: string,
    readonly nearest: string,
    /** All that there are, which are told where none is near. */
    known: readonly string[] = [],
  ) {
    const isNear = known.length === 0 || distance(key, nearest) <= Math.max(1, key.length / 2);
    super(
      isNear
        ? `unknown key '${key}': did you mean '${nearest}'?`
        : `unknown key '${key}': must be one of ${known.join(', ')}`,
    );
  }
}

/** Characters of a value that a message repeats. */
const MOST_SHOWN = 200;

function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // It holds itself, as YAML's aliases can make it.
    text = 'a value without an end';
  }
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text;
}

/** The known name that takes the fewest edits. */
export function nearest(key: string, known: readonly string[]): string {
  const cost = (name: string) => distance(key.toLowerCase(), name.toLowerCase());
  return known.reduce((best, name) => (cost(name) < cost(best) ? name : best));
}

/**
 * The names that one of them means, or what comes before the dots of several: heat is all that begins with heat.
 * @throws {UnknownKeyError}
 */
export function meantBy<Name extends string>(key: string, known: readonly Name[]): Name[] {
  const meant = known.filter((name) => name === key || name.startsWith(`${key}.`));
  if (meant.length > 0) return meant;
  const groups = known.filter((name) => name.includes('.')).map((name) => name.split('.')[0]);
  throw new UnknownKeyError(key, nearest(key, [...known, ...new Set(groups)]));
}

/** What a field's schema says about it. */
export function fieldNotes(schema: z.ZodObject, field: string): FieldNotes {
  return (schema.shape[field] as z.ZodType).meta() as unknown as FieldNotes;
}

/**
 * Reads an object by a schema made of annotated fields.
 * @throws {ParameterError} for a value out of range; {UnknownKeyError} for a key it does not have.
 */
export function readFields<S extends z.ZodObject>(schema: S, input: unknown): z.output<S> {
  const known = Object.keys(schema.shape);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ParameterError('parameters', input, `an object with keys among ${known.join(', ')}`);
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === 'unrecognized_keys') {
    throw new UnknownKeyError(issue.keys[0], nearest(issue.keys[0], known), known);
  }
  const field = String(issue.path[0]);
  const value = (input as Record<string, unknown>)[field];
  throw new ParameterError(field, value, fieldNotes(schema, field).allowed);
}

/** The device's parameters, complete and checked. */
export function deviceParameters(input: DeviceInput = {}): DeviceParameters {
  const parameters = readFields(deviceSchema, input);
  const { model, cutoff } = parameters;
  const equation = masterEquationOf(parameters);
  if (equation.cutoff === null && cutoff !== undefined) {
    throw new ParameterError('cutoff', cutoff, `absent with model = ${model}, which has no cutoff`);
  }
  return parameters;
}

/** The truncation, complete and checked. */
export function truncation(input: z.input<typeof truncationSchema> = {}): Truncation {
  const read = readFields(truncationSchema, input);
  const { lmin, lmax } = read;
  if ((lmin === undefined) !== (lmax === undefined)) {
    const absent = lmin === undefined ? 'lmin' : 'lmax';
    throw new ParameterError(absent, undefined, fieldNotes(truncationSchema, absent).allowed);
  }
  if (lmin !== undefined && lmin === lmax) {
    throw new ParameterError('lmax', lmax, `greater than lmin = ${lmin}`);
  }
  if (lmin !== undefined && lmax !== undefined && lmax - lmin >= MOST_LEVELS) {
    throw new ParameterError('lmax', lmax, `less than lmin + ${MOST_LEVELS}, with lmin = ${lmin}`);
  }
  const edgeTolerance =
    read.edgeTolerance ?? EDGE_TOLERANCE[lmin === undefined ? 'chosen' : 'given'];
  return { lmin, lmax, edgeTolerance };
}
