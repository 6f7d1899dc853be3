/**
 * The slowest modes of an open system: eigenvalues λ of its generator with their right and left eigenoperators, sector
 * by sector of the conserved charges. λ = −rate + i·frequency.
 */
import { checkedSystem } from '../generator/checkedSystem.js';
import type { Generator } from '../generator/generator.js';
import {
  allRules,
  type ChannelRules,
  lindbladianOn,
  lindbladRules,
} from '../generator/lindbladian.js';
import type { Rule } from '../generator/rules.js';
import { createdBy, sectorsOf } from '../generator/siteMatrix.js';
import { type Charge, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Complex, Operator } from '../operators/operator.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { type ChargeDifference, generatorOfCharge, isNeutral } from './chargeSectors.js';
import { type DisturbedState, disturbedState } from './disturbedState.js';
import {
  denseModes,
  type Eigen,
  firstFrequency,
  type ModeSector,
  type ModeVectors,
  mirrored,
  nearest,
  scouted,
} from './eigenSearch.js';
import { mirrorOf, SAME, slowerModes } from './slowerModes.js';
import { populationSectorOf, stationary, weightsOf } from './stationary.js';
import { norm, overlap, vectorDistance } from './vectors.js';
import { WeightedSector, type Weights } from './weightedSector.js';

/** Elements of a sector up to which all of its eigenvalues are found. */
const DENSE = 160;
/** A rate that is 0 beside the largest element of the generator, where it is not known to be more. */
export const STILL = 1e4 * Number.EPSILON;
/** So many more are looked for than are sure to be the slowest, for these to be well within what was searched. */
const BEYOND = 4;
/** Eigenvalues so near one another, and eigenvectors so parallel, are one that is defective to rounding. */
const PARALLEL = 1e-4;
const ILL_CONDITIONED = 1e4;
/** An eigenvalue is known where its error is so small beside it. */
const KNOWN = 1e-6;

/** An observable that modes are compared with. */
export interface NamedOperator {
  readonly name: string;
  readonly operator: Operator;
}

export interface Mode {
  /** −Re λ and Im λ. */
  readonly rate: number;
  readonly frequency: number;
  readonly charge: ChargeDifference;
  /** ‖𝓛R − λR‖/‖R‖, elements in units of (p_ket p_bra)^¼. */
  readonly residual: number;
  /** 1/|⟨L, R⟩| of the eigenoperators of norm 1: how far λ moves for a disturbance of norm 1. At least 1. */
  readonly condition: number;
  /** What may have been lost of λ. */
  readonly error: number;
  /** Eigenvalues that have coalesced to rounding, of which this is the mean; 1 where it stands alone. */
  readonly coalesced: number;
  /** By observable |cos| of the angle between it, less its mean, and the left eigenoperator: 1 where they are one. */
  readonly overlaps: Readonly<Record<string, number>>;
}

/** Whether an eigenvalue is known, or a mean of some that have coalesced. */
export const isKnownMode = ({
  rate,
  frequency,
  error,
  coalesced,
}: Omit<Mode, 'overlaps'>): boolean =>
  coalesced > 1 || error <= KNOWN * Math.hypot(rate, frequency);

/**
 * The rate of the slowest mode, of charge 0 the gap of the generator; null where it is not known, by an error of more
 * than 1e-6 of it: where modes all but coalesce, or another one may be as slow that is not known or not looked for.
 */
export function slowestRate(found: SectorModes): Estimate | null {
  const { modes } = found;
  if (modes.length === 0) return null;
  const [{ rate, error }] = modes;
  const isFirst = modes.every((mode) => isKnownMode(mode) || mode.rate - mode.error > rate);
  return error <= KNOWN * rate && isFirst && surelySlowest(found) > 0
    ? { value: rate, error }
    : null;
}

/** How many of the first modes are the slowest of all, whatever their frequency. */
export const surelySlowest = ({ modes, completeUpTo }: SectorModes): number =>
  modes.filter(({ rate }) => rate <= (1 + SAME) * completeUpTo).length;

/** The modes of one charge. */
export interface SectorModes {
  readonly charge: ChargeDifference;
  /** Elements of ρ. */
  readonly size: number;
  readonly method: 'dense' | 'arnoldi';
  /** All eigenvalues within this distance of `shift` have been looked for; null where all were found. */
  readonly radius: number | null;
  /** Elements beyond that distance that by themselves decay more slowly than the last of the modes. */
  readonly slowBeyond: number;
  /** At which rate the slowest element beyond it decays by itself; infinite where there is none. */
  readonly slowestBeyond: number;
  /** No mode beside them, of any frequency, decays more slowly than this; infinite where all were found. */
  readonly completeUpTo: number;
  readonly shift: Complex;
  /** By rising rate. */
  readonly modes: readonly Mode[];
}

export interface ChargeModes extends SectorModes {
  /** By rising rate: the vectors of the modes, for what is computed from them. */
  readonly vectors: readonly ModeVectors[];
}

/** Charges that a whole Hamiltonian conserves. */
export function chargesOf({ window }: OpenSystem, { charges, breaking }: Symmetry): Charge[] {
  if (breaking.transitions.length > 0) return [];
  // Of a single level nothing tells its number.
  return charges.filter(({ offsets }) => window.size > 1 || offsets.some((c) => c !== 0));
}

/** A system made ready for its spectrum. */
export class Spectrum {
  #disturbed: DisturbedState | null | undefined;
  readonly symmetry: Symmetry;
  readonly steady: DensityMatrix;
  readonly #weights: Weights;
  /** What the generator is made of. */
  readonly rules: ChannelRules;

  /**
   * @throws {OpenSystemError | WideSectorError}
   */
  constructor(readonly system: OpenSystem) {
    this.symmetry = symmetryOf(checkedSystem(system));
    this.rules = lindbladRules(system);
    this.steady = stationary(this.#generator(this.neutral) as Generator);
    this.#weights = weightsOf(this.steady);
  }

  /** What rounding may have done to the steady state; null where that takes too long. */
  get disturbed(): DisturbedState | null {
    const { steady, rules } = this;
    this.#disturbed ??= disturbedState(lindbladianOn(steady.space, rules), steady, false);
    return this.#disturbed;
  }

  /** Charges that the whole Hamiltonian conserves. */
  get charges(): readonly Charge[] {
    return chargesOf(this.system, this.symmetry);
  }

  get neutral(): ChargeDifference {
    return this.charges.map(() => 0);
  }

  #generator(
    charge: ChargeDifference,
    rules: readonly Rule[] = allRules(this.rules),
  ): Generator | null {
    const { system, charges } = this;
    return generatorOfCharge(system, charges, rules, charge);
  }

  /** The parts of a charge's sector that nothing connects; empty where no element has the charge. */
  sectors(charge: ChargeDifference): WeightedSector[] {
    return this.#parts(this.#generator(charge));
  }

  /** The part that holds the populations, of the generator with further rules, which need not keep the trace. */
  populationsWith(further: readonly Rule[]): WeightedSector {
    const { neutral } = this;
    const generator = this.#generator(neutral, [...allRules(this.rules), ...further]) as Generator;
    const created = createdBy(this.#generator(neutral, further) as Generator);
    return new WeightedSector(generator, populationSectorOf(generator), this.#weights, created);
  }

  #parts(generator: Generator | null): WeightedSector[] {
    if (generator === null) return [];
    return sectorsOf(generator).map((s) => new WeightedSector(generator, s, this.#weights));
  }

  /**
   * The slowest modes of one charge, beside the steady state.
   * @param count how many
   * @param frequency where they are looked for, if not at the frequency of the slowest element
   * @param sure how many of them are to be the slowest of all, at any frequency
   * @throws {NonUniqueSteadyStateError}
   */
  modes(
    charge: ChargeDifference,
    count: number,
    observables: readonly NamedOperator[] = [],
    frequency?: number,
    sure = frequency === undefined ? count : 0,
  ): ChargeModes | null {
    const parts = this.sectors(charge);
    if (parts.length === 0) return null;
    const search = (sector: WeightedSector): Eigen =>
      sector.size <= DENSE
        ? denseModes(sector)
        : nearest(
            sector,
            searched + (sector.hasPopulations ? 1 : 0),
            scouted(sector, frequency ?? firstFrequency(sector), this.steady),
          );
    const searched = sure === 0 ? count : Math.max(count, sure + BEYOND);
    const found: Eigen[] = [];
    parts.forEach((sector, at) => {
      const mirror = frequency === undefined ? found[mirrorOf(parts, at)] : undefined;
      found.push(mirror === undefined ? search(sector) : mirroredModes(mirror, sector));
    });
    const isDense = found.every(({ radius }) => radius === null);
    const ofCharge = (vectors: readonly ModeVectors[]) =>
      byRate(isNeutral(charge) ? withoutSteady(vectors) : vectors);
    const near = found.flatMap(({ vectors }) => vectors);
    const beside =
      sure === 0 && !isDense
        ? { vectors: [], upTo: 0 }
        : slowerModes(parts, found, this.steady, (further) => ({
            rate: lastRate(ofCharge([...near, ...further]), sure),
            count: sure,
          }));
    const vectors = ofCharge([...near, ...beside.vectors]).slice(0, count);
    const told = found.map((eigen, at) => toldRadius(eigen, count, parts[at]));
    const beyond = found.flatMap((eigen, at) => ratesBeyond(parts[at], eigen, told[at]));
    return {
      charge,
      size: parts.reduce((sum, { size }) => sum + size, 0),
      method: isDense ? 'dense' : 'arnoldi',
      radius: isDense ? null : Math.min(...told),
      shift: found[0].shift,
      ...slowAmong(beyond, vectors),
      completeUpTo: beside.upTo,
      modes: described(vectors, vectors.map(certified), charge, this.steady, observables),
      vectors,
    };
  }
}

/** Those of the sector of the conjugates. */
const mirroredModes = ({ vectors, radius, shift }: Eigen, sector: WeightedSector): Eigen => ({
  vectors: vectors.map((mode) => mirrored(mode, sector)),
  radius,
  shift: { re: shift.re, im: -shift.im },
});

/** Within which distance so many modes have been looked for. */
function toldRadius(
  { radius, vectors, shift }: Eigen,
  count: number,
  part: WeightedSector,
): number {
  if (radius === null) return Number.POSITIVE_INFINITY;
  const near = vectors.slice(0, count + (part.hasPopulations ? 1 : 0));
  return near.reduce(
    (most, { value }) => Math.max(most, Math.hypot(value.re - shift.re, value.im - shift.im)),
    0,
  );
}

/** At which rates the elements decay by themselves that are not within the distance that was searched. */
function ratesBeyond(sector: WeightedSector, { radius, shift }: Eigen, told: number): number[] {
  if (radius === null) return [];
  return sector
    .diagonal()
    .filter(({ re, im }) => Math.hypot(re - shift.re, im - shift.im) > told)
    .map(({ re }) => 0 - re);
}

/** The rate of the last of so many modes. @param found by rising rate */
export function lastRate(found: readonly { readonly value: Complex }[], count: number): number {
  const last = found[Math.min(count, found.length) - 1];
  return last === undefined ? 0 : 0 - last.value.re;
}

/** What is told of rates beyond the distance that was searched. @param found by rising rate */
export function slowAmong(
  beyond: readonly number[],
  found: readonly { readonly value: Complex }[],
): Pick<SectorModes, 'slowBeyond' | 'slowestBeyond'> {
  const last = lastRate(found, found.length);
  return {
    slowBeyond: beyond.filter((rate) => rate < last).length,
    slowestBeyond: beyond.reduce((least, rate) => Math.min(least, rate), Number.POSITIVE_INFINITY),
  };
}

/** Takes out the steady state. @throws {NonUniqueSteadyStateError} where there is another beside it */
function withoutSteady(vectors: readonly ModeVectors[]): ModeVectors[] {
  const sorted = [...vectors].sort(
    (a, b) => Math.hypot(a.value.re, a.value.im) - Math.hypot(b.value.re, b.value.im),
  );
  const [, second] = sorted;
  if (second !== undefined) {
    const { sector, value } = second;
    const largest = sector.diagonal().reduce((m, { re, im }) => Math.max(m, Math.hypot(re, im)), 0);
    const bound = Math.min(certified(second).error, STILL * largest);
    if (Math.hypot(value.re, value.im) <= bound) {
      throw new NonUniqueSteadyStateError(
        'the steady state is not unique: a second mode does not decay within rounding',
      );
    }
  }
  return sorted.slice(1);
}

/** How well an eigenvalue is known. */
export type Certificate = Pick<Mode, 'residual' | 'condition' | 'error'>;

function certified({ sector, value, right, left }: ModeVectors): Certificate {
  const image = sector.apply(right);
  const residual = vectorDistance(image, value, right);
  const condition = conditionOf(left, right);
  return { residual, condition, error: condition * residual };
}

/** How far an eigenvalue moves for a disturbance of norm 1. */
export const conditionOf = (left: Float64Array, right: Float64Array): number =>
  Math.max(1, 1 / overlap(left, right));

/** By rising rate; of conjugate ones the negative frequency first. */
export const byRate = <V extends { readonly value: Complex }>(vectors: readonly V[]): V[] =>
  [...vectors].sort((a, b) => {
    const apart = b.value.re - a.value.re;
    const near = 64 * Number.EPSILON * Math.hypot(a.value.re, a.value.im);
    return Math.abs(apart) > near ? apart : a.value.im - b.value.im;
  });

/** What is told of modes. @param known by mode how well */
export function described(
  vectors: readonly ModeVectors<ModeSector>[],
  known: readonly Certificate[],
  charge: ChargeDifference,
  steady: DensityMatrix,
  observables: readonly NamedOperator[],
): Mode[] {
  const groups = coalesced(
    vectors,
    known.map(({ condition }) => condition),
  );
  const deviations = new Map<ModeSector, readonly (readonly [string, Float64Array])[]>();
  return vectors.map((mode, k) => {
    const { residual, condition, error } = known[k];
    let compared = deviations.get(mode.sector);
    if (compared === undefined) {
      compared = observables
        .map(({ name, operator }) => [name, deviation(mode.sector, operator, steady)] as const)
        .filter(([, a]) => norm(a) > 0);
      deviations.set(mode.sector, compared);
    }
    const values = groups[k].map((at) => vectors[at].value);
    const mean = (pick: (value: Complex) => number) =>
      values.reduce((sum, value) => sum + pick(value), 0) / values.length;
    const [re, im] = [mean((value) => value.re), mean((value) => value.im)];
    // Of eigenvalues that coalesce the mean is known much better than any of them.
    const spread = values.reduce((most, v) => Math.max(most, Math.hypot(v.re - re, v.im - im)), 0);
    return {
      rate: 0 - re,
      frequency: im,
      charge,
      residual,
      condition,
      error: values.length > 1 ? spread : error,
      coalesced: values.length,
      overlaps: Object.fromEntries(compared.map(([name, a]) => [name, overlap(a, mode.left)])),
    };
  });
}

/** A − ⟨A⟩ as a vector, where the sector has populations. */
function deviation(sector: ModeSector, operator: Operator, steady: DensityMatrix): Float64Array {
  const a = sector.observable(operator);
  if (!sector.hasPopulations) return a;
  const mean = expectation(steady, operator);
  const { trace } = sector;
  return a.map((x, i) => x - trace[i & ~1] * (i % 2 === 0 ? mean.re : -mean.im));
}

/** For each mode those that are one with it to rounding, itself among them. */
function coalesced(
  vectors: readonly ModeVectors<ModeSector>[],
  conditions: readonly number[],
): number[][] {
  return vectors.map((mode, k) =>
    vectors.flatMap((other, j) => {
      if (j === k) return [j];
      if (other.sector !== mode.sector) return [];
      if (Math.min(conditions[j], conditions[k]) < ILL_CONDITIONED) return [];
      return overlap(mode.right, other.right) > 1 - PARALLEL ? [j] : [];
    }),
  );
}
