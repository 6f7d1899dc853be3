/** One step of ẏ = Ay by Padé's approximation of e^{hA}, and an estimate of its error. */
import type { SiteMatrix } from '../generator/siteMatrix.js';
import type { Complex } from '../operators/operator.js';
import { type PadeApproximation, padeApproximation } from './pade.js';
import { type ShiftedFactors, shiftedFactors, solveShifted } from './shiftedElimination.js';

/** Order 13: three complex factorisations and a real one a step. */
const DEGREE = 7;

/** The order of the error, h^ERROR_ORDER. */
export const ERROR_ORDER = 2 * DEGREE;

let known: PadeApproximation | undefined;

/** Found for the first step: its poles take longer than to read this file. */
function approximation(): PadeApproximation {
  known ??= padeApproximation(DEGREE);
  return known;
}

/** z − hA of one step length, eliminated for every pole. */
export interface StepFactors {
  readonly h: number;
  /** For each pole of the upper half plane, and where vectors are not Hermitian for its conjugate. */
  readonly upper: readonly ShiftedFactors[];
  readonly lower: readonly ShiftedFactors[] | null;
  readonly real: ShiftedFactors;
}

export function stepFactors(matrix: SiteMatrix, h: number, hermitian: boolean): StepFactors {
  const { poles, realPole } = approximation();
  return {
    h,
    upper: poles.map((a) => shiftedFactors(matrix, h, a)),
    lower: hermitian ? null : poles.map((a) => shiftedFactors(matrix, h, { re: a.re, im: -a.im })),
    real: shiftedFactors(matrix, h, { re: realPole, im: 0 }),
  };
}

/** Where each element's conjugate is, in a vector of complex numbers; null where it is not held. */
export type Partners = Int32Array | null;

/** Products of factors of N(hA)/D(hA) with vectors, in work space of its own. */
export class RationalStep {
  private readonly x: Float64Array;
  private readonly other: Float64Array;

  /** @param length numbers of a vector, two for each complex element */
  constructor(
    length: number,
    private readonly partners: Partners,
  ) {
    this.x = new Float64Array(length);
    this.other = new Float64Array(length);
  }

  /** y ← N(hA)/D(hA) y. */
  advance(factors: StepFactors, y: Float64Array): void {
    const { poles, zeros, realPole } = approximation();
    for (let j = 0; j < poles.length; j++) {
      const a = poles[j];
      const b = zeros[j];
      // (a − b)(a − b̄)
      const mu = {
        re: (a.re - b.re) ** 2 - a.im * a.im + b.im * b.im,
        im: 2 * (a.re - b.re) * a.im,
      };
      const factor = (a.re * a.re + a.im * a.im) / (b.re * b.re + b.im * b.im);
      this.pair(factors, j, mu, factor, y);
    }
    solveShifted(factors.real, y, this.x);
    for (let i = 0; i < y.length; i++) y[i] = -realPole * this.x[i];
  }

  /**
   * y ← z^k/D(z) y up to a constant, z = hA. Applied twice, halved, it is the error of a step: the integral
   * in Padé's remainder z^{2k} ∫…e^{uz} du / D(z) is close to a constant over D(z).
   */
  remainder(factors: StepFactors, y: Float64Array): void {
    const { poles, realPole } = approximation();
    for (let j = 0; j < poles.length; j++) {
      const { re, im } = poles[j];
      this.pair(factors, j, { re: re * re - im * im, im: 2 * re * im }, 1, y);
    }
    solveShifted(factors.real, y, this.x);
    for (let i = 0; i < y.length; i++) y[i] += realPole * this.x[i];
  }

  /** y ← factor · (y + [μ(z − a)^{-1}y − μ̄(z − ā)^{-1}y]/2i Im a), z = hA. */
  private pair(
    { upper, lower }: StepFactors,
    j: number,
    mu: Complex,
    factor: number,
    y: Float64Array,
  ): void {
    const { x, other, partners } = this;
    const scale = factor / (2 * approximation().poles[j].im);
    solveShifted(upper[j], y, x);
    if (lower !== null) solveShifted(lower[j], y, other);
    for (let i = 0; i < y.length; i += 2) {
      let u: number;
      let v: number;
      if (partners === null) {
        u = other[i];
        v = other[i + 1];
      } else {
        u = x[2 * partners[i >> 1]];
        v = -x[2 * partners[i >> 1] + 1];
      }
      const re = mu.re * (x[i] - u) - mu.im * (x[i + 1] + v);
      const im = mu.re * (x[i + 1] - v) + mu.im * (x[i] + u);
      y[i] = factor * y[i] + scale * im;
      y[i + 1] = factor * y[i + 1] - scale * re;
    }
  }
}
