/**
 * Large deviations of what the jumps of any open system count, as fluctuations/largeDeviations.ts has them of a sector:
 * the leading eigenvalue of the generator whose jumps are tilted, which has a positive eigenoperator.
 */
import { type Leading, LeadingEigenvalues } from '../fluctuations/largeDeviations.js';
import { jumpRules } from '../generator/rules.js';
import { adjointProduct, type Operator, sum } from '../operators/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { eigenvalues } from '../state/spectrum.js';
import { ROUNDING, times } from './correlation.js';
import { type CountedBath, CountedJumps } from './countedBath.js';
import type { Spectrum } from './modes.js';
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

/** A bath, and which counters count its jumps. */
interface TiltedBath {
  readonly jumps: readonly Operator[];
  readonly counters: readonly { readonly at: number; readonly quantity: Operator }[];
}

export class TiltedSystem extends LeadingEigenvalues<Eigen> {
  protected readonly begin: Eigen;
  readonly #baths: readonly TiltedBath[];

  /**
   * @param spectrum of a system whose steady state is unique
   * @param counters each with a field of its own; two of one bath have its own list of jumps
   */
  constructor(
    private readonly spectrum: Spectrum,
    counters: readonly CountedBath[],
  ) {
    super();
    this.#baths = [...new Set(counters.map(({ jumps }) => jumps))].map((jumps) => ({
      jumps,
      counters: counters.flatMap(({ quantity, jumps: own }, at) =>
        own === jumps ? [{ at, quantity }] : [],
      ),
    }));
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

  #tilted({ jumps, counters }: TiltedBath, chi: readonly number[]): readonly Operator[] {
    return counters.reduce(
      (tilted, { at, quantity }) =>
        new CountedJumps({ name: '', jumps: tilted, quantity }).tilted(chi[at]),
      jumps,
    );
  }

  protected eigen(near: Eigen, chi: readonly number[]): Eigen | null {
    const { space } = this.spectrum.steady;
    const { window } = space;
    const baths = this.#baths.map((bath) => ({ ...bath, tilted: this.#tilted(bath, chi) }));
    const sector = this.spectrum.populationsWith(
      baths.flatMap(({ jumps, tilted }) => [...jumpRules(tilted), ...jumpRules(jumps, -1)]),
    );
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
    // With ⟨1| on the left: rates alone, which the trace does not cancel.
    let [scgf, terms] = [0, 0];
    for (const { jumps, tilted } of baths) {
      const rates = (operators: readonly Operator[]) =>
        expectation(state, sum(window, ...operators.map((a) => adjointProduct(a, a)))).re;
      const [more, less] = [rates(tilted), rates(jumps)];
      scgf += more - less;
      terms += Math.abs(more) + Math.abs(less);
    }
    const overlap = inner(left, right);
    const slope = chi.map(() => 0);
    for (const { tilted, counters } of baths) {
      for (const { at, quantity } of counters) {
        const counted = new CountedJumps({ name: '', jumps: tilted, quantity });
        const moved = inner(left, sector.fromSpace(counted.moved(1, state).elements));
        slope[at] =
          (moved.re * overlap.re + moved.im * overlap.im) / (overlap.re ** 2 + overlap.im ** 2);
      }
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
