/**
 * Large deviations of what is counted: ⟨e^{χN}⟩ grows as e^{θ(χ)t}, θ the leading eigenvalue of the generator in which
 * each jump that counts w is weighted with e^{χw}, and the probability of a current j falls as e^{−I(j)t} with
 * I(j) = χj − θ(χ), j = θ'(χ). The eigenvalue is found by inverse iteration on both sides, from one field to the next.
 */
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import type { Counter } from './counting.js';
import { realResolvent, tiltedMatrix, timesMatrix } from './tiltedMatrix.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;
const MOST_ITERATIONS = 40;
/** A last change of θ beside what rounding leaves of it. */
const SETTLED = 4;
/** How often the way from one field to the next is halved, where another eigenvalue was found at its end. */
const MOST_HALVINGS = 12;
/** A population of an eigenvector that rounding alone makes negative, by its largest one. */
const NEGATIVE = 1e-9;
/** The distance of the shift from the eigenvalue that is looked for, by the largest rate: no pivot is 0. */
const BESIDE = 1e-14;

export interface LargeDeviation {
  /** The counting field. */
  readonly chi: number;
  /** θ(χ), by time. */
  readonly scgf: number;
  /** What may have been lost of it. */
  readonly error: number;
  /** θ'(χ): the current whose rate is given. */
  readonly current: number;
  /** I(θ'(χ)), by time. */
  readonly rate: number;
}

interface Eigen {
  readonly chi: number;
  readonly theta: number;
  readonly slope: number;
  readonly error: number;
  readonly right: Float64Array;
  readonly left: Float64Array;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * b[i], 0);

function normalised(x: Float64Array): Float64Array {
  const largest = x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return x.map((value) => value / largest);
}

export class TiltedGenerator {
  readonly #begin: Eigen;
  /** 1 for populations that there are: at the window's ends a charge has not all of them. */
  readonly #populations: Float64Array;

  /** @param sector filled with the numbers of the device whose steady state is rho */
  constructor(
    private readonly sector: BoundSector,
    rho: Float64Array,
    private readonly counter: Counter,
  ) {
    const { siteWidth, sitePaired } = sector;
    const left = new Float64Array(rho.length);
    for (const { source, from, count } of sector.runs) {
      if (from < sitePaired) continue;
      for (let i = 0; i < count; i++) left[(source + i) * siteWidth + from] = 1;
    }
    this.#populations = left;
    const { elements, which } = counter;
    const slope = dot(elements.countedRow(which, 1, rho.length), rho);
    this.#begin = { chi: 0, theta: 0, slope, error: 0, right: rho, left };
  }

  /** At rising fields. @throws {NoSteadyStateError} where the eigenvalue could not be followed */
  at(fields: readonly number[]): LargeDeviation[] {
    const below = fields.filter((chi) => chi < 0).reverse();
    const above = fields.filter((chi) => chi >= 0);
    const follow = (chis: readonly number[]) => {
      let last = this.#begin;
      return chis.map((chi) => {
        last = this.#follow(last, chi);
        return last;
      });
    };
    return [...follow(below).reverse(), ...follow(above)].map(({ chi, theta, slope, error }) => ({
      chi,
      scgf: theta,
      error,
      current: slope,
      rate: chi * slope - theta,
    }));
  }

  #follow(from: Eigen, chi: number): Eigen {
    let last = from;
    let step = chi - from.chi;
    for (let halvings = 0; last.chi !== chi; ) {
      const next = Math.abs(chi - last.chi) <= Math.abs(step) ? chi : last.chi + step;
      const found = this.#eigen(last, next);
      if (found !== null) last = found;
      else {
        if (++halvings > MOST_HALVINGS) {
          throw new NoSteadyStateError(`no leading eigenvalue was found at the field ${next}`);
        }
        step /= 2;
      }
    }
    return last;
  }

  /** The eigenvalue from a neighbour's vectors; null where it is not the leading one. */
  #eigen(near: Eigen, chi: number): Eigen | null {
    const { sector } = this;
    const { elements, which } = this.counter;
    const weight = elements.weight(which);
    const matrix = tiltedMatrix(sector, [
      { elements, factor: weight.map((w) => Math.expm1(chi * w)) },
    ]);
    const largest = matrix.re.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    let { right, left } = near;
    let theta = near.theta + (chi - near.chi) * near.slope;
    let change = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const { apply, transposed } = realResolvent(matrix, theta + BESIDE * largest);
      [right, left] = [normalised(apply(right)), normalised(transposed(left))];
      const next = dot(left, timesMatrix(matrix, right)) / dot(left, right);
      if (!Number.isFinite(next)) return null;
      const before = change;
      change = Math.abs(next - theta);
      theta = next;
      if (change <= SETTLED * ROUNDING * largest || (iteration > 3 && change >= before)) break;
    }
    if (!(this.#isState(right) && this.#isState(left))) return null;
    // With ⟨1| on the left: rates alone, which the trace does not cancel.
    const { from, to, value, arrives } = elements;
    let [gained, size, slope] = [0, 0, 0];
    for (let e = 0; e < value.length; e++) {
      const moved = value[e] * right[from[e]];
      slope += left[to[e]] * weight[e] * Math.exp(chi * weight[e]) * moved;
      if (arrives[e] === 0) continue;
      const term = Math.expm1(chi * weight[e]) * moved;
      gained += term;
      size += Math.abs(term);
    }
    const trace = dot(this.#populations, right);
    const scgf = gained / trace;
    return {
      chi,
      theta: scgf,
      slope: slope / dot(left, right),
      error: Math.abs(scgf - theta) + (ROUNDING * size) / trace,
      right,
      left,
    };
  }

  /** Whether no population is negative: of all eigenvectors that of the leading one alone. */
  #isState(x: Float64Array): boolean {
    const populations = x.filter((_, i) => this.#populations[i] === 1);
    const [least, most] = [Math.min(...populations), Math.max(...populations)];
    return Math.min(most, -least) <= NEGATIVE * Math.max(most, -least);
  }
}
