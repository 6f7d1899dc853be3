/**
 * Counting statistics in a sector: means, zero-frequency covariances and higher cumulants of what is counted at the
 * baths, from the factors of the steady state.
 *
 * With J_a^(k) = Σ wᵏ · jump over what the counter a counts, ⟨1| the trace and G the group inverse of 𝓛,
 *   ⟨a⟩ = ⟨1|J_a'|ρ⟩,   D_ab = ⟨1|J_ab''|ρ⟩ − ⟨1|J_a' G J_b'|ρ⟩ − ⟨1|J_b' G J_a'|ρ⟩,
 * and further cumulants follow by the recursion of Flindt et al., Phys. Rev. B 82, 155407 (2010).
 */
import type { Estimate } from '../lindblad/estimate.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { ConservingFactors } from '../solve/conservingFactors.js';
import { zeros } from '../zeros.js';
import { ByName } from './byName.js';
import type { JumpElements } from './jumpElements.js';

/** A counter on one device: the jumps of its bath, and what each of them counts. */
export interface Counter {
  readonly name: string;
  readonly elements: JumpElements;
  /** The place of what is counted among the weights of the elements. */
  readonly which: number;
}

/** The orders of cumulants that are computed: beyond, what the recursion subtracts leaves few digits. */
export const MOST_CUMULANTS = 10;

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;

/** A counter with what its mean needs, … */
interface Begun {
  readonly counter: Counter;
  readonly mean: Estimate;
  /** The noise that it had if jumps came independently. */
  readonly shot: Estimate;
}

/** … and what its covariances need. */
interface Prepared extends Begun {
  /** ⟨1|J' */
  readonly row: Float64Array;
  /** z𝓛 = ⟨1|J' less its mean. */
  readonly adjoint: Float64Array;
  /** G J'ρ, but for what the residual of that solution leaves. */
  readonly response: Float64Array;
  readonly residual: Float64Array;
  /** What rounding may leave of each number of the residual. */
  readonly unsolved: Float64Array;
}

export class CountingStatistics {
  readonly #begun: ByName<Counter, Begun>;
  /** Each solved for when it is first asked for. */
  readonly #prepared: ByName<Counter, Prepared>;
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
    const byName = new Map(counters.map((counter) => [counter.name, counter] as const));
    this.#begun = new ByName(byName, (counter) => this.#begin(counter));
    this.#prepared = new ByName(byName, (_, name) => this.#prepare(this.#begun.of(name)));
  }

  /** G y, what it leaves of y, and a bound of what rounding takes from each number of that. */
  #solve(y: Float64Array) {
    const x = this.factors.solve(y);
    const { y: residual, magnitudes: unsolved } = this.sector.derivative(x);
    for (let i = 0; i < y.length; i++) {
      residual[i] = y[i] - residual[i];
      unsolved[i] = ROUNDING * (unsolved[i] + Math.abs(y[i]));
    }
    return { x, residual, unsolved };
  }

  /** G y, with one refinement. */
  #refined(y: Float64Array): Float64Array {
    const { x, residual } = this.#solve(y);
    const correction = this.factors.solve(residual);
    for (let i = 0; i < x.length; i++) x[i] += correction[i];
    return x;
  }

  #begin(counter: Counter): Begun {
    const { elements, which } = counter;
    const { rho } = this;
    const weight = elements.weight(which);
    const { from, arrived, arriving } = elements;
    let [mean, size, shot, shotSize] = [0, 0, 0, 0];
    for (let e = 0; e < arriving; e++) {
      const term = weight[e] * arrived[e] * rho[from[e]];
      const second = weight[e] * term;
      mean += term;
      size += Math.abs(term);
      shot += second;
      shotSize += Math.abs(second);
    }
    const lost = this.relative + ROUNDING;
    return {
      counter,
      mean: { value: mean, error: lost * size },
      shot: { value: shot, error: lost * shotSize },
    };
  }

  #prepare(begun: Begun): Prepared {
    const { counter, mean, shot } = begun;
    const { elements, which } = counter;
    const { from, to, value, arriving } = elements;
    const { rho, relative } = this;
    const weight = elements.weight(which);
    const [right, driven, row] = [zeros(rho.length), zeros(rho.length), zeros(rho.length)];
    for (let e = 0; e < value.length; e++) {
      const counted = weight[e] * value[e];
      const change = counted * rho[from[e]];
      right[to[e]] += change;
      driven[to[e]] += Math.abs(change);
      if (e < arriving) row[from[e]] += counted;
    }
    for (let i = 0; i < rho.length; i++) right[i] -= mean.value * rho[i];
    const { x: response, residual, unsolved } = this.#solve(right);
    // The populations are right to rounding, relative to themselves, and so is what they drive.
    for (let i = 0; i < rho.length; i++) {
      unsolved[i] += relative * driven[i] + mean.error * Math.abs(rho[i]);
    }
    const adjoint = this.factors.solveTransposed(row);
    return { counter, mean, shot, row, adjoint, response, residual, unsolved };
  }

  /** The mean rate of what is counted. */
  mean(name: string): Estimate {
    return this.#begun.of(name).mean;
  }

  /** Its noise if jumps came independently: what the noise is the remainder of. */
  shotNoise(name: string): number {
    return this.#begun.of(name).shot.value;
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
    const [a, b] = [this.#prepared.of(first), this.#prepared.of(second)];
    const { elements, which } = a.counter;
    let { value: whole, error } = a === b ? a.shot : { value: 0, error: 0 };
    // Two counters of one bath see the same jumps, those of different baths never the same.
    if (a !== b && elements === b.counter.elements) {
      const { from, arrived, arriving } = elements;
      const [left, right] = [elements.weight(which), elements.weight(b.counter.which)];
      for (let e = 0; e < arriving; e++) {
        const term = left[e] * right[e] * arrived[e] * this.rho[from[e]];
        whole += term;
        error += Math.abs(term);
      }
      error *= this.relative + ROUNDING;
    }
    const pairs =
      a === b
        ? [[a, a]]
        : [
            [a, b],
            [b, a],
          ];
    for (const [left, right] of pairs) {
      const { row, adjoint } = left;
      const { response, residual, unsolved } = right;
      let [part, lost] = [0, 0];
      for (let i = 0; i < row.length; i++) {
        // What the solution leaves of its equation is made good by the adjoint one: ⟨1|J'G = z.
        const term = row[i] * response[i];
        part += term + adjoint[i] * residual[i];
        lost += ROUNDING * Math.abs(term) + Math.abs(adjoint[i]) * unsolved[i];
      }
      whole -= (2 / pairs.length) * part;
      error += (2 / pairs.length) * lost;
    }
    return { value: whole, error };
  }

  /** The first cumulants by time, the mean being the first. @param order at most MOST_CUMULANTS */
  cumulants(name: string, order: number): number[] {
    const { elements, which } = this.#begun.source(name);
    const { length } = this.rho;
    const rows = Array.from({ length: order + 1 }, (_, m) =>
      m === 0 ? zeros(length) : elements.countedRow(which, m, length),
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
        elements.addCounted(which, m, state, change);
        for (let i = 0; i < length; i++) right[i] -= factor * (change[i] - found[m] * state[i]);
      }
      states.push(this.#refined(right));
    }
    return found.slice(1);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = (result * (n - i)) / (i + 1);
  return result;
}
