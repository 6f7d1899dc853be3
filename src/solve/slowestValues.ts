/**
 * Eigenvalues λ of a linear map L that have the largest real parts, whatever their imaginary parts are: of e^{τL} they
 * are the largest, and Arnoldi's iteration finds them. The exponential is Chebyshev's expansion along the imaginary
 * axis, of products with L alone. τ is doubled until all are found that were asked for.
 */
import { euclideanNorm } from '../norm.js';
import { Arnoldi, type RitzPair } from './arnoldi.js';
import { besselJ } from './bessel.js';

/** A linear map, and where it has its numerical range. */
export interface Flow {
  /** Lx, a new vector. */
  readonly apply: (x: Float64Array) => Float64Array;
  /** Whether only real multiples of vectors are added; else their numbers are interleaved complex ones. */
  readonly isReal: boolean;
  /** |Im| and −Re of ⟨x, Lx⟩ are at most these, for x of norm 1. */
  readonly imaginary: number;
  readonly decay: number;
  /** Products of numbers in Lx. */
  readonly work: number;
}

export interface SlowValue {
  /** −Re λ and Im λ. */
  readonly rate: number;
  readonly frequency: number;
}

export interface SlowValues {
  /** By falling |e^{τλ}|. */
  readonly values: readonly SlowValue[];
  /** All with a smaller rate are among them. */
  readonly upTo: number;
}

/** τ at first, by the rate that is asked for; and R τ at least and at most, R being the half-width of the expansion. */
const FIRST_SHARE = 0.1;
const FIRST_PHASE = [20, 100] as const;
/** Re-centred decay that is done at once: terms of the expansion grow by its exponential. */
const LARGEST_DECAY = 4;
/** Weights of the expansion below this are left out. */
const SMALLEST = 1e-10;
/** Steps of an iteration, before it is looked at and at most. */
const LEAST_STEPS = 40;
const MOST_STEPS = 240;
/** How many are looked for at most: of so many an iteration has steps enough. */
const MOST_FOUND = 12;
/** ‖Lx − λx‖ of what is found, relative to the rate, and ‖Sx − θx‖ relative to the largest. */
const FOUND = 1e-4;
const CONVERGED = 1e-6;
/** A decay that is 0 within rounding, relative to the width. */
const STILL = 1e-13;
/** Where so little is left of all that decays, squares of it are beyond float64, and more time tells no more. */
const VANISHED = 1e-150;

/** e^{τL}, up to rounding and weights that are left out. */
class Exponential {
  readonly #R: number;
  readonly #c: number;
  products = 0;

  constructor(private readonly flow: Flow) {
    this.#c = flow.decay / 2;
    this.#R = Math.max(flow.imaginary, flow.decay, Number.MIN_VALUE);
  }

  get width(): number {
    return this.#R;
  }

  apply(x: Float64Array, tau: number): Float64Array {
    const steps = Math.max(1, Math.ceil((tau * this.#c) / LARGEST_DECAY));
    const h = tau / steps;
    const weights = besselJ(h * this.#R, SMALLEST).map((J) => J * Math.exp(-h * this.#c));
    let y = x;
    for (let k = 0; k < steps; k++) y = this.#step(y, weights);
    return y;
  }

  /** Σ (2 − δ_k0) J_k φ_k with φ_{k+1} = 2Aφ_k + φ_{k−1} and A = (L + c)/R. */
  #step(x: Float64Array, weights: readonly number[]): Float64Array {
    const sum = x.map((value) => weights[0] * value);
    let before = x;
    let term = x;
    for (let k = 1; k < weights.length; k++) {
      const next = this.flow.apply(term);
      this.products++;
      const factor = (k === 1 ? 1 : 2) / this.#R;
      const weight = 2 * weights[k];
      for (let i = 0; i < next.length; i++) {
        next[i] = factor * (next[i] + this.#c * term[i]) + (k === 1 ? 0 : before[i]);
        sum[i] += weight * next[i];
      }
      [before, term] = [term, next];
    }
    return sum;
  }
}

/** λ = ⟨x, Lx⟩ of a vector of norm 1, and ‖Lx − λx‖. */
function quotientOf({ apply, isReal }: Flow, x: Float64Array): SlowValue & { residual: number } {
  const part = (k: 0 | 1) =>
    apply(Float64Array.from({ length: x.length / 2 }, (_, i) => x[2 * i + k]));
  const [p, q] = isReal ? [part(0), part(1)] : [];
  const whole = p === undefined ? apply(x) : null;
  const image = (i: number) => whole?.[i] ?? (i % 2 === 0 ? p : q)?.[i >> 1] ?? 0;
  let [re, im, square] = [0, 0, 0];
  for (let i = 0; i < x.length; i += 2) {
    const [u, v] = [image(i), image(i + 1)];
    re += x[i] * u + x[i + 1] * v;
    im += x[i] * v - x[i + 1] * u;
    square += u * u + v * v;
  }
  let rest = 0;
  for (let i = 0; i < x.length; i += 2) {
    rest += (image(i) - re * x[i] + im * x[i + 1]) ** 2;
    rest += (image(i + 1) - re * x[i + 1] - im * x[i]) ** 2;
  }
  return { rate: -re, frequency: im, residual: Math.sqrt(Math.min(rest, square)) };
}

/**
 * @param start a vector with a share of all that is looked for
 * @param project takes out of a vector what is not looked for
 * @param asked up to which rate all of them are wanted, and how many of them
 * @param most products of numbers
 */
export function slowestValues(
  flow: Flow,
  start: Float64Array,
  project: (x: Float64Array) => Float64Array,
  asked: { readonly rate: number; readonly count: number },
  most: number,
): SlowValues {
  const exponential = new Exponential(flow);
  const { width } = exponential;
  const size = flow.isReal ? start.length : start.length / 2;
  let best: SlowValues = { values: [], upTo: 0 };
  let x = project(start);
  const [least, largest] = FIRST_PHASE;
  const begin = Math.min(largest, Math.max(least, (FIRST_SHARE * width) / asked.rate)) / width;
  for (let tau = begin; ; tau *= 2) {
    if (euclideanNorm(x) === 0) return { values: [], upTo: Number.POSITIVE_INFINITY };
    const iteration = new Arnoldi(x, {
      isReal: flow.isReal,
      wanted: Math.min(asked.count, MOST_FOUND) + 2,
      tolerance: CONVERGED,
      least: Math.min(LEAST_STEPS, size),
      most: Math.min(MOST_STEPS, size),
    });
    const first = iteration.vector;
    for (;;) {
      const begun = iteration.vector;
      const y = project(exponential.apply(begun, tau));
      if (begun === first && euclideanNorm(y) < VANISHED) return best;
      const result = iteration.add(y);
      if (exponential.products * flow.work > most) return best;
      if (result === null) continue;
      const { values, upTo } = knownOf(flow, result.pairs, width, asked.rate);
      if (upTo >= best.upTo) best = { values, upTo };
      if (upTo > asked.rate || values.length === result.pairs.length) return best;
      x = startOf(flow, x, result.pairs);
      break;
    }
    // What has been found is there again, and less of what decays fast.
    x = project(exponential.apply(x, 2 * tau));
  }
}

/**
 * Of pairs by falling magnitude those up to the first that is not found yet. Where this one decays faster than is asked,
 * by more than what is left of its equation, a slower one would have been there before it.
 */
function knownOf(flow: Flow, pairs: readonly RitzPair[], width: number, asked: number): SlowValues {
  const values: SlowValue[] = [];
  let upTo = 0;
  for (const { vector } of pairs) {
    const { residual, ...value } = quotientOf(flow, vector);
    const isFound = residual <= FOUND * value.rate + STILL * width;
    if (isFound || value.rate - residual > asked) upTo = Math.max(upTo, value.rate - residual);
    if (!isFound) break;
    values.push(value);
  }
  return { values, upTo };
}

/** The last start and what has been found, each of norm 1, added up. */
function startOf({ isReal }: Flow, last: Float64Array, pairs: readonly RitzPair[]): Float64Array {
  const length = euclideanNorm(last);
  const sum = last.map((value) => value / length);
  for (const { vector } of pairs) {
    for (let i = 0; i < sum.length; i++) {
      sum[i] += isReal ? vector[2 * i] + vector[2 * i + 1] : vector[i];
    }
  }
  return sum;
}
