/** What fluctuates in steady states, counted on a GPU: many devices at once, a few numbers of each read back. */
import type { Precision } from '../backend/backend.js';
import type { CountingForm, OpenChains } from '../backend/batches.js';
import type { CountedState } from '../fluctuations/countedElsewhere.js';
import {
  type CountedTogether,
  countedTables,
  countedTogether,
  countingForm,
} from '../fluctuations/countingWords.js';
import { type BathProgram, type FluctuationProgram, programOf } from '../fluctuations/program.js';
import {
  type FluctuatingDevice,
  FluctuationReading,
  heatOfQuantum,
} from '../fluctuations/reading.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import {
  type BoundMachine,
  type CompiledSector,
  compiledSector,
} from '../lindblad/sectorSolution.js';
import { SectorWords, WIDEST } from '../lindblad/sectorWords.js';
import { getOrInsert } from '../maps.js';
import { perObject } from '../perObject.js';
import { PROMISED } from '../solve/verdict.js';
import { chainGroups, solvedChains } from './sectorChains.js';

/** Below it a noise is at the end of float32's exponents. */
const SMALLEST_NOISE = 1e-24;

/** What is asked of each. */
export interface CountingOptions {
  /** Whether the noise of heat is read, too, and not that of quanta alone. */
  readonly heat: boolean;
  /** Whether means are read, too. */
  readonly means: boolean;
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

const isKnown = (value: number, error: number, tolerance: number): boolean =>
  error <= tolerance * Math.abs(value);

/** Whether all that is read of them is known to enough digits. */
const hasDigits = ({ found }: CountedState, { means }: CountingOptions, precision: Precision) =>
  found.every(
    ({ mean, meanError, noise, noiseError }) =>
      noise > SMALLEST_NOISE &&
      isKnown(noise, noiseError, PROMISED[precision]) &&
      (!means || isKnown(mean, meanError, PROMISED[precision])),
  );

/**
 * What fluctuates in each device, its noise counted on the GPU: with errors below what the precision promises, or why
 * it is left to the CPU.
 * @param unitOf how far each number of a device's equations may be off in the GPU's arithmetic, relative to itself
 * @throws {NoSectorError | EigenbasisError} where one has no sector to solve in
 * @throws {OutOfDeviceMemoryError} where a few do not fit
 */
export async function fluctuationsOnDevice(
  open: OpenChains,
  precision: Precision,
  devices: readonly FluctuatingDevice[],
  options: CountingOptions,
  unitOf: (device: number) => number,
): Promise<(FluctuationReading | LeftToHost)[]> {
  const answers = new Array<FluctuationReading | LeftToHost>(devices.length);
  const points = devices.map(({ machine, of, values, window }) => ({
    ...{ compiled: compiledSector(machine, of, values), values, window },
  }));
  for (const { bound, places } of chainGroups(points)) {
    const { sector } = bound;
    if (sector.siteWidth > WIDEST) {
      for (const p of places) answers[p] = TOO_WIDE;
      continue;
    }
    const first = devices[places[0]];
    const { solutions, words, form } = countedMachine(bound, first, options.heat);
    const values = places.map((p) => devices[p].values);
    const batch = { unit: (k: number) => unitOf(places[k]) };
    const { verdicts, counted } = await solvedChains(
      open,
      precision,
      bound,
      values,
      words,
      batch,
      form(sector),
    );
    places.forEach((p, k) => {
      const state = { solutions, found: counted[k] ?? [] };
      answers[p] =
        verdicts[k] !== 'solved'
          ? UNSOLVED
          : hasDigits(state, options, precision)
            ? new FluctuationReading(devices[p], state)
            : INEXACT;
    });
  }
  return answers;
}
