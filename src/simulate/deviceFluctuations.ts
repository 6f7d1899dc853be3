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
import { PROMISED } from '../solve/verdict.js';
import { chainGroups, solvedChains } from './sectorChains.js';

/** Below it a noise is at the end of float32's exponents. */
const SMALLEST_NOISE = 1e-24;

/** What is read off a state, by bath; null where it is not asked for. */
export type OfState = Pick<CountedState, 'activities' | 'entropies'>;

/** A device whose steady state a GPU has solved for. */
export interface CountedDevice extends FluctuatingDevice {
  /** How far each number of its equations may be off there, relative to itself. */
  readonly unit: number;
  readonly ofState: OfState;
}

const COUNTED: readonly Asked[] = ['noise', 'means', 'heat'];

/** Reads off a device's state what is asked of that itself. */
export function readOffState(
  device: FluctuatingDevice,
  state: SectorState,
  asked: ReadonlySet<Asked>,
): OfState {
  const isEntropic = asked.has('entropy') || asked.has('entropies');
  if (!isEntropic && !asked.has('activity')) return { activities: null, entropies: null };
  const { machine, of, values, window } = device;
  const { compiled, sector } = compiledSector(machine, of, values).on(window);
  const program = programOf(compiled, device);
  sector.numbers.fill(values);
  const reading = new StateReading(program, device, sector, state.unknowns, () => state.elements);
  return {
    activities: asked.has('activity') ? program.baths.map((_, b) => reading.activity(b)) : null,
    entropies: isEntropic ? program.baths.map((_, b) => reading.entropyProduction(b)) : null,
  };
}

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
  const points = devices.map(({ machine, of, values, window }) => ({
    ...{ compiled: compiledSector(machine, of, values), values, window },
  }));
  for (const { bound, places } of chainGroups(points)) {
    const group = places.map((p) => devices[p]);
    const found = await groupOnDevice(open, precision, bound, group, asked);
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
  bound: BoundMachine,
  devices: readonly CountedDevice[],
  asked: ReadonlySet<Asked>,
): Promise<(FluctuationReading | LeftToHost)[]> {
  if (bound.sector.siteWidth > WIDEST) return devices.map(() => TOO_WIDE);
  const isCounted = COUNTED.some((one) => asked.has(one));
  const { solutions, found } = isCounted
    ? await countedOnGroup(open, precision, bound, devices, asked.has('heat'))
    : { solutions: [], found: devices.map(() => []) };
  return devices.map((device, k) => {
    const counted = found[k];
    if (typeof counted === 'string') return counted;
    const { ofState } = device;
    const isKnown = hasDigits(counted, asked, precision) && isReadable(ofState, asked, precision);
    if (!isKnown) return INEXACT;
    return new FluctuationReading(device, { solutions, found: counted, ...ofState });
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
  const batch = { unit: (k: number) => devices[k].unit };
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
