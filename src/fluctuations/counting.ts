/**
 * Counting statistics in a sector: means, zero-frequency covariances and higher cumulants of what is counted at the
 * baths, from the factors of the steady state.
 *
 * With J_a^(k) = Σ wᵏ · jump over what the counter a counts, ⟨1| the trace and G the group inverse of 𝓛,
 *   ⟨a⟩ = ⟨1|J_a'|ρ⟩,   D_ab = ⟨1|J_ab''|ρ⟩ − ⟨1|J_a' G J_b'|ρ⟩ − ⟨1|J_b' G J_a'|ρ⟩,
 * and further cumulants follow by the recursion of Flindt et al., Phys. Rev. B 82, 155407 (2010).
 */
import type { Estimate } from '../lindblad/flows.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { ConservingFactors } from '../solve/conservingFactors.js';
import { zeros } from '../zeros.js';
import { addCounted, countedRow, type JumpElements } from './jumpElements.js';

/** A counter on one device: the jumps of its bath, and what each of them counts. */
export interface Counter {
  readonly name: string;
  readonly elements: JumpElements;
  readonly weight: Float64Array;
}

/** The orders of cumulants that are computed: beyond, what the recursion subtracts leaves few digits. */
export const MOST_CUMULANTS = 10;

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;

/** A counter with what its mean needs, … */
interface Begun {
  readonly counter: Counter;
  /** ⟨1|J' */
  readonly row: Float64Array;
  readonly mean: Estimate;
}

/** … and what its covariances need. */
interface Prepared extends Begun {
  /** z𝓛 = ⟨1|J' less its mean. */
  readonly adjoint: Float64Array;
  /** G J'ρ */
  readonly response: Float64Array;
  /** What rounding may leave of the residual of that solution. */
  readonly unsolved: Float64Array;
}

export class CountingStatistics {
  readonly #begun = new Map<string, Begun>();
  readonly #prepared = new Map<string, Prepared>();
  readonly #covariances = new Map<string, Estimate>();
  readonly rho: Float64Array;

  /** @param sector filled with the numbers of the device that the factors are those of */
  constructor(
    private readonly sector: BoundSector,
    private readonly factors: ConservingFactors,
    counters: readonly Counter[],
    /** How far each population may be off, relative to itself. */
    private readonly relative: number = RELATIVE,
  ) {
    this.rho = factors.nullVector;
    for (const counter of counters) this.#begun.set(counter.name, this.#begin(counter));
  }

  #begunOf(name: string): Begun {
    const found = this.#begun.get(name);
    if (found === undefined) throw new RangeError(`nothing is counted by the name of ${name}`);
    return found;
  }

  /** Solved for when it is first asked for. */
  #of(name: string): Prepared {
    let found = this.#prepared.get(name);
    if (found === undefined) {
      found = this.#prepare(this.#begunOf(name));
      this.#prepared.set(name, found);
    }
    return found;
  }

  /** G y, with one refinement. @returns also a bound of each number of the residual, for errors */
  #solve(y: Float64Array): { x: Float64Array; unsolved: Float64Array } {
    const x = this.factors.solve(y);
    const { y: product, magnitudes } = this.sector.derivative(x);
    const residual = y.map((value, i) => value - product[i]);
    const correction = this.factors.solve(residual);
    for (let i = 0; i < x.length; i++) x[i] += correction[i];
    return { x, unsolved: magnitudes.map((m, i) => ROUNDING * (m + Math.abs(y[i]))) };
  }

  #begin(counter: Counter): Begun {
    const { elements, weight } = counter;
    const { rho } = this;
    const row = countedRow(elements, weight, 1, rho.length);
    const mean = { value: dot(row, rho), error: 0 };
    const { from, value, arrives } = elements;
    for (let e = 0; e < value.length; e++) {
      if (arrives[e] === 1) {
        mean.error += (this.relative + ROUNDING) * Math.abs(weight[e] * value[e] * rho[from[e]]);
      }
    }
    return { counter, row, mean };
  }

  #prepare({ counter, row, mean }: Begun): Prepared {
    const { elements, weight } = counter;
    const { from, value } = elements;
    const { rho } = this;
    const right = zeros(rho.length);
    addCounted(elements, weight, 1, rho, right);
    for (let i = 0; i < rho.length; i++) right[i] -= mean.value * rho[i];
    const { x: response, unsolved } = this.#solve(right);
    // The populations are right to rounding, relative to themselves, and so is what they drive.
    for (let e = 0; e < value.length; e++) {
      unsolved[elements.to[e]] += this.relative * Math.abs(weight[e] * value[e] * rho[from[e]]);
    }
    for (let i = 0; i < rho.length; i++) unsolved[i] += mean.error * Math.abs(rho[i]);
    const adjoint = this.factors.solveTransposed(row);
    return { counter, row, mean, adjoint, response, unsolved };
  }

  /** The mean rate of what is counted. */
  mean(name: string): Estimate {
    return this.#begunOf(name).mean;
  }

  /** Its noise if jumps came independently: what the noise is the remainder of. */
  shotNoise(name: string): number {
    const { elements, weight } = this.#begunOf(name).counter;
    return dot(countedRow(elements, weight, 2, this.rho.length), this.rho);
  }

  /** The zero-frequency covariance of two counters; of one with itself, its noise. */
  covariance(first: string, second: string): Estimate {
    const key = first < second ? `${first}|${second}` : `${second}|${first}`;
    let found = this.#covariances.get(key);
    if (found === undefined) {
      found = this.#covariance(first, second);
      this.#covariances.set(key, found);
    }
    return found;
  }

  #covariance(first: string, second: string): Estimate {
    const [a, b] = [this.#of(first), this.#of(second)];
    const { from, value, arrives } = a.counter.elements;
    let [whole, error] = [0, 0];
    // Two counters of one bath see the same jumps, those of different baths never the same.
    if (a.counter.elements === b.counter.elements) {
      for (let e = 0; e < value.length; e++) {
        if (arrives[e] === 0) continue;
        const term = a.counter.weight[e] * b.counter.weight[e] * value[e] * this.rho[from[e]];
        whole += term;
        error += (this.relative + ROUNDING) * Math.abs(term);
      }
    }
    for (const [left, right] of [
      [a, b],
      [b, a],
    ]) {
      const { row, adjoint } = left;
      const { response, unsolved } = right;
      for (let i = 0; i < row.length; i++) {
        const term = row[i] * response[i];
        whole -= term;
        error += ROUNDING * Math.abs(term) + Math.abs(adjoint[i]) * unsolved[i];
      }
    }
    return { value: whole, error };
  }

  /** The first cumulants by time, the mean being the first. @param order at most MOST_CUMULANTS */
  cumulants(name: string, order: number): number[] {
    const { elements, weight } = this.#begunOf(name).counter;
    const { length } = this.rho;
    const rows = Array.from({ length: order + 1 }, (_, m) =>
      m === 0 ? zeros(length) : countedRow(elements, weight, m, length),
    );
    const found: number[] = [0];
    const states = [this.rho];
    for (let n = 1; n <= order; n++) {
      let cumulant = 0;
      for (let m = 1; m <= n; m++) cumulant += binomial(n, m) * dot(rows[m], states[n - m]);
      found.push(cumulant);
      if (n === order) break;
      const right = zeros(length);
      for (let m = 1; m <= n; m++) {
        const state = states[n - m];
        const factor = binomial(n, m);
        const change = zeros(length);
        addCounted(elements, weight, m, state, change);
        for (let i = 0; i < length; i++) right[i] -= factor * (change[i] - found[m] * state[i]);
      }
      states.push(this.#solve(right).x);
    }
    return found.slice(1);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1);
  return result;
}
