/**
 * Large deviations of what the jumps of any open system count, as fluctuations/largeDeviations.ts has them of a sector:
 * the leading eigenvalue of the generator whose jumps are tilted, which has a positive eigenoperator.
 */
import { type Leading, LeadingEigenvalues } from '../fluctuations/largeDeviations.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { eigenvalues } from '../state/spectrum.js';
import { ROUNDING, times } from './correlation.js';
import { type CountedBath, CountedJumps } from './countedBath.js';
import type { Spectrum } from './modes.js';
import { currentsOf, gained, TiltedBaths, tiltingRules } from './tiltedBaths.js';
import { inner, norm } from './vectors.js';

const MOST_ITERATIONS = 40;
/** A last change of θ beside what rounding leaves of it. */
const SETTLED = 4;
/** An eigenvalue of an eigenoperator that rounding alone makes negative, by its trace. */
const NEGATIVE = 1e-9;
/** The distance of the shift from the eigenvalue that is looked for, by the largest rate. */
const BESIDE = 1e-14;

interface Eigen extends Leading {
  readonly right: Float64Array;
  readonly left: Float64Array;
}

export class TiltedSystem extends LeadingEigenvalues<Eigen> {
  protected readonly begin: Eigen;
  readonly #baths: TiltedBaths;

  /**
   * @param spectrum of a system whose steady state is unique
   * @param counters each with a field of its own; two of one bath have its own list of jumps
   */
  constructor(
    private readonly spectrum: Spectrum,
    counters: readonly CountedBath[],
  ) {
    super();
    this.#baths = new TiltedBaths(counters);
    const { steady } = spectrum;
    const sector = spectrum.populationsWith([]);
    this.begin = {
      chi: counters.map(() => 0),
      slope: counters.map((one) => expectation(steady, new CountedJumps(one).row(1)).re),
      theta: 0,
      error: 0,
      right: sector.fromSpace(steady.elements),
      left: sector.trace,
    };
  }

  protected eigen(near: Eigen, chi: readonly number[]): Eigen | null {
    const { space } = this.spectrum.steady;
    const baths = this.#baths.at(chi);
    const sector = this.spectrum.populationsWith(tiltingRules(baths));
    const largest = sector.diagonal().reduce((m, { re, im }) => Math.max(m, Math.hypot(re, im)), 0);
    let { right, left } = near;
    let theta = chi.reduce((sum, x, k) => sum + (x - near.chi[k]) * near.slope[k], near.theta);
    let change = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const { apply, adjoint } = sector.resolvent({ re: theta + BESIDE * largest, im: 0 });
      [right, left] = [normalised(apply(right)), normalised(adjoint(left))];
      const [image, overlap] = [inner(left, sector.apply(right)), inner(left, right)];
      const next =
        (image.re * overlap.re + image.im * overlap.im) / (overlap.re ** 2 + overlap.im ** 2);
      if (!Number.isFinite(next)) return null;
      const before = change;
      change = Math.abs(next - theta);
      theta = next;
      if (change <= SETTLED * ROUNDING * largest || (iteration > 3 && change >= before)) break;
    }
    // Of trace 1, which takes the phase away.
    const { re, im } = inner(sector.trace, right);
    const size = re * re + im * im;
    right = times({ re: re / size, im: -im / size }, right);
    const state: DensityMatrix = { space, elements: sector.toSpace(right) };
    if (!isPositive(state)) return null;
    const { scgf, terms } = gained(baths, state);
    const overlap = inner(left, right);
    const slope = chi.map(() => 0);
    for (const { at, moved } of currentsOf(baths, state)) {
      const found = inner(left, sector.fromSpace(moved.elements));
      slope[at] =
        (found.re * overlap.re + found.im * overlap.im) / (overlap.re ** 2 + overlap.im ** 2);
    }
    return {
      chi,
      theta: scgf,
      slope,
      error: Math.abs(scgf - theta) + ROUNDING * terms,
      right,
      left,
    };
  }
}

const normalised = (x: Float64Array): Float64Array => {
  const size = norm(x);
  return x.map((value) => value / size);
};

/** Whether no eigenvalue is negative: of all eigenoperators that of the leading one alone. */
const isPositive = (state: DensityMatrix): boolean =>
  eigenvalues(state).every((value) => value >= -NEGATIVE);
