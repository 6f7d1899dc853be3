/**
 * ẏ = Ay on one sector: adaptive steps by an L-stable approximation of the exponential, their length set by
 * the accuracy asked for and not by the fastest frequency, at O(sites) operations a step.
 */
import type { SiteMatrix } from '../generator/siteMatrix.js';
import { maxNorm } from '../norm.js';
import type { StepCounts } from './evolver.js';
import {
  ERROR_ORDER,
  type Partners,
  RationalStep,
  type StepFactors,
  stepFactors,
} from './rationalStep.js';

/** Factorisations that are kept: those of the step length in use, and of repeated ends of intervals. */
const KEPT = 3;
const SAFETY = 0.9;
const [LARGEST_GROWTH, SMALLEST_GROWTH] = [8, 1 / 16];

/** The largest sum of magnitudes in a column. */
function columnNorm({ sites, width, re, im }: SiteMatrix): number {
  const sums = new Float64Array((sites + 2) * width);
  for (let site = 0, at = 0; site < sites; site++) {
    for (let r = 0; r < width; r++) {
      for (let c = 0; c < 3 * width; c++, at++) {
        sums[site * width + c] += Math.hypot(re[at], im[at]);
      }
    }
  }
  return maxNorm(sums);
}

export class SectorEvolution {
  /** The state: interleaved complex numbers, site by site. */
  readonly y: Float64Array;
  private readonly step: RationalStep;
  private readonly kept: StepFactors[] = [];
  private readonly trial: Float64Array;
  /** How far `advanceTo` has come. */
  private reached = 0;

  /**
   * @param y the state to start from, which is kept and changed
   * @param partners null for any operator in place of a state
   * @param tolerance largest error of an element in a step
   * @param h the length of the first step to try; without it, one that resolves everything
   */
  constructor(
    private readonly matrix: SiteMatrix,
    y: Float64Array,
    private readonly partners: Partners,
    private readonly tolerance: number,
    private readonly counts: StepCounts,
    public h: number = 1 / Math.max(columnNorm(matrix), Number.MIN_VALUE),
  ) {
    this.y = y;
    this.trial = new Float64Array(y.length);
    this.step = new RationalStep(y.length, partners);
  }

  /** Steps as far as a time that is not before the last one; the first was 0. */
  advanceTo(t: number): void {
    while (this.reached < t) {
      const distance = t - this.reached;
      const h = this.advance(distance);
      this.reached = h >= distance ? t : this.reached + h;
    }
  }

  /** One step towards the time at the given distance, and no farther. @returns its length */
  advance(distance: number): number {
    const { y, trial, step, counts, tolerance } = this;
    const rounding = Number.EPSILON * maxNorm(y);
    for (;;) {
      const h = this.length(distance);
      const factors = this.factors(h);
      trial.set(y);
      step.remainder(factors, trial);
      step.remainder(factors, trial);
      // What rounding leaves of the estimate does not grow with the step.
      const error = Math.max(maxNorm(trial) / 2 - rounding, 0);
      const growth = SAFETY * (tolerance / Math.max(error, Number.MIN_VALUE)) ** (1 / ERROR_ORDER);
      const next = h * Math.min(LARGEST_GROWTH, Math.max(SMALLEST_GROWTH, growth));
      if (error <= tolerance) {
        const before = this.populations();
        step.advance(factors, y);
        this.restore(before);
        counts.accepted++;
        // A step that an interval's end cut short says nothing against longer ones.
        this.h = h < this.h ? Math.max(this.h, next) : next;
        return h;
      }
      counts.rejected++;
      this.h = next;
      if (!(this.h > 0)) throw new RangeError('the state is not made of finite numbers');
    }
  }

  /** The sum of the populations, which the generator conserves: 0 where the sector holds none. */
  private populations(): number {
    const { width, coherences } = this.matrix;
    let sum = 0;
    for (let at = 0; at < this.y.length; at += 2 * width) {
      for (let c = coherences; c < width; c++) sum += this.y[at + 2 * c];
    }
    return sum;
  }

  /**
   * Takes the rounding of a step out of the sum of the populations, in proportion to each: what rounding
   * leaves of one step is nothing, of the thousands of a long run it is not. What is not Hermitian is no state.
   */
  private restore(before: number): void {
    if (this.partners === null || this.matrix.created !== undefined) return;
    const { width, coherences } = this.matrix;
    const after = this.populations();
    if (after === before || after === 0) return;
    const factor = before / after;
    for (let at = 0; at < this.y.length; at += 2 * width) {
      for (let c = coherences; c < width; c++) this.y[at + 2 * c] *= factor;
    }
  }

  /** The step length to try: powers of √2, which repeat, then what is left of the interval. */
  private length(distance: number): number {
    if (this.h >= distance) return distance;
    if (2 * this.h >= distance) return distance / 2;
    return 2 ** (Math.floor(2 * Math.log2(this.h)) / 2);
  }

  private factors(h: number): StepFactors {
    // Ends of equal intervals differ by the rounding of their times.
    const known = this.kept.findIndex((f) => Math.abs(f.h - h) <= 4 * Number.EPSILON * h);
    if (known >= 0) return this.kept[known];
    const made = stepFactors(this.matrix, h, this.partners !== null);
    this.kept.unshift(made);
    this.kept.length = Math.min(this.kept.length, KEPT);
    return made;
  }
}
