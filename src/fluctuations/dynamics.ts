/** What of fluctuations has a frequency, a counting field or a time: read off one device's steady state. */
import type { Estimate } from '../lindblad/estimate.js';
import {
  type JointDeviation,
  type LargeDeviation,
  type Leading,
  type LeadingEigenvalues,
  TiltedGenerator,
} from './largeDeviations.js';
import { NoiseSpectrum, type SpectralEstimate } from './noiseSpectrum.js';
import type { BathCounter, FluctuationReading } from './reading.js';
import { UnknownJumpsError, type WaitingTimes, waitingTimes } from './waitingTimes.js';

/** What is asked for. */
export interface DynamicRequest {
  /** Angular frequencies of the noise; null where it is not asked for. */
  readonly frequencies: readonly number[] | null;
  /** Told how many of them are done. */
  readonly onFrequency?: ((done: number) => void) | undefined;
  /** Counting fields, rising; null where large deviations are not asked for. */
  readonly fields: readonly number[] | null;
  /** What counts there, each one by itself or two together; by default the quanta of each bath. */
  readonly counted?: readonly CountedTogether[] | undefined;
  /** Jumps whose waiting times are asked for; null for none. */
  readonly waiting: WaitingRequest | null;
}

/** The quanta or the heat of a bath. */
export type CountedName = Pick<BathCounter, 'kind' | 'bath'>;
export type CountedTogether = readonly [CountedName] | readonly [CountedName, CountedName];

export interface WaitingRequest {
  /** A bath, and which of its jumps: those that bring quanta in, that take them out, or all. */
  readonly jumps: readonly {
    readonly bath: string;
    readonly direction: 'in' | 'out' | null;
  }[];
  /** Rising, from 0 on. */
  readonly times: readonly number[];
}

/** Noise at one frequency; by bath, where it is counted. */
export interface NoiseAt {
  readonly omega: number;
  readonly quanta: ReadonlyMap<string, Estimate>;
  readonly heat: ReadonlyMap<string, Estimate>;
  /** ∫ e^{−iωτ} ⟨δI_a(τ) δI_b⟩ dτ of the quanta of two baths, each pair once. */
  readonly covariances: readonly {
    readonly baths: readonly [string, string];
    readonly covariance: SpectralEstimate;
  }[];
}

/** Each null where it is not asked for. */
export interface Dynamics {
  readonly noise: readonly NoiseAt[] | null;
  /** Of the quanta of each bath. */
  readonly largeDeviations: ReadonlyMap<string, readonly LargeDeviation[]> | null;
  /** Of heats that are asked for. */
  readonly heatDeviations: ReadonlyMap<string, readonly LargeDeviation[]>;
  /** Of two that are asked for together, at each pair of fields. */
  readonly jointDeviations: readonly {
    readonly of: readonly [CountedName, CountedName];
    readonly found: readonly JointDeviation[];
  }[];
  readonly waiting: WaitingTimes | null;
}

/** The spectrum between two counters, by their places. */
export type Pairs = (a: number, b: number) => SpectralEstimate;

/** Jumps that waiting times are asked of. */
export type WantedJumps = WaitingRequest['jumps'][number];

/** A steady state that all of it is read off. */
export interface DynamicSource {
  readonly counters: readonly CountedName[];
  /** Of baths that have jumps, and of those of them whose quanta are counted. */
  readonly baths: readonly string[];
  readonly counted: readonly string[];
  noiseAt(omega: number): Pairs;
  /** Of counters by their places, each with a field. */
  leading(counters: readonly number[]): Pick<LeadingEigenvalues<Leading>, 'at' | 'onGrid'>;
  waiting(jumps: readonly WantedJumps[], times: readonly number[]): WaitingTimes;
}

/**
 * @throws {NoSteadyStateError} where a leading eigenvalue could not be followed to a field
 * @throws {UnknownJumpsError | UnknownCounterError}
 */
export const dynamics = (source: DynamicSource, asked: DynamicRequest): Dynamics => ({
  noise:
    asked.frequencies?.map((omega, k) => {
      const found = noiseAt(omega, source.counters, source.noiseAt(omega));
      asked.onFrequency?.(k + 1);
      return found;
    }) ?? null,
  ...largeDeviations(source, asked),
  waiting: asked.waiting && waiting(source, asked.waiting),
});

/** What is read off a sector. */
export function sectorSource(reading: FluctuationReading): DynamicSource {
  const { counters } = reading.solved;
  let spectrum: NoiseSpectrum | undefined;
  return {
    counters,
    baths: reading.baths,
    counted: reading.counted,
    noiseAt: (omega) => {
      const { sector, rho, relative } = reading.solved;
      if (omega === 0) return zeroFrequency(reading, counters);
      spectrum ??= new NoiseSpectrum(sector, rho, counters, relative);
      return spectrum.at(omega);
    },
    leading: (places) => {
      const { sector, rho } = reading.solved;
      return new TiltedGenerator(
        sector,
        rho,
        places.map((at) => counters[at]),
      );
    },
    waiting: (jumps, times) => {
      const { sector, rho } = reading.solved;
      const chosen = jumps.map((one) => ({
        name: nameOf(one),
        elements: reading.jumpsOf(one.bath),
        direction: one.direction,
      }));
      return waitingTimes(sector, rho, chosen, times);
    },
  };
}

export const nameOf = ({ bath, direction }: WantedJumps): string =>
  direction === null ? bath : `${bath}:${direction}`;

/** What is known of it without the spectrum, to more digits. */
const zeroFrequency =
  (reading: FluctuationReading, counters: readonly BathCounter[]): Pairs =>
  (a, b) => {
    const [first, second] = [counters[a], counters[b]];
    const found =
      a !== b
        ? reading.covariance(first.bath, second.bath)
        : (first.kind === 'quanta' ? reading.quanta(first.bath) : reading.heat(first.bath))?.noise;
    if (found === null || found === undefined) throw new RangeError('nothing is counted there');
    return { re: found.value, im: 0, error: found.error };
  };

function noiseAt(omega: number, counters: readonly CountedName[], pairs: Pairs): NoiseAt {
  const placed = counters.map(({ kind, bath }, at) => ({ kind, bath, at }));
  const quanta = placed.filter(({ kind }) => kind === 'quanta');
  const own = (list: typeof placed) =>
    new Map(
      list.map(({ bath, at }) => {
        const { re: value, error } = pairs(at, at);
        return [bath, { value, error }];
      }),
    );
  return {
    omega,
    quanta: own(quanta),
    heat: own(placed.filter(({ kind }) => kind === 'heat')),
    covariances: quanta.flatMap((a, i) =>
      quanta
        .slice(i + 1)
        .map((b) => ({ baths: [a.bath, b.bath] as const, covariance: pairs(a.at, b.at) })),
    ),
  };
}

/** Of what has no counter. */
export class UnknownCounterError extends Error {
  override readonly name = 'UnknownCounterError';
}

function largeDeviations(
  source: DynamicSource,
  { fields, counted }: DynamicRequest,
): Pick<Dynamics, 'largeDeviations' | 'heatDeviations' | 'jointDeviations'> {
  const quanta = new Map<string, readonly LargeDeviation[]>();
  const heats = new Map<string, readonly LargeDeviation[]>();
  const joint: Dynamics['jointDeviations'][number][] = [];
  if (fields === null) {
    return { largeDeviations: null, heatDeviations: heats, jointDeviations: joint };
  }
  for (const names of togetherOf(source.counters, counted)) {
    const leading = source.leading(placesOf(source.counters, names));
    const [{ kind, bath }, second] = names;
    if (second !== undefined) {
      joint.push({ of: [names[0], second], found: leading.onGrid(fields) });
    } else (kind === 'quanta' ? quanta : heats).set(bath, leading.at(fields));
  }
  return { largeDeviations: quanta, heatDeviations: heats, jointDeviations: joint };
}

/** What counts: by default the quanta of each bath. */
export const togetherOf = (
  counters: readonly CountedName[],
  counted: DynamicRequest['counted'],
): readonly CountedTogether[] =>
  counted ?? counters.filter(({ kind }) => kind === 'quanta').map((one) => [one] as const);

/** Where names are among counters. @throws {UnknownCounterError} */
export const placesOf = (counters: readonly CountedName[], names: CountedTogether): number[] =>
  names.map((name) => placeOf(counters, name));

function placeOf(counters: readonly CountedName[], { kind, bath }: CountedName): number {
  const found = counters.findIndex((one) => one.kind === kind && one.bath === bath);
  if (found >= 0) return found;
  const known = counters.map((one) => (one.kind === 'heat' ? `heat:${one.bath}` : one.bath));
  throw new UnknownCounterError(
    `of what is counted: ${known.join(', ')}, not ${kind === 'heat' ? `heat:${bath}` : bath}`,
  );
}

function waiting(source: DynamicSource, { jumps, times }: WaitingRequest): WaitingTimes {
  const { baths, counted } = source;
  for (const { bath, direction } of jumps) {
    if (!baths.includes(bath)) {
      throw new UnknownJumpsError(`of baths that have jumps: ${baths.join(', ')}, not ${bath}`);
    }
    if (direction !== null && !counted.includes(bath)) {
      throw new UnknownJumpsError(
        `${bath} without :${direction}: its jumps change no charge by amounts that are multiples of one`,
      );
    }
  }
  return source.waiting(jumps, times);
}
