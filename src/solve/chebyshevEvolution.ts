/**
 * ρ̇ = Lρ on a backend, by Chebyshev's expansion of the exponential along the imaginary axis:
 *
 *   e^{hL} = e^{−hc} [J_0(hR) + 2 Σ_k J_k(hR) φ_k],  φ_{k+1} = 2Aφ_k + φ_{k−1},  A = (L + c)/R,
 *
 * with the spectrum of L between −2c and 0 along the real axis and within ±R along the imaginary one.
 * One application of L a term, no scalar products, about hR terms a step: for generators that have no
 * small blocks to be solved directly.
 */
import type { Backend, LinearMap } from '../backend/backend.js';
import type { Generator } from '../generator/generator.js';
import { spectrumBounds } from '../generator/spectrumBounds.js';
import { times } from '../model/operator.js';
import { besselJ } from './bessel.js';
import type { AfterStep, Evolver, Progressed, StepCounts, Tolerances } from './evolver.js';

/** A step is at most this many times 1/R, so that it can be stopped, and 1/c, so that terms stay small. */
const LARGEST_PHASE = 64;
const LARGEST_DECAY = 1;
/** What rounding leaves of a vector, by precision. */
const ROUNDING = { f64: 1e-16, f32: 1e-8 } as const;
/** Terms may grow with the decay within a step, e^{hc}, and by non-normality, but not beyond this. */
const LARGEST_GROWTH = 1e4;

const real = (re: number) => ({ re, im: 0 });

export class ChebyshevEvolution<V> implements Evolver {
  readonly counts: StepCounts = { accepted: 0, rejected: 0 };

  private constructor(
    private readonly backend: Backend<V>,
    /** 2L/R */
    private readonly map: LinearMap<V>,
    private readonly R: number,
    private readonly c: number,
    /** Terms below this are left out. */
    private readonly smallest: number,
    /** The state, and three vectors of work space. */
    private y: V,
    private sum: V,
    private previous: V,
    private next: V,
    private t: number,
  ) {}

  /**
   * @param elements the initial state
   * @param from where an evolution from this initial state had come to
   */
  static async open<V>(
    backend: Backend<V>,
    generator: Generator,
    elements: Float64Array,
    { rtol, atol }: Tolerances,
    from?: Progressed,
  ): Promise<ChebyshevEvolution<V>> {
    const { imaginary, decay } = spectrumBounds(generator);
    const R = Math.max(imaginary, decay / 2, Number.MIN_VALUE);
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
    return new ChebyshevEvolution(
      backend,
      await backend.prepare(scaled),
      R,
      decay / 2,
      // Terms fall so fast that a thousandth costs a few: what is left out is not seen in the trace.
      Math.max(Math.max(atol, rtol * largest) / 1000, ROUNDING[backend.precision] / 10),
      await backend.upload(saved === undefined ? elements : Float64Array.from(saved.elements)),
      await backend.allocate(size),
      await backend.allocate(size),
      await backend.allocate(size),
      saved?.t ?? 0,
    );
  }

  async advanceTo(t: number, afterStep: AfterStep): Promise<void> {
    const longest = Math.min(LARGEST_PHASE / this.R, LARGEST_DECAY / this.c);
    while (this.t < t) {
      const distance = t - this.t;
      const h = Math.min(longest, distance);
      await this.step(h);
      this.t = h >= distance ? t : this.t + h;
      this.counts.accepted++;
      await afterStep(this.t, true);
    }
  }

  private async step(h: number): Promise<void> {
    const { backend, map, R, c } = this;
    const shift = real((2 * c) / R);
    const damping = Math.exp(-h * c);
    // Terms grow by e^{hc} at most where L is normal.
    const weights = besselJ(h * R, this.smallest).map((J, k) => damping * (k === 0 ? J : 2 * J));
    // y ends up as φ_0; its place is then free.
    let [before, term, spare] = [this.y, this.previous, this.next];
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
    const [last, state] = await Promise.all([
      backend.dot(term, term),
      backend.dot(this.sum, this.sum),
    ]);
    if (weights.length > 1 && !(last.re <= LARGEST_GROWTH ** 2 * state.re)) {
      throw new RangeError(
        'the terms of the exponential grow: its spectrum is not where it should be',
      );
    }
    [this.y, this.sum] = [this.sum, before];
    [this.previous, this.next] = [term, spare];
  }

  elements(): Promise<Float64Array> {
    return this.backend.download(this.y);
  }

  async save(): Promise<Progressed> {
    return { parts: [{ t: this.t, h: 0, elements: Array.from(await this.elements()) }] };
  }

  close(): void {
    this.map.release();
    for (const vector of [this.y, this.sum, this.previous, this.next]) this.backend.release(vector);
  }
}
