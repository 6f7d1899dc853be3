/**
 * What fluctuates in the steady state of a system that conserves no charge which counts levels, on a window that is too
 * wide for its operators as a whole: by layers of its broken charge, as the state itself is found.
 *
 * Each current takes one more solution of the equations, by the factors that the state has been found with.
 */
import {
  type DynamicRequest,
  type Dynamics,
  dynamics,
  nameOf,
  placesOf,
  togetherOf,
} from '../fluctuations/dynamics.js';
import { allOf, type Fluctuations } from '../fluctuations/fluctuations.js';
import type { JointDeviation, LargeDeviation } from '../fluctuations/largeDeviations.js';
import type { WaitingTimes } from '../fluctuations/waitingTimes.js';
import { lindbladRules } from '../generator/lindbladian.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Counting } from '../spectrum/counting.js';
import { respondingCounting } from '../spectrum/respondingCounting.js';
import { respondingSpectrum, type SpectrumBetween } from '../spectrum/respondingSpectrum.js';
import { rotorEdges } from '../state/densityMatrix.js';
import { LayeredDeviations } from './layeredDeviations.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import type { LayeredInverse } from './layeredInverse.js';
import { ShiftedLayers } from './layeredResolvent.js';
import type { LayeredSteady, SolvedLayers } from './layeredSteady.js';
import { layeredWaiting } from './layeredWaiting.js';
import { indefinite, jumpsOf, type WholeRequest, type WholeSystem } from './wholeFluctuations.js';
import { bathsOf, type Counter, countersOf, WholeReading } from './wholeReading.js';
import { type AT_A_TIME, withInverse } from './withInverse.js';

const EPSILON = 2 ** -53;

interface Found {
  readonly reading: WholeReading;
  readonly steady: LayeredSteady;
  /** By frequency that is asked for. */
  readonly spectra: ReadonlyMap<number, SpectrumBetween>;
  /** Null where it is not asked for. */
  readonly waiting: WaitingTimes | null;
  /** By the places of what counts. */
  readonly deviations: Deviations;
}

type Deviations = ReadonlyMap<string, readonly LargeDeviation[] | readonly JointDeviation[]>;

type Pairs = readonly (readonly [string, string])[];
type Counted = Awaited<ReturnType<typeof respondingCounting>>;

/** Noise at each frequency that is asked for. @throws {Ended | SingularMatrixError | StoppedError} */
async function spectraOf(
  solved: SolvedLayers,
  inverse: LayeredInverse,
  { counted, covariance }: Counted,
  pairs: Pairs,
  { frequencies, onFrequency }: Pick<DynamicRequest, 'frequencies' | 'onFrequency'>,
): Promise<Map<number, SpectrumBetween>> {
  const spectra = new Map<number, SpectrumBetween>();
  let shifted: ShiftedLayers | undefined;
  for (const [k, omega] of (frequencies ?? []).entries()) {
    if (omega === 0) {
      spectra.set(0, (first, second) => {
        const { value, error } = covariance(first, second);
        return { re: value, im: 0, error };
      });
    } else {
      shifted ??= new ShiftedLayers(solved, inverse);
      const found = await shifted.at(omega, (resolvent) =>
        respondingSpectrum(resolvent, inverse, counted, pairs),
      );
      spectra.set(omega, found);
    }
    onFrequency?.(k + 1);
  }
  return spectra;
}

/** What it tells of what is asked for: all of it is there already. */
function dynamicsOf(
  { reading: { counters, baths, counted }, spectra, waiting, deviations }: Found,
  asked: DynamicRequest,
): Dynamics {
  const notHere = (): never => {
    throw new RangeError('it is not asked for, or not found in layers');
  };
  const noiseAt = (omega: number) => {
    const between = spectra.get(omega) ?? notHere();
    return (a: number, b: number) => between(counters[a].name, counters[b].name);
  };
  const leading = (places: readonly number[]) => {
    const found = deviations.get(places.join()) ?? notHere();
    return {
      at: () => found as LargeDeviation[],
      onGrid: () => found as JointDeviation[],
    };
  };
  const source = { counters, baths, counted, noiseAt, leading };
  return dynamics(
    { ...source, waiting: () => waiting ?? notHere() },
    { ...asked, onFrequency: undefined },
  );
}

/** Large deviations that are asked for. @throws {Ended | NoSteadyStateError | StoppedError | UnknownCounterError} */
async function deviationsOf(
  solved: SolvedLayers,
  system: OpenSystem,
  counters: readonly Counter[],
  counting: Counting,
  { fields, counted }: Pick<DynamicRequest, 'fields' | 'counted'>,
): Promise<Deviations> {
  const found = new Map<string, readonly LargeDeviation[] | readonly JointDeviation[]>();
  if (fields === null) return found;
  for (const names of togetherOf(counters, counted)) {
    const places = placesOf(counters, names);
    const own = places.map((at) => counters[at]);
    const means = own.map(({ name }) => counting.mean(name).value);
    const noise = own.map(({ name }) => counting.covariance(name, name).value);
    const deviations = new LayeredDeviations(solved, system, own, means, noise);
    try {
      found.set(
        places.join(),
        await (own.length === 1 ? deviations.at(fields) : deviations.onGrid(fields)),
      );
    } catch (error) {
      throw indefinite(error, own);
    }
  }
  return found;
}

/** What of it takes most memory. */
function needsOf(asked: DynamicRequest | undefined): keyof typeof AT_A_TIME {
  if (asked?.frequencies?.some((omega) => omega !== 0)) return 'frequency';
  if (asked !== undefined && asked.fields !== null) return 'tilted';
  return asked !== undefined && asked.waiting !== null ? 'between' : 'inverse';
}

/**
 * Null where layers are no way to it.
 * @param order how many cumulants
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {StoppedError}
 */
function solvedInLayers(
  { system, heat, betas, between = [] }: WholeSystem,
  order: number,
  asked: DynamicRequest | undefined,
  hooks: LayeredFluctuationHooks,
): Promise<Found | null> {
  return withInverse(system, hooks, needsOf(asked), async (solved, inverse, symmetry) => {
    const baths = bathsOf(system);
    const counters = countersOf({ system, symmetry, heat, between }, baths);
    const counted = counters.filter(({ kind }) => kind === 'quanta').map(({ name }) => name);
    const pairs = counted.flatMap((a, i) => counted.slice(i + 1).map((b) => [a, b] as const));
    const counting = await respondingCounting(inverse, counters, pairs, order);
    const spectra =
      asked === undefined
        ? new Map<number, SpectrumBetween>()
        : await spectraOf(solved, inverse, counting, pairs, asked);
    const chosen = asked?.waiting?.jumps ?? null;
    const waiting =
      chosen === null
        ? null
        : await layeredWaiting(
            solved,
            inverse,
            system,
            { names: chosen.map(nameOf), jumps: jumpsOf(baths, counters, chosen) },
            asked?.waiting?.times ?? [],
          );
    const deviations =
      asked === undefined
        ? new Map<string, never>()
        : await deviationsOf(solved, system, counters, counting, asked);
    const { steady } = solved;
    const state = { system, rules: lindbladRules(system), steady: steady.rho };
    const reading = new WholeReading(state, baths, counters, counting, betas);
    return { steady, spectra, waiting, deviations, reading };
  });
}

/** What is read off it; null where layers are no way to it. @throws {ParameterError} */
export const layeredReading = async (
  of: WholeSystem,
  hooks: LayeredFluctuationHooks = {},
): Promise<WholeReading | null> => (await solvedInLayers(of, 2, undefined, hooks))?.reading ?? null;

/** All of it; null where layers are no way to it. */
export async function layeredFluctuations(
  { order, asked, ...of }: WholeRequest,
  hooks: LayeredFluctuationHooks = {},
): Promise<Fluctuations | null> {
  const found = await solvedInLayers(of, order, asked, hooks);
  if (found === null) return null;
  const { reading, steady } = found;
  const { rho, residual, floor, dmax } = steady;
  return {
    window: of.system.window,
    ...allOf(reading, order),
    space: dmax === null ? 'full' : 'band',
    method: 'gmres',
    residual,
    scale: floor / EPSILON,
    edges: rotorEdges(rho),
    dynamics: asked === undefined ? null : dynamicsOf(found, asked),
  };
}
