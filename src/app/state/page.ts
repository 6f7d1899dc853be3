/** The whole state of the page, and its form in the address bar. */

import { z } from 'zod';
import { BACKENDS, HOST } from '../../backend/registry.js';
import {
  type DeviceParameters,
  deviceParameters,
  deviceSchema,
  nearest,
  ParameterError,
  readFields,
  type Truncation,
  truncation,
  truncationSchema,
  UnknownKeyError,
} from '../../model/parameters.js';
import type { Searched } from '../../simulate/rectificationSearch.js';
import { FIGURES } from '../content/figures.js';
import { MACHINES } from '../content/machines.js';
import { type NumericParameter, sliderRanges } from '../content/ranges.js';
import { SERIES_NAMES } from '../content/seriesNames.js';
import { STORY_NAMES } from '../content/stories.js';
import { CURVES } from '../curves/curves.js';
import { MAP_SHOWN } from '../map/grid.js';
import { requireShown } from './leftOut.js';

export const VIEWS = [
  'device',
  'map',
  'fluctuations',
  'figures',
  'rectification',
  'evolution',
  'machines',
  'performance',
] as const;
export type View = (typeof VIEWS)[number];

const choice = (description: string, values: readonly string[]) => ({
  description,
  unit: '',
  allowed: `one of ${values.join(', ')}`,
});

const axisNames = Object.keys(sliderRanges) as NumericParameter[];
const SEARCHED = axisNames.filter((name): name is Searched => name !== 'V');
const spacings = ['linear', 'logarithmic'] as const;
const axis = (which: string, what = 'the map') =>
  z
    .enum(axisNames as [NumericParameter, ...NumericParameter[]])
    .meta(choice(`${which} axis of ${what}`, axisNames));
const end = (which: string, what = 'the map') =>
  z.number().meta({ description: `${which} of ${what}`, unit: '', allowed: 'a finite number' });

const frequency = (which: string, usual: number) =>
  z
    .number()
    .positive()
    .default(usual)
    .meta({
      description: `${which} angular frequency of the noise spectrum`,
      unit: 'energy',
      allowed: 'a number > 0',
    });

/** Kinds of states that evolutions begin with. */
const ROTORS = ['level', 'thermal', 'superposition', 'packet'] as const;
const QUBITS = ['thermal', 'up', 'down'] as const;
const initial = (what: string, unit: string, allowed: string) => ({
  description: `${what} at the start`,
  unit,
  allowed,
});

/** What stands beside the master equation in the evolution. */
const BESIDES = ['nothing', 'trajectories', 'collisions'] as const;

/** A device and its window, as the query of an address has them. */
export type Device = Pick<Page, 'parameters' | 'truncation'>;

/** What an address says after its question mark, as names and values. */
function readQuery(query: string): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [key, text] of new URLSearchParams(query)) {
    const value = Number(text);
    given[key] = text.trim() === '' || Number.isNaN(value) ? text : value;
  }
  return given;
}

/** @throws {ParameterError | UnknownKeyError} */
export function readDevice(query: string): Device {
  const given = readQuery(query);
  readFields(z.strictObject({ ...deviceSchema.shape, ...truncationSchema.shape }), given);
  return deviceOf(given);
}

const deviceOf = (given: Readonly<Record<string, unknown>>): Device => ({
  parameters: requireShown(deviceParameters(pick(deviceSchema, given))),
  truncation: truncation(pick(truncationSchema, given)),
});

function isDevice(query: string): boolean {
  try {
    readDevice(query);
    return true;
  } catch {
    return false;
  }
}

/** What the page shows, beside the device itself. Every field has a default. */
export const settingsSchema = z.strictObject({
  backend: z.enum(BACKENDS).default(HOST).meta(choice('what computes', BACKENDS)),
  scale: z
    .enum(['linear', 'log'])
    .default('linear')
    .meta(choice('scale of populations', ['linear', 'log'])),
  figure: z.coerce
    .string()
    .pipe(z.enum(FIGURES))
    .default('2')
    .meta(choice('figure of the paper', FIGURES)),
  over: z.enum(SEARCHED).default('chi').meta(choice('parameter of the search', SEARCHED)),
  and: z
    .enum(['nothing', ...SEARCHED])
    .default('nothing')
    .meta(choice('second parameter of the search', ['nothing', ...SEARCHED])),
  quantity: z
    .enum(['heat', 'angular'])
    .default('heat')
    .meta(choice('what is rectified', ['heat', 'angular'])),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ description: 'weight of R against J', unit: '', allowed: 'a number from 0 to 1' }),
  definition: z
    .enum(['signed', 'magnitude'])
    .default('signed')
    .meta(choice('R angular: Eq. (42) as printed, or of magnitudes', ['signed', 'magnitude'])),
  until: z.number().positive().default(100_000).meta({
    description: 'end of the evolution',
    unit: '1/energy',
    allowed: 'a number > 0',
  }),
  times: z.enum(spacings).default('logarithmic').meta(choice('spacing of times', spacings)),
  rotor: z.enum(ROTORS).default('level').meta(choice('initial state of the rotor', ROTORS)),
  rotorLevel: z
    .int()
    .default(0)
    .meta(initial('level of the rotor', 'ħ', 'an integer')),
  rotorBeta: z
    .number()
    .positive()
    .default(0.09)
    .meta(initial('inverse temperature of the rotor', '1/energy', 'a number > 0')),
  amplitudes: z
    .string()
    .default('0:1 1:1')
    .meta(initial('amplitudes of levels', '', 'l:amplitude for each level')),
  packetAngle: z
    .number()
    .default(0)
    .meta(initial('angle of a packet', '', 'a finite number')),
  packetConcentration: z
    .number()
    .nonnegative()
    .default(4)
    .meta(initial('concentration κ of a packet', '', 'a number ≥ 0')),
  packetMomentum: z
    .int()
    .default(0)
    .meta(initial('momentum of a packet', 'ħ', 'an integer')),
  qubit1: z.enum(QUBITS).default('thermal').meta(choice('initial state of qubit 1', QUBITS)),
  qubit2: z.enum(QUBITS).default('thermal').meta(choice('initial state of qubit 2', QUBITS)),
  series: z
    .enum(SERIES_NAMES)
    .default('power')
    .meta(choice('what is drawn against time', SERIES_NAMES)),
  speed: z.number().positive().max(20).default(1).meta({
    description: 'speed at which times are played',
    unit: '',
    allowed: 'a number with 0 < speed ≤ 20',
  }),
  frame: z.int().min(0).default(0).meta({
    description: 'number of the time shown',
    unit: '',
    allowed: 'an integer ≥ 0',
  }),
  beside: z
    .enum(BESIDES)
    .default('nothing')
    .meta(choice('what stands beside the master equation', BESIDES)),
  trajectories: z.int().min(2).max(100_000).default(100).meta({
    description: 'number of trajectories',
    unit: '',
    allowed: 'an integer from 2 to 100000',
  }),
  seed: z.int().min(0).default(0).meta({
    description: 'seed of the trajectories',
    unit: '',
    allowed: 'an integer ≥ 0',
  }),
  tau: z.number().positive().default(0.05).meta({
    description: 'duration of a collision',
    unit: '1/energy',
    allowed: 'a number > 0',
  }),
  curve: axis('horizontal', 'curves').default('beta2'),
  curveFrom: end('left end', 'curves').default(0.005),
  curveTo: end('right end', 'curves').default(0.1),
  curveSpacing: z.enum(spacings).default('linear').meta(choice('spacing of curves', spacings)),
  curveShow: z.enum(CURVES).default('flows').meta(choice('what curves show', CURVES)),
  fluctuating: z
    .enum(['device', 'machine'])
    .default('device')
    .meta(choice('of what fluctuations are shown', ['device', 'machine'])),
  omegaFrom: frequency('lowest', 1e-6),
  omegaTo: frequency('highest', 10),
  story: z
    .enum(['', ...STORY_NAMES] as const)
    .default('')
    .meta(choice('story that is told', STORY_NAMES)),
  step: z.int().min(0).default(0).meta({
    description: 'step of the story',
    unit: '',
    allowed: 'an integer ≥ 0',
  }),
  pin: z
    .string()
    .default('')
    .refine(isDevice)
    .meta({ description: 'a device to compare with', unit: '', allowed: 'name=value&…' }),
  machine: z
    .enum(MACHINES)
    .default('quantum-mill')
    .meta(choice('machine of the gallery', MACHINES)),
  yaml: z.string().default('').meta({
    description: "one's own machine, its whole file",
    unit: '',
    allowed: 'a text',
  }),
  mapX: axis('horizontal').default('beta2'),
  mapXFrom: end('left end').default(0.005),
  mapXTo: end('right end').default(0.1),
  mapXSpacing: z.enum(spacings).default('linear').meta(choice('horizontal spacing', spacings)),
  mapY: axis('vertical').default('B1'),
  mapYFrom: end('lower end').default(0.5),
  mapYTo: end('upper end').default(12),
  mapYSpacing: z.enum(spacings).default('linear').meta(choice('vertical spacing', spacings)),
  mapSize: z.int().min(16).max(1024).default(400).meta({
    description: 'points along each axis',
    unit: '',
    allowed: 'an integer from 16 to 1024',
  }),
  mapShow: z.enum(MAP_SHOWN).default('operation').meta(choice('what the map shows', MAP_SHOWN)),
});

export type Settings = z.output<typeof settingsSchema>;

export interface Page {
  readonly view: View;
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly settings: Settings;
}

const everything = z.strictObject({
  ...deviceSchema.shape,
  ...truncationSchema.shape,
  ...settingsSchema.shape,
});

const pick = (schema: z.ZodObject, from: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (key in from ? [[key, from[key]]] : [])),
  );

const isView = (text: string): text is View => (VIEWS as readonly string[]).includes(text);

/** Made once: addresses are written whenever a slider moves, and each is compared with it. */
const usual = {
  parameters: deviceParameters(),
  truncation: truncation(),
  settings: settingsSchema.parse({}),
} as const;

/** A page that says nothing but its view. */
export const defaultPage = (view: View = 'device'): Page => ({ view, ...usual });

/** @throws {ParameterError | UnknownKeyError} */
function pageOf(view: View, given: Readonly<Record<string, unknown>>): Page {
  // Unknown keys are looked for among all fields at once.
  readFields(everything, given);
  return {
    view,
    ...deviceOf(given),
    settings: readFields(settingsSchema, pick(settingsSchema, given)),
  };
}

/** The field to leave out, after which more of the rest can be read; null where none would help. */
function culprit(error: unknown, given: Readonly<Record<string, unknown>>): string | null {
  if (error instanceof UnknownKeyError) return error.key;
  if (!(error instanceof ParameterError)) return null;
  if (error.field in given) return error.field;
  // One bound without the other.
  return ['lmin', 'lmax'].find((bound) => bound in given) ?? null;
}

export interface Address {
  readonly page: Page;
  /** What was not understood, each in one line; the rest of the address holds nevertheless. */
  readonly problems: readonly string[];
}

/** The page that `#view?name=value&…` names; what is absent, or wrong, takes its default. */
export function readHash(hash: string): Address {
  const [name, query = ''] = hash.replace(/^#/, '').split('?');
  const given = readQuery(query);
  const problems: string[] = [];
  if (name !== '' && !isView(name)) {
    problems.push(`there is no view '${name}': did you mean '${nearest(name, VIEWS)}'?`);
  }
  const view = isView(name) ? name : 'device';
  for (;;) {
    try {
      return { page: pageOf(view, given), problems };
    } catch (error) {
      const field = culprit(error, given);
      if (field === null) throw error;
      problems.push((error as Error).message);
      delete given[field];
    }
  }
}

function addTo(query: URLSearchParams, values: object, fallback: object): void {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== (fallback as Record<string, unknown>)[key]) {
      query.set(key, String(value));
    }
  }
}

function deviceQuery({ parameters, truncation: given }: Device): URLSearchParams {
  const query = new URLSearchParams();
  addTo(query, parameters, usual.parameters);
  const { lmin, lmax } = given;
  // The tolerance that goes with a kind of window needs no mention.
  addTo(query, given, { edgeTolerance: truncation({ lmin, lmax }).edgeTolerance });
  return query;
}

/** What `readDevice` reads. The default device has a name as well, so that it can be pinned. */
export function writeDevice(device: Device): string {
  const text = deviceQuery(device).toString();
  return text === '' ? `model=${device.parameters.model}` : text;
}

/** What `readHash` reads; fields at their default are left out. */
export const writeHash = (page: Page): string => writeHashes(page, [page.view])[0];

/** The same state in several views. */
export function writeHashes(
  { settings, ...device }: Device & Pick<Page, 'settings'>,
  views: readonly View[],
): readonly string[] {
  const query = deviceQuery(device);
  addTo(query, settings, usual.settings);
  const text = query.toString();
  return views.map((view) => `#${view}${text === '' ? '' : `?${text}`}`);
}
