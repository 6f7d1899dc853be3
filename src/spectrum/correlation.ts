/**
 * Two-time correlations by the quantum regression theorem, and their spectra.
 *
 * ⟨A(t + τ)B(t)⟩ = Tr[A e^{𝓛τ} Bρ(t)], τ ≥ 0. In the steady state, with δA = A − ⟨A⟩ and R(z) = (z − 𝓛)^{−1},
 *   S_AB(ω) = ∫ e^{−iωτ} ⟨δA(τ)δB⟩ dτ = Tr[A R(iω) δBρ] + Tr[B† R(iω) δA†ρ]*,
 * both terms by one factorisation in the sector of the charge that B changes.
 */
import { RELATIVE } from '../lindblad/sectorProgram.js';
import {
  plus as added,
  adjoint,
  adjointProduct,
  type Complex,
  distance,
  type Operator,
  times as product,
  sizeOf,
} from '../operators/operator.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { appliedTo, partsByChange } from './charged.js';
import { type ChargeDifference, chargeKey, isNeutral, opposite } from './chargeSectors.js';
import { randomVector, withoutTrace } from './eigenSearch.js';
import { type Spectrum, STILL } from './modes.js';
import { inner, norm } from './vectors.js';
import type { Resolvent, WeightedSector } from './weightedSector.js';

/** What rounding takes from a term of a sum. */
export const ROUNDING = 8 * Number.EPSILON;
/** By how much one disturbance, or a coarser evolution, may understate what a state is off by. */
const SAFETY = 16;
/** Errors of steps in time, relative to the largest element; the coarse ones tell how good the fine ones are. */
const FINE = 1e-13;
const COARSE = 1e-11;

/**
 * Frequencies beside 0 by the slowest outflow of a population, at whose mean the spectrum at 0 is taken: its slope
 * cancels, and what rounding leaves of a trace is too little to grow by their inverse.
 */
export const BESIDE = 2 ** -53;

/** A complex number and what may have been lost of it. */
export interface KnownComplex extends Complex {
  readonly error: number;
}

/** The same, with what may have been lost of its real and of its imaginary part. */
export interface KnownParts extends Complex {
  readonly errors: Complex;
}

export interface CorrelationAt {
  readonly tau: number;
  /** ⟨A(t + τ)B(t)⟩ */
  readonly correlation: KnownComplex;
  /** The same less ⟨A(t + τ)⟩⟨B(t)⟩, with the same error. */
  readonly covariance: Complex;
}

/** Tr[X · Yρ] in one part of a sector: the vectors of X, less its mean, and of Yρ, less its trace. */
export interface Pair {
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** What cancelled in each element of the column, in its real and in its imaginary part. */
  readonly sizes: Float64Array;
  /** What each part of an element may be off by, of what the state is; absent where that is known to rounding. */
  readonly off?: Float64Array | undefined;
}

interface Part {
  readonly sector: WeightedSector;
  readonly forward: Pair;
  /** Of B† and A†; null where these are A and B. */
  readonly backward: Pair | null;
  readonly steady: Steady | null;
}

/** The trace and the state as vectors, of a sector with populations. */
export interface Steady {
  readonly trace: Float64Array;
  readonly rho: Float64Array;
}

/** With a sign of its own where it is real. */
export const conjugate = ({ re, im }: Complex): Complex => ({ re, im: -im });

/** factor · y */
export const times = ({ re, im }: Complex, y: Float64Array): Float64Array =>
  y.map((value, i) => (i % 2 === 0 ? re * value - im * y[i + 1] : re * value + im * y[i - 1]));

/** x + factor · y */
export function plus(x: Float64Array, factor: Complex, y: Float64Array): Float64Array {
  const added = times(factor, y);
  return x.map((value, i) => value + added[i]);
}

/** What |⟨AB⟩| is at most: |⟨AB⟩|² ≤ ⟨AA†⟩⟨B†B⟩ */
export function largestProduct(state: DensityMatrix, a: Operator, b: Operator): number {
  const dagger = adjoint(a);
  return Math.sqrt(
    expectation(state, adjointProduct(dagger, dagger)).re *
      expectation(state, adjointProduct(b, b)).re,
  );
}

export const minus = ({ re, im }: Complex): Complex => ({ re: -re, im: -im });

const isNothing = (x: Float64Array): boolean => x.every((value) => value === 0);
const isSame = (a: Float64Array, b: Float64Array): boolean => a.every((x, i) => x === b[i]);

/** Correlations of two operators in a state, which is the steady one unless another is given. */
export class Correlator {
  readonly meanA: Complex;
  readonly meanB: Complex;
  readonly #parts: readonly Part[];
  readonly state: DensityMatrix;
  /** What the state may be off by; null where that is not known. */
  readonly #change: DensityMatrix | null;

  /** @param evolved in the sector of the populations */
  constructor(
    readonly spectrum: Spectrum,
    readonly a: Operator,
    readonly b: Operator,
    evolved: EvolvedState | null = null,
  ) {
    const state = evolved?.state ?? spectrum.steady;
    this.state = state;
    this.meanA = expectation(state, a);
    this.meanB = expectation(state, b);
    this.#change = evolved === null ? disturbedBy(spectrum) : evolved.change;
    const { charges } = spectrum;
    const changes = new Set(
      partsByChange(charges, a).map(({ charge }) => chargeKey(opposite(charge))),
    );
    this.#parts = partsByChange(charges, b)
      .filter(({ charge }) => changes.has(chargeKey(charge)))
      .flatMap(({ charge }) => this.#partsOf(charge));
  }

  #partsOf(charge: ChargeDifference): Part[] {
    const { a, b, meanA, meanB, state, spectrum } = this;
    const [daggerA, daggerB] = [adjoint(a), adjoint(b)];
    return spectrum.sectors(charge).flatMap((sector): Part[] => {
      const steady =
        isNeutral(charge) && sector.hasPopulations
          ? { trace: sector.trace, rho: sector.fromSpace(state.elements) }
          : null;
      const pair = (x: Operator, meanX: Complex, y: Operator, meanY: Complex): Pair => {
        const row = sector.observable(x);
        const whole = sector.fromSpace(appliedTo(y, state, sector.generator.space));
        const off = this.#offBy(sector, y, steady === null ? null : meanY, whole);
        if (steady === null) return { row, column: whole, sizes: sizesOf(whole), off };
        const taken = times(minus(meanY), steady.rho);
        const sizes = sizesOf(taken);
        return {
          row: plus(row, minus(conjugate(meanX)), steady.trace),
          column: whole.map((value, i) => value + taken[i]),
          sizes: sizesOf(whole).map((size, i) => size + sizes[i]),
          off,
        };
      };
      const forward = pair(a, meanA, b, meanB);
      const backward = pair(daggerB, conjugate(meanB), daggerA, conjugate(meanA));
      const isEmpty = ({ row, column }: Pair) => isNothing(row) || isNothing(column);
      if (isEmpty(forward) && isEmpty(backward)) return [];
      const isOwn = isSame(forward.row, backward.row) && isSame(forward.column, backward.column);
      return [{ sector, forward, backward: isOwn ? null : backward, steady }];
    });
  }

  /** What Yδρ may be at most, in each part of Yρ, and of a charge with populations what ⟨Y⟩δρ may be, too. */
  #offBy(
    sector: WeightedSector,
    y: Operator,
    meanY: Complex | null,
    whole: Float64Array,
  ): Float64Array | undefined {
    if (this.#change === null) return undefined;
    const { space } = sector.generator;
    const off = sizesOf(sector.fromSpace(appliedTo(y, this.#change, space)));
    const own =
      meanY === null ? null : sizesOf(sector.fromSpace(embedded(this.#change, space).elements));
    const mean = meanY === null ? 0 : sizeOf(meanY);
    // A part that is 0 has no phase that could be off.
    return off.map((size, i) => (whole[i] === 0 ? 0 : size + mean * (own?.[i] ?? 0)));
  }

  /** S_AB(ω) in the steady state, which has to be unique: then everything else decays, and no line is without width. */
  spectrumAt(omega: number): KnownComplex {
    let [re, im, error] = [0, 0, 0];
    const beside = omega === 0 ? BESIDE * slowestOutflow(this.spectrum) : 0;
    const nearby = omega === 0 ? [-beside, beside] : [omega];
    for (const part of this.#parts) {
      for (const at of nearby) {
        const found = spectrumOf(part, at);
        re += found.re / nearby.length;
        im += found.im / nearby.length;
        error += found.error / nearby.length;
      }
    }
    return { re, im, error };
  }

  /** At rising times after that of the state. */
  correlations(times: readonly number[]): CorrelationAt[] {
    const fine = this.#evolved(times, FINE);
    const coarse = this.#evolved(times, COARSE);
    const { a, b, state, meanA, meanB } = this;
    const change = this.#change;
    const byMean = change === null ? 0 : sizeOf(meanA) * sizeOf(expectation(change, b));
    const largest = largestProduct(state, a, b);
    // In units of the populations no map in detailed balance makes it longer.
    const off = this.#parts.reduce(
      (sum, { forward: { row, off: own } }) =>
        sum + (own === undefined ? 0 : norm(row) * norm(own)),
      byMean,
    );
    return times.map((tau, k) => {
      const [{ covariance, mean, steps }, control] = [fine[k], coarse[k]];
      const error =
        distance(covariance, control.covariance) +
        distance(mean, control.mean) * sizeOf(meanB) +
        RELATIVE * (1 + steps) * largest +
        off;
      const correlation = { ...added(covariance, product(mean, meanB)), error };
      return { tau, correlation, covariance };
    });
  }

  /** Covariances, and the mean of A, at times after that of the state. */
  #evolved(times: readonly number[], rtol: number) {
    const { spectrum, state, a, meanA } = this;
    const counts = { accepted: 0, rejected: 0 };
    const parts = this.#parts.map(({ sector, forward: { row, column } }) => {
      const at = sector.evolution(column, rtol, counts);
      return (t: number) => inner(row, at(t));
    });
    const isSteady = state === spectrum.steady;
    const means = isSteady
      ? []
      : spectrum.sectors(spectrum.neutral).map((sector) => {
          const row = sector.observable(a);
          const at = sector.evolution(sector.fromSpace(state.elements), rtol, counts);
          return (t: number) => inner(row, at(t));
        });
    const sumOf = (terms: readonly ((t: number) => Complex)[], t: number) =>
      terms.map((at) => at(t)).reduce(added, { re: 0, im: 0 });
    return times.map((t) => ({
      covariance: sumOf(parts, t),
      mean: isSteady ? meanA : sumOf(means, t),
      steps: counts.accepted,
    }));
  }
}

export const slowestOutflow = (spectrum: Spectrum): number =>
  spectrum
    .sectors(spectrum.neutral)
    .flatMap((sector) => sector.outflows())
    .reduce((least, rate) => Math.min(least, rate));

/** What a part of a sector adds to the spectrum at a frequency where 𝓛 − iω has an inverse. */
function spectrumOf({ sector, forward, backward, steady }: Part, omega: number): KnownComplex {
  const resolvent = sector.resolvent({ re: 0, im: omega });
  const first = paired(sector, resolvent, omega, forward, steady);
  const second = backward && paired(sector, resolvent, omega, backward, steady);
  return withConjugate(first, second);
}

/** x + y*, or twice the real part of x where y is x. */
export function withConjugate(x: KnownParts, y: KnownParts | null): KnownComplex {
  if (y === null) return { re: 2 * x.re, im: 0, error: 2 * x.errors.re };
  const error = Math.hypot(x.errors.re + y.errors.re, x.errors.im + y.errors.im);
  return { re: x.re + y.re, im: x.im - y.im, error };
}

/**
 * Tr[X R(iω) Yρ], its first error made good by the adjoint solution, and bounds of what rounding leaves. Far above all
 * rates the real part, on which a spectrum is, is much the smaller one: so that each has a bound of its own.
 */
export function paired(
  sector: WeightedSector,
  resolvent: Resolvent,
  omega: number,
  { row, column, sizes, off }: Pair,
  steady: Steady | null,
): KnownParts {
  let x = resolvent.apply(column);
  let w = resolvent.adjoint(row);
  if (steady !== null) {
    const { trace, rho } = steady;
    x = plus(x, minus(inner(trace, x)), rho);
    w = plus(w, minus(inner(rho, w)), trace);
  }
  const { y, magnitudes: terms } = sector.applied(x);
  const left = column.map(
    (value, i) => value + y[i] + (i % 2 === 0 ? omega * x[i + 1] : -omega * x[i - 1]),
  );
  const [value, correction] = [inner(row, x), inner(w, left)];
  let [byRe, byIm] = [0, 0];
  for (let k = 0; k < terms.length; k++) {
    const [re, im] = [2 * k, 2 * k + 1];
    const lost = (i: number, turned: number) =>
      ROUNDING * (Math.abs(omega * x[turned]) + terms[k] + sizes[i]) +
      RELATIVE * sizes[i] +
      (off?.[i] ?? 0);
    const [lostRe, lostIm] = [lost(re, im), lost(im, re)];
    const product = (i: number, j: number) => ROUNDING * Math.abs(row[i] * x[j]);
    const [weightRe, weightIm] = [Math.abs(w[re]), Math.abs(w[im])];
    byRe += weightRe * lostRe + weightIm * lostIm + product(re, re) + product(im, im);
    byIm += weightRe * lostIm + weightIm * lostRe + product(re, im) + product(im, re);
  }
  return {
    re: value.re + correction.re,
    im: value.im + correction.im,
    errors: { re: byRe, im: byIm },
  };
}

/** Of an element its magnitude, for both of its parts, but for one that is 0: then it has no phase that could be off. */
export const sizesOf = (x: Float64Array): Float64Array =>
  x.map((value, i) => (value === 0 ? 0 : Math.hypot(value, x[i ^ 1])));

export const magnitudes = (x: Float64Array): Float64Array =>
  Float64Array.from({ length: x.length / 2 }, (_, k) => Math.hypot(x[2 * k], x[2 * k + 1]));

/**
 * Looks for a second state that does not decay, by the inverse of the generator.
 * @throws {NonUniqueSteadyStateError}
 */
export function requireUniqueSteadyState(spectrum: Spectrum): void {
  const sectors = spectrum.sectors(spectrum.neutral);
  const beside = BESIDE * slowestOutflow(spectrum);
  for (const sector of sectors) {
    const resolvent = sector.resolvent({ re: 0, im: beside });
    const project = sector.hasPopulations
      ? withoutTrace(sector, spectrum.steady)
      : (x: Float64Array) => x;
    const first = project(resolvent.apply(project(randomVector(sector))));
    const second = project(resolvent.apply(first));
    const largest = sector.diagonal().reduce((m, { re, im }) => Math.max(m, Math.hypot(re, im)), 0);
    const rate = norm(first) / norm(second);
    if (!(rate <= STILL * largest)) continue;
    throw new NonUniqueSteadyStateError(
      'the steady state is not unique: something beside it does not decay within rounding',
    );
  }
}

/** A state at a time, and what it may be off by. */
export interface EvolvedState {
  readonly state: DensityMatrix;
  readonly change: DensityMatrix;
}

/** A state in the sector of the populations, evolved. */
export function evolvedState(
  spectrum: Spectrum,
  { space, elements }: DensityMatrix,
  t: number,
): EvolvedState {
  const counts = { accepted: 0, rejected: 0 };
  const at = (rtol: number): Float64Array => {
    const found = new Float64Array(elements.length);
    for (const sector of spectrum.sectors(spectrum.neutral)) {
      const evolved = sector.evolution(sector.fromSpace(elements), rtol, counts);
      sector.toSpace(evolved(t)).forEach((value, i) => {
        found[i] += value;
      });
    }
    return found;
  };
  const [fine, coarse] = [at(FINE), at(COARSE)];
  const steps = 1 + counts.accepted;
  // Where both take the same steps they are not apart, and each is off by what it tolerates.
  const tolerated = FINE * steps * fine.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const off = fine.map((x, i) => {
    const apart = SAFETY * (coarse[i] - x);
    const lost = RELATIVE * steps * Math.abs(x) + tolerated;
    return apart + (apart < 0 ? -lost : lost);
  });
  return { state: { space, elements: fine }, change: { space, elements: off } };
}

/** What the steady state may be off by; null where that is not known. */
function disturbedBy({ disturbed }: Spectrum): DensityMatrix | null {
  if (disturbed === null) return null;
  const { space, elements } = disturbed.change;
  return { space, elements: elements.map((x) => SAFETY * x) };
}
