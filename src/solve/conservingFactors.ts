/**
 * The elimination of conservingElimination.ts with its factors kept: after the null vector, equations with a right-hand
 * side and those with the transposed matrix are solved by substitution alone, which costs O(sites · width²) each.
 *
 * Pivots of populations are sums of positive terms here, too, so that the factors are right whatever the condition
 * number. Solutions are those of the group inverse: of a trace of 0, or, transposed, of a mean of 0 in the null vector.
 */

import { copied, zeros } from '../zeros.js';
import {
  type Assemble,
  type BlockTridiagonal,
  closedSets,
  type Eliminated,
  type Ending,
  eliminate,
  reordered,
  swapUnknownsOf,
} from './conservingElimination.js';
import { substitute } from './eliminateSite.js';
import { type Step, stepsOf } from './eliminationSteps.js';
import { KeptFactors } from './keptFactors.js';
import { afterOwn } from './sitePairs.js';
import { type Substitutions, substitutionsOf } from './substitutions.js';

/**
 * Beyond this ratio of the largest unknown to the one that is set free, another is set free. What rounding leaves of a
 * right-hand side on the way from the peak to the ending comes back as so many times more of the null vector, and takes
 * digits of what is solved for when that is removed: twice, of a solution and of its adjoint, before it is felt.
 */
const FAR_FROM_ENDING = 1e12;
/** How often another ending is tried. */
const MOST_ENDINGS = 8;

export class ConservingFactors {
  readonly #kept: KeptFactors;
  readonly #substitutions: Substitutions | null;
  #madePivots: Float64Array | null = null;
  #madeSteps: readonly Step[] | null = null;

  private constructor(
    /** As `eliminate` leaves it. */
    private readonly shape: BlockTridiagonal,
    readonly ending: Ending,
    /** Populations summing to 1; as the code has it, where there is one. */
    readonly nullVector: Float64Array,
    /** Whether it is known already that no population is too large beside the one that is set free. */
    private readonly isNear: boolean,
  ) {
    this.#kept = new KeptFactors(shape, nullVector);
    this.#substitutions = substitutionsOf(shape);
  }

  /**
   * @param assemble makes the matrix about a centre, of which a copy is taken
   * @param start the site that is tried first
   * @throws {NonUniqueSteadyStateError} where two sets of populations do not communicate
   */
  static of(assemble: Assemble, start: number): ConservingFactors {
    let centre = start;
    let free: number | null = null;
    for (let attempt = 0; attempt < MOST_ENDINGS; attempt++) {
      const found: ConservingFactors | Ending = eliminated(assemble(centre), free);
      if (!(found instanceof ConservingFactors)) {
        if (free !== null) break;
        ({ centre, free } = found);
        continue;
      }
      const peak = found.#farPeak();
      if (peak === null) return found;
      centre = peak;
    }
    throw closedSets();
  }

  /**
   * Those that the elimination of a null vector has left; null where its code has had another matrix since.
   * @param nullVector which it has found
   */
  static left({ matrix, isThere }: Eliminated, nullVector: Float64Array): ConservingFactors | null {
    if (!isThere) return null;
    const ending = { centre: matrix.centre, free: matrix.width - 1 };
    return new ConservingFactors(matrix, ending, nullVector, true);
  }

  /**
   * @internal
   * @param x the null vector in the order of the elimination, of any trace; it is changed
   */
  static made(matrix: BlockTridiagonal, ending: Ending, x: Float64Array): ConservingFactors {
    const { kernel, width } = matrix;
    // Code knows no other ending than the last unknown.
    if (kernel?.normalised(FAR_FROM_ENDING)) {
      x.set(kernel.unknowns);
      return new ConservingFactors(matrix, ending, x, true);
    }
    const nullVector = swapped(x, width, ending.free);
    let total = 0;
    for (let own = 0; own < x.length; own += width) {
      for (let r = matrix.paired; r < width; r++) total += nullVector[own + r];
    }
    for (let i = 0; i < x.length; i++) nullVector[i] /= total;
    return new ConservingFactors(matrix, ending, nullVector, false);
  }

  /** The largest population of a vector of the null vector's order, by magnitude. */
  largestPopulation(x: Float64Array): number {
    const { width, paired } = this.shape;
    let most = 0;
    for (let i = 0; i < x.length; i++) {
      if (i % width >= paired) most = Math.max(most, Math.abs(x[i]));
    }
    return most;
  }

  get #steps(): readonly Step[] {
    this.#madeSteps ??= stepsOf(this.shape);
    return this.#madeSteps;
  }

  get #last(): number {
    return this.shape.centre * this.shape.width + this.shape.width - 1;
  }

  /** In the order in which it was eliminated, or back again. */
  #swapped(x: Float64Array): Float64Array {
    return swapped(x, this.shape.width, this.ending.free);
  }

  /** The site of the largest population, where it is too large beside the one that was set free. */
  #farPeak(): number | null {
    if (this.isNear) return null;
    const { sites, width, paired, centre } = this.shape;
    const x = this.nullVector;
    let [largest, at] = [0, centre];
    for (let site = 0; site < sites; site++) {
      for (let r = paired; r < width; r++) {
        const value = x[site * width + r];
        if (!Number.isFinite(value)) return site;
        if (value > largest) [largest, at] = [value, site];
      }
    }
    const freed = x[centre * width + this.ending.free];
    return largest > FAR_FROM_ENDING * freed && at !== centre ? at : null;
  }

  /** x with 𝓛x = y and Tr x = 0. @param y of trace 0 */
  solve(y: Float64Array): Float64Array {
    const kernel = this.#substitutions?.next() ?? null;
    if (kernel !== null) return kernel.solve(this.#kept, y);
    const h = this.#swapped(copied(y));
    this.#forward(h);
    h[this.#last] = 0;
    this.#substitute(h);
    const x = this.#swapped(h);
    const total = traceOf(x, this.shape);
    for (let i = 0; i < x.length; i++) x[i] -= total * this.nullVector[i];
    return x;
  }

  /** z with z𝓛 = ℓ − (ℓ·ρ)1 and z·ρ = 0. */
  solveTransposed(row: Float64Array): Float64Array {
    const kernel = this.#substitutions?.next() ?? null;
    return kernel?.solveTransposed(this.#kept, row) ?? this.#solveTransposed(row);
  }

  /** Of two rows, which takes less than of one after the other. */
  solveTransposedTwo(
    row: Float64Array,
    other: Float64Array,
  ): readonly [Float64Array, Float64Array] {
    const kernel = this.#substitutions?.next() ?? null;
    if (kernel !== null) return kernel.solveTransposedTwo(this.#kept, row, other);
    return [this.#solveTransposed(row), this.#solveTransposed(other)];
  }

  #solveTransposed(row: Float64Array): Float64Array {
    const { sites, width, paired } = this.shape;
    const rho = this.nullVector;
    const mean = dot(row, rho, width);
    const c = copied(row);
    for (let site = 0; site < sites; site++) {
      for (let r = paired; r < width; r++) c[site * width + r] -= mean;
    }
    const z = this.#swapped(c);
    this.#substituteTransposed(z);
    z[this.#last] = 0;
    this.#forwardTransposed(z);
    const found = this.#swapped(z);
    const shift = dot(found, rho, width);
    for (let site = 0; site < sites; site++) {
      for (let r = paired; r < width; r++) found[site * width + r] -= shift;
    }
    return found;
  }

  /**
   * Inverse pivots, two numbers for each unknown: rows of 2×2 blocks, or, from the multipliers, minus one over what
   * leaves a population, and 0.
   */
  get #pivots(): Float64Array {
    if (this.#madePivots !== null) return this.#madePivots;
    const { width, paired } = this.shape;
    const { entries } = this.#kept;
    const row = 3 * width;
    const pivots = zeros(2 * this.nullVector.length);
    for (const { site, inner, block, reach } of this.#steps) {
      const own = site * width;
      const count = inner < 0 ? width - 1 : width;
      for (let j = 0; j < paired; j += 2) {
        const first = (own + j) * row + width + j;
        const second = first + row;
        const [a, b, c, d] = [
          entries[first],
          entries[first + 1],
          entries[second],
          entries[second + 1],
        ];
        const inverse = 1 / (a * d - b * c);
        const at = 2 * (own + j);
        pivots[at] = d * inverse;
        pivots[at + 1] = -b * inverse;
        pivots[at + 2] = -c * inverse;
        pivots[at + 3] = a * inverse;
      }
      for (let j = paired; j < count; j++) {
        let outflow = 0;
        let from = (own + j + 1) * row + width + j;
        for (let t = j + 1; t < width; t++, from += row) outflow += entries[from];
        const met = inner < 0 ? 0 : reach[j];
        from = (inner * width + paired) * row + block * width + j;
        for (let t = paired; t < met; t++, from += row) outflow += entries[from];
        pivots[2 * (own + j)] = -1 / outflow;
      }
    }
    this.#madePivots = pivots;
    return pivots;
  }

  /** What leaves each population for those that are eliminated later; 0 for pairs and for the one that is set free. */
  get outflows(): Float64Array {
    const { sites, width, paired } = this.shape;
    const pivots = this.#pivots;
    const outflows = zeros(sites * width);
    for (let at = 0; at < outflows.length; at += width) {
      for (let i = at + paired; i < at + width; i++) {
        if (pivots[2 * i] !== 0) outflows[i] = -1 / pivots[2 * i];
      }
    }
    return outflows;
  }

  /** The inverse pivots of pairs, in rows of 2×2 blocks: four numbers for each of them, site by site. */
  get pairPivots(): Float64Array {
    const { sites, width, paired } = this.shape;
    const found = zeros(2 * sites * paired);
    for (let site = 0; site < sites; site++) {
      const from = 2 * site * width;
      found.set(this.#pivots.subarray(from, from + 2 * paired), 2 * site * paired);
    }
    return found;
  }

  /** What each unknown has from the right-hand side, in place of it. */
  #forward(y: Float64Array): void {
    const { width, paired } = this.shape;
    const { entries } = this.#kept;
    const pivots = this.#pivots;
    const row = 3 * width;
    for (const { site, inner, block, reach } of this.#steps) {
      const own = site * width;
      const count = inner < 0 ? width - 1 : width;
      for (let j = 0; j < count; ) {
        const at = own + j;
        const next = j < paired ? j + 2 : j + 1;
        if (next === j + 2) {
          const [u, v] = [y[at], y[at + 1]];
          y[at] = pivots[2 * at] * u + pivots[2 * at + 1] * v;
          y[at + 1] = pivots[2 * at + 2] * u + pivots[2 * at + 3] * v;
        } else y[at] *= pivots[2 * at];
        const met = inner < 0 ? 0 : reach[next - 1];
        for (let p = j; p < next; p++) {
          const h = y[own + p];
          if (h === 0) continue;
          let from = (own + next) * row + width + p;
          for (let t = next; t < width; t++, from += row) y[own + t] -= entries[from] * h;
          from = inner * width * row + block * width + p;
          for (let t = 0; t < met; t++, from += row) y[inner * width + t] -= entries[from] * h;
        }
        j = next;
      }
    }
  }

  #forwardTransposed(z: Float64Array): void {
    const { width, paired } = this.shape;
    const { entries } = this.#kept;
    const pivots = this.#pivots;
    const row = 3 * width;
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const { site, inner, block, reach } = this.#steps[k];
      const own = site * width;
      for (let end = inner < 0 ? width - 1 : width; end > 0; ) {
        const j = end <= paired ? end - 2 : end - 1;
        const met = inner < 0 ? 0 : reach[end - 1];
        for (let p = j; p < end; p++) {
          let sum = z[own + p];
          let from = inner * width * row + block * width + p;
          for (let t = 0; t < met; t++, from += row) sum -= entries[from] * z[inner * width + t];
          from = (own + width - 1) * row + width + p;
          for (let t = width - 1; t >= end; t--, from -= row) sum -= entries[from] * z[own + t];
          z[own + p] = sum;
        }
        const at = own + j;
        if (end === j + 2) {
          const [u, v] = [z[at], z[at + 1]];
          z[at] = pivots[2 * at] * u + pivots[2 * at + 2] * v;
          z[at + 1] = pivots[2 * at + 1] * u + pivots[2 * at + 3] * v;
        } else z[at] *= pivots[2 * at];
        end = j;
      }
    }
  }

  /** Adds to each unknown what it has from later ones. */
  #substitute(x: Float64Array): void {
    const { width, paired } = this.shape;
    const { entries } = this.#kept;
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const { site, inner } = this.#steps[k];
      const isCentre = inner < 0;
      const count = isCentre ? width - 1 : width;
      substitute(entries, x, site, isCentre ? site : inner, count, width, paired);
    }
  }

  #substituteTransposed(c: Float64Array): void {
    const { width, paired } = this.shape;
    const { entries } = this.#kept;
    for (const { site, inner, reach } of this.#steps) {
      const own = site * width;
      const count = inner < 0 ? width - 1 : width;
      for (let j = 0; j < count; j++) {
        const h = c[own + j];
        if (h === 0) continue;
        const at = (own + j) * 3 * width + width;
        for (let t = afterOwn(j, paired); t < width; t++) c[own + t] += entries[at + t] * h;
        const met = inner < 0 ? 0 : this.#met(j, reach);
        for (let t = 0; t < met; t++) c[inner * width + t] += entries[at + width + t] * h;
      }
    }
  }

  /** How many of the inner neighbour's unknowns the row of an unknown reaches. */
  #met(j: number, reach: Int32Array): number {
    return j < this.shape.paired ? reach[j - (j % 2) + 1] : reach[j];
  }
}

const swapped = (x: Float64Array, width: number, free: number): Float64Array =>
  free === width - 1 ? x : swapUnknownsOf(x, width, free, width - 1);

/** Σ x over the populations. Sums are in the order in which code sums, by twos: both give the same bits. */
function traceOf(x: Float64Array, { width, paired }: BlockTridiagonal): number {
  const sums = [0, 0, 0, 0];
  for (let own = 0; own < x.length; own += width) {
    for (let r = paired; r < width; r++) sums[(r - paired) % 4] += x[own + r];
  }
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}

/** Σ xy, in that order. */
function dot(x: Float64Array, y: Float64Array, width: number): number {
  const sums = [0, 0, 0, 0];
  for (let own = 0; own < x.length; own += width) {
    for (let r = 0; r < width; r++) sums[r % 4] += x[own + r] * y[own + r];
  }
  return sums[0] + sums[2] + (sums[1] + sums[3]);
}

/** The factors, or the place of a population that reaches no later one. */
function eliminated(matrix: BlockTridiagonal, free: number | null): ConservingFactors | Ending {
  const last = matrix.width - 1;
  const ordered = free === null || free === last ? matrix : reordered(matrix, free);
  const x = eliminate(ordered);
  if (!(x instanceof Float64Array)) return { centre: x.site, free: x.unknown };
  return ConservingFactors.made(ordered, { centre: matrix.centre, free: free ?? last }, x);
}
