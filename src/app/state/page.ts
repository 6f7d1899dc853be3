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
import { type Axis, MAP_SHOWN } from '../map/grid.js';
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

/** What stands beside a field for messages. */
const notes = (description: string, allowed: string, unit = '') => ({ description, unit, allowed });

/** One of several values, by default the first. */
const oneOf = <const T extends readonly string[]>(
  description: string,
  values: T,
  usual: T[number] = values[0],
) =>
  z
    .enum(values)
    .default(usual)
    .meta(notes(description, `one of ${values.join(', ')}`));

const axisNames = Object.keys(sliderRanges) as [NumericParameter, ...NumericParameter[]];
const SEARCHED = axisNames.filter((name) => name !== 'V') as [Searched, ...Searched[]];
const SPACINGS = ['linear', 'logarithmic'] as const;
const DIRECTIONS = ['nothing', ...SEARCHED] as const;
const axis = (which: string, usual: NumericParameter, what = 'the map') =>
  oneOf(`${which} axis of ${what}`, axisNames, usual);
const end = (which: string, usual: number, what = 'the map') =>
  z
    .number()
    .default(usual)
    .meta(notes(`${which} of ${what}`, 'a finite number'));
const positive = (description: string, usual: number, unit = '') =>
  z
    .number()
    .positive()
    .default(usual)
    .meta(notes(description, 'a number > 0', unit));
const count = (description: string) =>
  z.int().min(0).default(0).meta(notes(description, 'an integer ≥ 0'));
/** An integer of the rotor's state at the start. */
const initialLevel = (what: string) =>
  z
    .int()
    .default(0)
    .meta(notes(`${what} at the start`, 'an integer', 'ħ'));

/** Kinds of states that evolutions begin with. */
const ROTORS = ['level', 'thermal', 'superposition', 'packet'] as const;
const QUBITS = ['thermal', 'up', 'down'] as const;

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
  backend: oneOf('what computes', BACKENDS, HOST),
  scale: oneOf('scale of populations', ['linear', 'log']),
  figure: z.coerce
    .string()
    .pipe(z.enum(FIGURES))
    .default('2')
    .meta(notes('figure of the paper', `one of ${FIGURES.join(', ')}`)),
  over: oneOf('parameter of the search', SEARCHED, 'chi'),
  and: oneOf('second parameter of the search', DIRECTIONS),
  quantity: oneOf('what is rectified', ['heat', 'angular']),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta(notes('weight of R against J', 'a number from 0 to 1')),
  definition: oneOf('R angular: Eq. (42) as printed, or of magnitudes', ['signed', 'magnitude']),
  until: positive('end of the evolution', 100_000, '1/energy'),
  times: oneOf('spacing of times', SPACINGS, 'logarithmic'),
  rotor: oneOf('initial state of the rotor', ROTORS),
  rotorLevel: initialLevel('level of the rotor'),
  rotorBeta: positive('inverse temperature of the rotor at the start', 0.09, '1/energy'),
  amplitudes: z
    .string()
    .default('0:1 1:1')
    .meta(notes('amplitudes of levels at the start', 'l:amplitude for each level')),
  packetAngle: end('angle', 0, 'a packet at the start'),
  packetConcentration: z
    .number()
    .nonnegative()
    .default(4)
    .meta(notes('concentration κ of a packet at the start', 'a number ≥ 0')),
  packetMomentum: initialLevel('momentum of a packet'),
  qubit1: oneOf('initial state of qubit 1', QUBITS),
  qubit2: oneOf('initial state of qubit 2', QUBITS),
  series: oneOf('what is drawn against time', SERIES_NAMES),
  speed: z
    .number()
    .positive()
    .max(20)
    .default(1)
    .meta(notes('speed at which times are played', 'a number with 0 < speed ≤ 20')),
  frame: count('number of the time shown'),
  beside: oneOf('what stands beside the master equation', BESIDES),
  trajectories: z
    .int()
    .min(2)
    .max(100_000)
    .default(100)
    .meta(notes('number of trajectories', 'an integer from 2 to 100000')),
  seed: count('seed of the trajectories'),
  tau: positive('duration of a collision', 0.05, '1/energy'),
  curve: axis('horizontal', 'beta2', 'curves'),
  curveFrom: end('left end', 0.005, 'curves'),
  curveTo: end('right end', 0.1, 'curves'),
  curveSpacing: oneOf('spacing of curves', SPACINGS),
  curveShow: oneOf('what curves show', CURVES),
  fluctuating: oneOf('of what fluctuations are shown', ['device', 'machine']),
  omegaFrom: positive('lowest angular frequency of the noise spectrum', 1e-6, 'energy'),
  omegaTo: positive('highest angular frequency of the noise spectrum', 10, 'energy'),
  story: z
    .enum(['', ...STORY_NAMES] as const)
    .default('')
    .meta(notes('story that is told', `one of ${STORY_NAMES.join(', ')}`)),
  step: count('step of the story'),
  pin: z
    .string()
    .default('')
    .refine(isDevice)
    .meta(notes('a device to compare with', 'name=value&…')),
  machine: oneOf('machine of the gallery', MACHINES, 'quantum-mill'),
  yaml: z.string().default('').meta(notes("one's own machine, its whole file", 'a text')),
  mapX: axis('horizontal', 'beta2'),
  mapXFrom: end('left end', 0.005),
  mapXTo: end('right end', 0.1),
  mapXSpacing: oneOf('horizontal spacing', SPACINGS),
  mapY: axis('vertical', 'B1'),
  mapYFrom: end('lower end', 0.5),
  mapYTo: end('upper end', 12),
  mapYSpacing: oneOf('vertical spacing', SPACINGS),
  mapSize: z
    .int()
    .min(16)
    .max(1024)
    .default(400)
    .meta(notes('points along each axis', 'an integer from 16 to 1024')),
  mapShow: oneOf('what the map shows', MAP_SHOWN, 'operation'),
});

export type Settings = z.output<typeof settingsSchema>;

/** An axis by the settings that begin with its name. */
export const axisOf = (settings: Settings, of: 'mapX' | 'mapY' | 'curve'): Axis => ({
  name: settings[of],
  from: settings[`${of}From`],
  to: settings[`${of}To`],
  spacing: settings[`${of}Spacing`],
});

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
