/** What a machine file holds. */
import { z } from 'zod';
import { MODELS, USUAL_MODEL } from './models.js';
import { UNIT_NAMES } from './units.js';

/** States that the subsystems may have together, and levels of a ladder. */
export const MOST_STATES = 64;
const MOST_LADDER_LEVELS = 10_000;
const MOST_SUBSYSTEM_LEVELS = 16;
const MOST_ENTRIES = 100;

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const name = z.string().regex(NAME);

/** Named parts, of which there are not endlessly many. */
const named = <T extends z.ZodType>(value: T) =>
  z
    .record(name, value)
    .refine((parts) => Object.keys(parts).length <= MOST_ENTRIES)
    .default({});

/** A formula, or a plain number. */
const expression = z.union([z.string().min(1), z.number()]);

const levelCount = z.int().min(2).max(MOST_LADDER_LEVELS);

const turning = {
  window: z
    .tuple([z.int(), z.int()])
    .refine(([lmin, lmax]) => lmin < lmax && lmax - lmin < MOST_LADDER_LEVELS),
  offset: expression.optional(),
};

const ladder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rotor'), ...turning }),
  z.strictObject({ kind: z.literal('charge'), ...turning }),
  z.strictObject({ kind: z.literal('oscillator'), levels: levelCount }),
  z.strictObject({
    kind: z.literal('spin'),
    spin: z
      .number()
      .min(0.5)
      .max(MOST_LADDER_LEVELS / 2)
      .multipleOf(0.5),
  }),
  z.strictObject({ kind: z.literal('ring'), sites: levelCount }),
  z.strictObject({ kind: z.literal('finite'), levels: levelCount }),
  z.strictObject({ kind: z.literal('none') }),
]);

const bound = z.number().nullable();

const parameterFields = z.strictObject({
  default: z.number(),
  unit: z.enum(UNIT_NAMES).optional(),
  range: z
    .tuple([bound, bound])
    .refine(([low, high]) => low === null || high === null || low <= high)
    .optional(),
  text: z.string().optional(),
});

const counts = z.enum(['heat', 'work']).default('heat');

const energyFields = z.strictObject({ energy: expression, counts });

const bathFields = z.strictObject({
  temperature: expression.optional(),
  beta: expression.optional(),
  jumps: z.array(expression).min(1).max(MOST_ENTRIES).optional(),
  coupling: expression.optional(),
  spectrum: expression.optional(),
  counts,
});

/** A level of a subsystem or of the ladder, or a weight for each level of a subsystem. */
const initialPart = z.union([z.int(), z.string().min(1), z.array(expression).min(2)]);

/** A fresh unit's state: a weight for each of its levels, or the amplitudes of a pure state. */
const unitState = z.union([
  z.array(expression).min(2),
  z.strictObject({ amplitudes: z.array(expression).min(2) }),
]);

const collisions = z.strictObject({ tau: expression, units: named(unitState) });

export const machineSchema = z.strictObject({
  name: z.string().min(1).max(200),
  source: z.string().optional(),
  text: z.string().optional(),
  subsystems: named(
    z.union([
      z.int().min(2).max(MOST_SUBSYSTEM_LEVELS),
      z.array(name).min(2).max(MOST_SUBSYSTEM_LEVELS),
    ]),
  ),
  ladder: ladder.default({ kind: 'none' }),
  model: z.enum(MODELS).default(USUAL_MODEL),
  parameters: named(z.union([z.number(), parameterFields])),
  definitions: named(expression),
  hamiltonian: named(z.union([expression, energyFields])),
  baths: named(bathFields),
  observables: named(expression),
  initial: named(initialPart),
  collisions: collisions.optional(),
});

/** A machine as its file says it. */
export type MachineDescription = z.input<typeof machineSchema>;
export type CompleteDescription = z.output<typeof machineSchema>;

const expressionWords = 'a formula, or a number';

/** What is allowed at a path, whose names are *. */
export const allowedWords: Readonly<Record<string, string>> = {
  '': 'a mapping with name, subsystems, ladder, model, parameters, definitions, hamiltonian, baths, observables, initial, collisions',
  name: 'a name in one line, of at most 200 characters',
  source: 'a text',
  text: 'a text',
  subsystems: 'a mapping of names to numbers of levels',
  'subsystems.*': `a number of levels from 2 to ${MOST_SUBSYSTEM_LEVELS}, or a list of their names`,
  'subsystems.*.*': 'the name of a level',
  ladder: 'a mapping with kind, one of rotor, charge, oscillator, spin, ring, finite, none',
  'ladder.kind': 'one of rotor, charge, oscillator, spin, ring, finite, none',
  'ladder.window': `[lmin, lmax], whole numbers with lmin < lmax, at most ${MOST_LADDER_LEVELS} levels`,
  'ladder.window.*': 'a whole number',
  'ladder.offset': expressionWords,
  'ladder.levels': `a whole number from 2 to ${MOST_LADDER_LEVELS}`,
  'ladder.sites': `a whole number from 2 to ${MOST_LADDER_LEVELS}`,
  'ladder.spin': 'a multiple of 0.5, at least 0.5',
  model: 'local or global',
  parameters: 'a mapping of names to numbers, or to mappings with default, unit, range, text',
  'parameters.*': 'a number, or a mapping with default, unit, range, text',
  'parameters.*.default': 'a number',
  'parameters.*.unit': `one of ${UNIT_NAMES.join(', ')}`,
  'parameters.*.range': '[lowest, highest], numbers, or null for no bound',
  'parameters.*.range.*': 'a number, or null for no bound',
  'parameters.*.text': 'a text',
  definitions: 'a mapping of names to formulas',
  'definitions.*': expressionWords,
  hamiltonian: 'a mapping of names to formulas',
  'hamiltonian.*': `${expressionWords}, or a mapping with energy and counts`,
  'hamiltonian.*.energy': expressionWords,
  'hamiltonian.*.counts': 'heat or work',
  baths:
    'a mapping of names to mappings with temperature or beta, jumps or coupling and spectrum, counts',
  'baths.*': 'a mapping with temperature or beta, jumps or coupling and spectrum, counts',
  'baths.*.temperature': 'a formula, a number, or none',
  'baths.*.beta': expressionWords,
  'baths.*.jumps': 'a list of at least one formula',
  'baths.*.jumps.*': expressionWords,
  'baths.*.coupling': expressionWords,
  'baths.*.spectrum': `${expressionWords}, in which omega is the frequency`,
  'baths.*.counts': 'heat or work',
  initial: 'a mapping of subsystems, or ladder, to levels or lists of weights',
  'initial.*': 'a level, or a list of weights, one for each level',
  'initial.*.*': expressionWords,
  collisions: 'a mapping with tau, the duration of a collision, and units',
  'collisions.tau': expressionWords,
  'collisions.units':
    'a mapping of subsystems to the states in which they come fresh to a collision',
  'collisions.units.*': 'a list of weights, one for each level, or a mapping with amplitudes',
  'collisions.units.*.*': expressionWords,
  'collisions.units.*.amplitudes': 'a list of amplitudes, one for each level',
  'collisions.units.*.amplitudes.*': expressionWords,
  observables: 'a mapping of names to formulas',
  'observables.*': expressionWords,
};

const NAMED = new Set([
  'subsystems',
  'parameters',
  'definitions',
  'hamiltonian',
  'baths',
  'observables',
  'initial',
]);

/** A path with * for names and indices. */
function patternOf(path: readonly (string | number)[]): string {
  const isName = (at: number): boolean =>
    (at === 1 && NAMED.has(String(path[0]))) || (at === 2 && path[1] === 'units');
  return path.map((key, at) => (typeof key === 'number' || isName(at) ? '*' : key)).join('.');
}

/** What is allowed at a path, in words. */
export function allowedAt(path: readonly (string | number)[]): string {
  const pattern = patternOf(path);
  return Object.hasOwn(allowedWords, pattern) ? allowedWords[pattern] : allowedWords[''];
}

/** The keys that a mapping may have; null where they are names of the file's own. */
export function knownKeys(path: readonly (string | number)[], data: unknown): string[] | null {
  const pattern = patternOf(path);
  if (pattern === 'ladder') {
    const kind = (data as { readonly kind?: unknown } | null)?.kind;
    const own = ladder.options.find(({ shape }) => shape.kind.value === kind);
    return own === undefined ? ['kind'] : Object.keys(own.shape);
  }
  if (NAMED.has(pattern) || pattern === 'collisions.units') return null;
  const shapes: Readonly<Record<string, z.ZodObject>> = {
    '': machineSchema,
    'parameters.*': parameterFields,
    'hamiltonian.*': energyFields,
    'baths.*': bathFields,
    collisions,
    'collisions.units.*': z.strictObject({ amplitudes: z.unknown() }),
  };
  return Object.hasOwn(shapes, pattern) ? Object.keys(shapes[pattern].shape) : null;
}

/** What a name must look like. */
export const NAME_WORDS = 'a letter, then letters, digits and _, at most 40 of them';
export const isName = (text: string): boolean => NAME.test(text);
