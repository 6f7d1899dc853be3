/**
 * What fluctuates in steady states that a GPU solves: counted there, many devices at once, and a few numbers of each
 * read back; jumps by time and entropy production are read off the states.
 */
import type { Precision } from '../backend/backend.js';
import type { CountedOnChain, CountingForm, OpenChains } from '../backend/batches.js';
import { OutOfDeviceMemoryError } from '../backend/webgpu/errors.js';
import type { CountedState } from '../fluctuations/countedElsewhere.js';
import {
  type CountedTogether,
  countedTables,
  countedTogether,
  countingForm,
} from '../fluctuations/countingWords.js';
import type { Asked } from '../fluctuations/fluctuatingState.js';
import { type BathProgram, type FluctuationProgram, programOf } from '../fluctuations/program.js';
import {
  type FluctuatingDevice,
  FluctuationReading,
  heatOfQuantum,
} from '../fluctuations/reading.js';
import { StateReading } from '../fluctuations/stateReading.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import {
  type BoundMachine,
  type CompiledSector,
  compiledSector,
} from '../lindblad/sectorSolution.js';
import { SectorWords, WIDEST } from '../lindblad/sectorWords.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { getOrInsert } from '../maps.js';
import { perObject } from '../perObject.js';
import { PROMISED } from './deviceRounding.js';
import { solvedChains } from './sectorChains.js';

/** Below it a noise is at the end of float32's exponents. */
const SMALLEST_NOISE = 1e-24;

/** A device whose steady state a GPU has solved for. */
export interface CountedDevice extends FluctuatingDevice {
  /** How far each number of its equations may be off there, relative to itself. */
  readonly unit: number;
  /** Null where nothing is asked that is read off it. */
  readonly state: SectorState | null;
}

/** What is read off a state, and what is counted. */
const OF_STATES: readonly Asked[] = ['activity', 'entropy', 'entropies'];
const COUNTED: readonly Asked[] = ['noise', 'means', 'heat'];

/** Whether the state itself has to be known. */
export const asksStates = (asked: ReadonlySet<Asked>): boolean =>
  OF_STATES.some((one) => asked.has(one));

/** A compiled machine with what is counted of it, as words for the GPU. */
interface CountedMachine {
  readonly solutions: readonly CountedTogether[];
  readonly words: SectorWords;
  /** On a window. */
  form(sector: BoundSector): CountingForm | null;
}

const countedMachines = perObject((_: CompiledSector) => new Map<boolean, CountedMachine>());

/** Baths whose heat is not so many times their quanta, and has a noise of its own. */
function ownHeats(
  { baths }: FluctuationProgram,
  sector: BoundSector,
  { values }: FluctuatingDevice,
) {
  sector.numbers.fill(values);
  const isOwn = ({ quantum, jumps }: BathProgram) =>
    quantum === null || heatOfQuantum(jumps.on(sector)) === null;
  return baths.filter((bath) => bath.hasHeat && isOwn(bath)).map(({ name }) => name);
}

function countedMachine(
  { compiled, sector }: BoundMachine,
  device: FluctuatingDevice,
  heat: boolean,
) {
  return getOrInsert(countedMachines(compiled), heat, () => {
    const program = programOf(compiled, device);
    const solutions = countedTogether(program, heat ? ownHeats(program, sector, device) : []);
    const words = new SectorWords(compiled.program, countedTables(program, solutions));
    const form = perObject((sector: BoundSector) =>
      solutions.length === 0 ? null : countingForm(program, solutions, sector, words),
    );
    return { solutions, words, form };
  });
}

/** Why a device is left to the CPU. */
export type LeftToHost = string;

const UNSOLVED: LeftToHost = 'its steady state is beyond what the GPU solves';
const TOO_WIDE: LeftToHost = `a site has more than ${WIDEST} unknowns`;
const INEXACT: LeftToHost = 'it has fewer digits on the GPU than the precision promises';

const isKnownAs = (precision: Precision, { value, error }: Estimate): boolean =>
  error <= PROMISED[precision] * Math.abs(value);

/** Whether all that is counted is known to enough digits. */
const hasDigits = (
  found: readonly CountedOnChain[],
  asked: ReadonlySet<Asked>,
  precision: Precision,
): boolean =>
  found.every(
    ({ mean, meanError, noise, noiseError }) =>
      noise > SMALLEST_NOISE &&
      isKnownAs(precision, { value: noise, error: noiseError }) &&
      (!asked.has('means') || isKnownAs(precision, { value: mean, error: meanError })),
  );

/** What is read off a state, by bath; null where it is not asked for. */
type OfState = Pick<CountedState, 'activities' | 'entropies'>;

function readOf(bound: BoundMachine, device: CountedDevice, asked: ReadonlySet<Asked>): OfState {
  if (!asksStates(asked)) return { activities: null, entropies: null };
  const { compiled, sector } = bound;
  const { state, values } = device;
  if (state === null) throw new Error('what is asked is read off a state, and there is none');
  const program = programOf(compiled, device);
  sector.numbers.fill(values);
  const reading = new StateReading(program, device, sector, state.unknowns, () => state.elements);
  const isEntropic = asked.has('entropy') || asked.has('entropies');
  return {
    activities: asked.has('activity') ? program.baths.map((_, b) => reading.activity(b)) : null,
    entropies: isEntropic ? program.baths.map((_, b) => reading.entropyProduction(b)) : null,
  };
}

const sumOf = (estimates: readonly Estimate[]): Estimate => ({
  value: estimates.reduce((sum, { value }) => sum + value, 0),
  error: estimates.reduce((sum, { error }) => sum + error, 0),
});

/** Whether all that is read off a state has as many digits as off a state of the CPU, or enough. */
function isReadable(
  { activities, entropies }: OfState,
  asked: ReadonlySet<Asked>,
  precision: Precision,
): boolean {
  const found: Estimate[] = [];
  if (activities !== null) found.push(sumOf(activities));
  if (entropies !== null) {
    // What rounding takes from the reading, it takes on either.
    const known = entropies.flatMap(({ value, lost }) =>
      value === null ? [] : [{ value, error: lost }],
    );
    if (asked.has('entropies')) found.push(...known);
    // Where that of a bath is not known their sum is not, either.
    if (asked.has('entropy') && known.length === entropies.length) found.push(sumOf(known));
  }
  return found.every((one) => isKnownAs(precision, one));
}

/** Devices with the same equations on one window, by their places. */
function grouped(devices: readonly CountedDevice[]): [CompiledSector, number[]][] {
  const groups = new Map<string, [CompiledSector, number[]]>();
  const ids = new Map<CompiledSector, number>();
  devices.forEach(({ machine, of, values, window }, p) => {
    const compiled = compiledSector(machine, of, values);
    if (!ids.has(compiled)) ids.set(compiled, ids.size);
    const key = `${ids.get(compiled)} ${window.lmin} ${window.lmax}`;
    const group = groups.get(key) ?? [compiled, []];
    group[1].push(p);
    groups.set(key, group);
  });
  return [...groups.values()];
}

/**
 * What fluctuates in each device, its noise counted on the GPU: with errors below what the precision promises, or why
 * it is left to the CPU, as all of a group are of which a few do not fit into the GPU's memory.
 * @throws {NoSectorError | EigenbasisError} where one has no sector to solve in
 */
export async function fluctuationsOnDevice(
  open: OpenChains,
  precision: Precision,
  devices: readonly CountedDevice[],
  asked: ReadonlySet<Asked>,
): Promise<(FluctuationReading | LeftToHost)[]> {
  const answers = new Array<FluctuationReading | LeftToHost>(devices.length);
  for (const [compiled, places] of grouped(devices)) {
    const group = places.map((p) => devices[p]);
    const found = await groupOnDevice(open, precision, compiled, group, asked);
    places.forEach((p, k) => {
      answers[p] = found[k];
    });
  }
  return answers;
}

/** The same of devices with the same equations on one window. */
async function groupOnDevice(
  open: OpenChains,
  precision: Precision,
  compiled: CompiledSector,
  devices: readonly CountedDevice[],
  asked: ReadonlySet<Asked>,
): Promise<(FluctuationReading | LeftToHost)[]> {
  const bound = compiled.on(devices[0].window);
  if (bound.sector.siteWidth > WIDEST) return devices.map(() => TOO_WIDE);
  const isCounted = COUNTED.some((one) => asked.has(one));
  const { solutions, found } = isCounted
    ? await countedOnGroup(open, precision, bound, devices, asked.has('heat'))
    : { solutions: [], found: devices.map(() => []) };
  return devices.map((device, k) => {
    const counted = found[k];
    if (typeof counted === 'string') return counted;
    if (!hasDigits(counted, asked, precision)) return INEXACT;
    const read = readOf(bound, device, asked);
    if (!isReadable(read, asked, precision)) return INEXACT;
    return new FluctuationReading(device, { solutions, found: counted, ...read });
  });
}

/** What is counted of each device. */
async function countedOnGroup(
  open: OpenChains,
  precision: Precision,
  bound: BoundMachine,
  devices: readonly CountedDevice[],
  heat: boolean,
): Promise<{
  readonly solutions: readonly CountedTogether[];
  readonly found: readonly (readonly CountedOnChain[] | LeftToHost)[];
}> {
  const { solutions, words, form } = countedMachine(bound, devices[0], heat);
  const values = devices.map((device) => device.values);
  const batch = { states: false, unit: (k: number) => devices[k].unit };
  try {
    const { verdicts, counted } = await solvedChains(
      open,
      precision,
      bound,
      values,
      words,
      batch,
      form(bound.sector),
    );
    const found = verdicts.map((verdict, k) =>
      verdict === 'solved' ? (counted[k] ?? []) : UNSOLVED,
    );
    return { solutions, found };
  } catch (error) {
    if (!(error instanceof OutOfDeviceMemoryError)) throw error;
    return { solutions, found: devices.map(() => error.message) };
  }
}
