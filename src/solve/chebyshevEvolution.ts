/**
 * ρ̇ = Lρ on a backend, by Chebyshev's expansion along the imaginary axis:
 *
 *   ρ(t + h) = ρ(t) + ∫₀^h e^{sL} ds Lρ(t),
 *   ∫₀^h e^{sL} ds = I_0 + 2 Σ_k I_k φ_k,  φ_{k+1} = 2Aφ_k + φ_{k−1},  A = (L + c)/R,
 *
 * I_k being ∫₀^h e^{−sc} J_k(sR) ds, and the spectrum of L between −2c and 0 along the real axis and within
 * ±R along the imaginary one. One application of L a term, no scalar products, about hR terms a step: for
 * generators that have no small blocks to be solved directly.
 *
 * The state and Lρ are kept and computed in float64 on the host, once a step. A backend in float32 gets the
 * change alone to compute: its rounding is relative to the change, and does not add up where nothing moves.
 */
import type { Backend, LinearMap } from '../backend/backend.js';
import { applyAdd } from '../generator/apply.js';
import type { Space } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import { conjugatesOf } from '../generator/siteMatrix.js';
import { type SpectrumBounds, spectrumBounds } from '../generator/spectrumBounds.js';
import { times } from '../operators/operator.js';
import { besselJ } from './bessel.js';
import {
  type AfterStep,
  checkSaved,
  type Evolver,
  type Progressed,
  type StepCounts,
  type Tolerances,
} from './evolver.js';

/** A step is at most this many times 1/R, so that it can be stopped, and 1/c, so that terms stay small. */
const LARGEST_PHASE = 64;
const LARGEST_DECAY = 1;
/** What rounding leaves of a vector, by precision. */
const ROUNDING = { f64: 1e-17, f32: 1e-9 } as const;
/** Terms may grow with the decay within a step, e^{hc}, and by non-normality: beyond this steps are shorter. */
const LARGEST_GROWTH = 1e4;
/** Steps are no shorter than so many times the inverse of the spectrum's width. */
const SHORTEST = 1e-3;
/** A spectrum of nothing but 0 is taken to be as wide as this, of which the inverse is a number. */
const SMALLEST = 1e-300;

/** A generator whose spectrum is not where a Lindblad generator's is. */
class SpectrumError extends Error {
  override readonly name = 'SpectrumError';
}

const real = (re: number) => ({ re, im: 0 });

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

/** The weights I_0, 2I_1, 2I_2, …, by 2J_k' = J_{k−1} − J_{k+1} from the last one down. */
function integralWeights(h: number, R: number, c: number, smallest: number): number[] {
  const J = besselJ(h * R, smallest);
  const damping = Math.exp(-h * c);
  const weights = new Array<number>(J.length + 1).fill(0);
  for (let k = J.length - 1; k >= 1; k--) {
    weights[k - 1] = (weights[k + 1] ?? 0) + (2 / R) * (c * weights[k] + damping * J[k]);
  }
  return weights.slice(0, Math.max(1, J.length - 1)).map((I, k) => (k === 0 ? I : 2 * I));
}

/**
 * The nearest Hermitian matrix. The product is one of Hermitian matrices alone: what rounding makes of another one would
 * grow.
 */
function makeHermitian(
  { classes }: Space,
  conjugates: ReadonlyMap<number, number>,
  x: Float64Array,
): void {
  for (const [c, conjugate] of conjugates) {
    const { offset, length } = classes[c];
    const other = classes[conjugate].offset;
    for (let p = 0; p < length; p++) {
      const [a, b] = [2 * (offset + p), 2 * (other + p)];
      x[a] = x[b] = (x[a] + x[b]) / 2;
      x[a + 1] = (x[a + 1] - x[b + 1]) / 2;
      x[b + 1] = -x[a + 1];
    }
  }
}

export class ChebyshevEvolution<V> implements Evolver {
  readonly counts: StepCounts = { accepted: 0, rejected: 0 };
  private readonly conjugates: ReadonlyMap<number, number>;
  /** The longest step. */
  private longest: number;

  private constructor(
    private readonly backend: Backend<V>,
    private readonly generator: Generator,
    /** 2L/R */
    private readonly map: LinearMap<V>,
    private readonly R: number,
    private readonly c: number,
    /** Weights below this are left out. */
    private readonly smallest: number,
    private readonly y: Float64Array,
    /** Work space. */
    private readonly sum: V,
    private terms: readonly [V, V, V],
    private t: number,
  ) {
    this.conjugates = conjugatesOf(generator.space);
    this.longest = Math.min(LARGEST_PHASE / R, LARGEST_DECAY / c);
  }

  /**
   * @param elements the initial state
   * @param from where an evolution from this initial state had come to
   * @param bounds of the spectrum, where more is known than its coefficients tell
   */
  static async open<V>(
    backend: Backend<V>,
    generator: Generator,
    elements: Float64Array,
    { rtol, atol }: Tolerances,
    from?: Progressed,
    { imaginary, decay }: SpectrumBounds = spectrumBounds(generator),
  ): Promise<ChebyshevEvolution<V>> {
    // Of an eigenvalue a off the imaginary axis term k grows as (a/R + √(1 + a²/R²))^k.
    const R = Math.max(imaginary >= decay ? imaginary : 2 * decay, SMALLEST);
    const scaled = {
      space: generator.space,
      couplings: generator.couplings.map((coupling) => ({
        ...coupling,
        coefficient: times(coupling.coefficient, real(2 / R)),
      })),
    };
    const largest = elements.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const saved = from?.parts[0];
    const { size } = generator.space;
    if (from !== undefined) checkSaved(saved?.elements, 2 * size);
    return new ChebyshevEvolution(
      backend,
      generator,
      await backend.prepare(scaled, 'hermitian'),
      R,
      decay / 2,
      // They fall so fast that a thousandth costs a few terms only.
      Math.max(Math.max(atol, rtol * largest) / 1000, ROUNDING[backend.precision]),
      saved === undefined ? elements.slice() : Float64Array.from(saved.elements),
      await backend.allocate(size),
      [await backend.allocate(size), await backend.allocate(size), await backend.allocate(size)],
      saved?.t ?? 0,
    );
  }

  /** How many products with the generator it takes to evolve to time t. */
  productsTo(t: number): number {
    const distance = t - this.t;
    if (!(distance > 0)) return 0;
    const steps = Math.ceil(distance / this.longest);
    const { length } = integralWeights(distance / steps, this.R, this.c, this.smallest);
    return steps * length;
  }

  async advanceTo(t: number, afterStep: AfterStep): Promise<void> {
    while (this.t < t) {
      const distance = t - this.t;
      const h = Math.min(this.longest, distance);
      if (!(await this.step(h))) {
        this.longest = h / 2;
        if (this.longest >= SHORTEST * Math.min(1 / this.R, 1 / this.c)) continue;
        throw new SpectrumError('its spectrum is not where it should be: the exponential grows');
      }
      this.t = h >= distance ? t : this.t + h;
      this.counts.accepted++;
      await afterStep(this.t, true);
    }
  }

  /** @returns false, the state being as it was, where terms grow too much, of which a shorter step has fewer */
  private async step(h: number): Promise<boolean> {
    const { backend, map, R, c, y } = this;
    const shift = real((2 * c) / R);
    const weights = integralWeights(h, R, c, this.smallest);
    const derivative = new Float64Array(y.length);
    applyAdd(this.generator, y, derivative);
    makeHermitian(this.generator.space, this.conjugates, derivative);
    let [before, term, spare] = this.terms;
    await backend.write(derivative, before);
    await backend.copy(before, this.sum);
    await backend.scale(real(weights[0]), this.sum);
    for (let k = 1; k < weights.length; k++) {
      if (k === 1) {
        await map.apply(before, term);
        await backend.axpy(shift, before, term);
        await backend.scale(real(0.5), term);
      } else {
        await map.apply(term, spare);
        await backend.addMultiples([shift, real(1)], [term, before], spare);
        [before, term, spare] = [term, spare, before];
      }
      await backend.axpy(real(weights[k]), term, this.sum);
    }
    const size = norm(derivative);
    const last = Math.sqrt((await backend.dot(term, term)).re);
    this.terms = [before, term, spare];
    if (weights.length > 1 && !(last <= LARGEST_GROWTH * size + Number.MIN_VALUE)) return false;
    const change = await backend.download(this.sum);
    for (let i = 0; i < y.length; i++) y[i] += change[i];
    return true;
  }

  async elements(): Promise<Float64Array> {
    return this.y.slice();
  }

  async save(): Promise<Progressed> {
    return { parts: [{ t: this.t, h: 0, elements: Array.from(this.y) }] };
  }

  close(): void {
    this.map.release();
    for (const vector of [this.sum, ...this.terms]) this.backend.release(vector);
  }
}
