/**
 * Counting statistics in a sector: means, zero-frequency covariances and higher cumulants of what is counted at the
 * baths, from the factors of the steady state.
 *
 * With J_a^(k) = Σ wᵏ · jump over what the counter a counts, ⟨1| the trace and G the group inverse of 𝓛,
 *   ⟨a⟩ = ⟨1|J_a'|ρ⟩,   D_ab = ⟨1|J_ab''|ρ⟩ − ⟨1|J_a' G J_b'|ρ⟩ − ⟨1|J_b' G J_a'|ρ⟩,
 * and further cumulants follow by the recursion of Flindt et al., Phys. Rev. B 82, 155407 (2010).
 */
import { type Answered, answered, ROUNDING } from '../lindblad/answered.js';
import { conservingProduct } from '../lindblad/conservingProduct.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import { dot } from '../norm.js';
import type { ConservingFactors } from '../solve/conservingFactors.js';
import { zeros } from '../zeros.js';
import type { JumpElements } from './jumpElements.js';

/** A counter on one device: the jumps of its bath, and what each of them counts. */
export interface Counter {
  readonly elements: JumpElements;
  /** The place of what is counted among the weights of the elements. */
  readonly which: number;
}

/** The orders of cumulants that are computed: beyond, what the recursion subtracts leaves few digits. */
export const MOST_CUMULANTS = 10;

/** What the mean of a counter needs, … */
interface Begun {
  readonly mean: Estimate;
  /** The noise that it had if jumps came independently. */
  readonly shot: Estimate;
}

/** … and what its covariances need. */
interface Prepared extends Omit<Answered, 'rho'> {
  /** How far the mean may be off. */
  readonly meanError: number;
}

/** Counters are known by their places. */
export interface Statistics {
  /** The mean rate of what is counted. */
  mean(at: number): Estimate;
  /** Its noise if jumps came independently: what the noise is the remainder of. */
  shotNoise(at: number): number;
  /** The zero-frequency covariance of two counters; of one with itself, its noise. */
  covariance(first: number, second: number): Estimate;
  /** The first cumulants by time, the mean being the first. @param order at most MOST_CUMULANTS */
  cumulants(at: number, order: number): number[];
}

/** Counters are known by their places among those that are given. */
export class CountingStatistics implements Statistics {
  // Each solved for when it is first asked for.
  readonly #begun: Begun[] = [];
  readonly #prepared: Prepared[] = [];
  /** By the places of two of them. */
  readonly #covariances: Estimate[] = [];
  readonly rho: Float64Array;

  /** @param sector filled with the numbers of the device that the factors are those of */
  constructor(
    private readonly sector: BoundSector,
    private readonly factors: ConservingFactors,
    private readonly counters: readonly Counter[],
    /** How far each population may be off, relative to itself. */
    private readonly relative: number = RELATIVE,
  ) {
    this.rho = factors.nullVector;
  }

  /** G y, with one refinement. What is left of the equation is of flows alone: a rounded diagonal would leave more. */
  #refined(y: Float64Array): Float64Array {
    const { factors } = this;
    const x = factors.solve(y);
    const { y: residual } = conservingProduct(this.sector, x);
    for (let i = 0; i < y.length; i++) residual[i] = y[i] - residual[i];
    const correction = factors.solve(residual);
    for (let i = 0; i < x.length; i++) x[i] += correction[i];
    return x;
  }

  #begin({ elements, which }: Counter): Begun {
    const { mean, size, shot, shotSize } = elements.sums(which, this.rho);
    const lost = this.relative + ROUNDING;
    return {
      mean: { value: mean, error: lost * size },
      shot: { value: shot, error: lost * shotSize },
    };
  }

  #prepare({ elements, which }: Counter, mean: Estimate): Prepared {
    const { factors } = this;
    const { change, sizes, row } = elements.driven(which, this.rho, mean.value);
    const response = factors.solve(change);
    const { y: product, magnitudes } = this.sector.derivative(response);
    const adjoint = factors.solveTransposed(row);
    return { row, adjoint, change, sizes, response, product, magnitudes, meanError: mean.error };
  }

  #begunOf(at: number): Begun {
    this.#begun[at] ??= this.#begin(this.counters[at]);
    return this.#begun[at];
  }

  #preparedOf(at: number): Prepared {
    this.#prepared[at] ??= this.#prepare(this.counters[at], this.mean(at));
    return this.#prepared[at];
  }

  mean(at: number): Estimate {
    return this.#begunOf(at).mean;
  }

  shotNoise(at: number): number {
    return this.#begunOf(at).shot.value;
  }

  covariance(first: number, second: number): Estimate {
    const [a, b] = first < second ? [first, second] : [second, first];
    const place = a * this.counters.length + b;
    this.#covariances[place] ??= a === b ? this.#noise(a) : this.#covariance(a, b);
    return this.#covariances[place];
  }

  #noise(at: number): Estimate {
    const { value, error } = this.#begunOf(at).shot;
    const one = this.#preparedOf(at);
    const answer = this.#answered(one, one);
    return { value: value - 2 * answer.value, error: error + 2 * answer.error };
  }

  #covariance(a: number, b: number): Estimate {
    const [first, second] = [this.counters[a], this.counters[b]];
    let { value, error } = shotNoiseOf(first, second, this.rho, this.relative);
    const [one, other] = [this.#preparedOf(a), this.#preparedOf(b)];
    for (const answer of [this.#answered(one, other), this.#answered(other, one)]) {
      value -= answer.value;
      error += answer.error;
    }
    return { value, error };
  }

  /** ⟨1|J'G J'ρ⟩ of one counter on the left and one on the right. */
  #answered({ row, adjoint }: Prepared, right: Prepared): Estimate {
    const { rho, relative } = this;
    const { response, change, product, magnitudes, sizes, meanError } = right;
    const of = { row, adjoint, change, sizes, response, product, magnitudes, rho };
    return answered(this.sector, of, relative, meanError);
  }

  cumulants(at: number, order: number): number[] {
    const { elements, which } = this.counters[at];
    const { length } = this.rho;
    const rows = Array.from({ length: order }, (_, m) => elements.countedRow(which, m + 1, length));
    const recursion = cumulantRecursion(this.rho, order, {
      mean: (m, x) => dot(rows[m - 1], x),
      moved: (m, x) => {
        const change = zeros(length);
        elements.addCounted(which, m, x, change);
        return change;
      },
    });
    let step = recursion.next();
    while (step.done !== true) step = recursion.next(this.#refined(step.value));
    return step.value;
  }
}

/** Jumps that both count: two counters of one bath see the same ones, those of different baths never the same. */
export function shotNoiseOf(
  a: Counter,
  b: Counter,
  rho: Float64Array,
  relative: number,
): { value: number; error: number } {
  if (a.elements !== b.elements) return { value: 0, error: 0 };
  const { from, arrived, arriving } = a.elements;
  const [left, right] = [a, b].map(({ elements, which }) => elements.weight(which));
  let [value, size] = [0, 0];
  for (let e = 0; e < arriving; e++) {
    const term = left[e] * right[e] * arrived[e] * rho[from[e]];
    value += term;
    size += Math.abs(term);
  }
  return { value, error: (relative + ROUNDING) * size };
}

/** What counting does to a vector, to an order in its field: the trace of it, and all of it. */
interface Moving {
  readonly mean: (order: number, x: Float64Array) => number;
  readonly moved: (order: number, x: Float64Array) => Float64Array;
}

/**
 * The first cumulants, the mean being the first. It asks for the group inverse of the generator on one vector after
 * another.
 * @param steady of trace 1
 */
export function* cumulantRecursion(
  steady: Float64Array,
  order: number,
  { mean, moved }: Moving,
): Generator<Float64Array, number[], Float64Array> {
  const found: number[] = [];
  const states = [steady];
  for (let n = 1; n <= order; n++) {
    let cumulant = 0;
    for (let m = 1; m <= n; m++) cumulant += binomial(n, m) * mean(m, states[n - m]);
    found.push(cumulant);
    if (n === order) break;
    const right = new Float64Array(steady.length);
    for (let m = 1; m <= n; m++) {
      const state = states[n - m];
      const change = moved(m, state);
      const [factor, known] = [binomial(n, m), found[m - 1]];
      for (let i = 0; i < right.length; i++) right[i] -= factor * (change[i] - known * state[i]);
    }
    states.push(yield right);
  }
  return found;
}

export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1);
  return result;
}
