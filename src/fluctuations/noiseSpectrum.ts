/**
 * Noise at finite frequency of what is counted: with J' the counted jumps and R(z) = (z − 𝓛)^{−1},
 *   S_ab(ω) = ∫ e^{−iωτ} ⟨δI_a(τ) δI_b⟩ dτ = ⟨1|J_ab''|ρ⟩ + ⟨1|J_a' R(iω) J_b'|ρ⟩ + ⟨1|J_b' R(iω) J_a'|ρ⟩*,
 * all of a frequency by one factorisation. At 0 it is the zero-frequency noise, far above all rates the shot noise.
 */
import { type BoundSector, RELATIVE } from '../lindblad/sectorProgram.js';
import type { Complex } from '../operators/operator.js';
import { type Counter, shotNoiseOf } from './counting.js';
import { type Parts, resolventAt, tiltedMatrix } from './tiltedMatrix.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;

/** A number of a spectrum, and what may have been lost of it. */
export interface SpectralEstimate extends Complex {
  readonly error: number;
}

/** A counter with the row ⟨1|J', and J'ρ less what it has of ρ. */
interface Driven {
  readonly counter: Counter;
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** What cancelled in each number of the column. */
  readonly sizes: Float64Array;
}

/** A counter at one frequency: the response to it, what that leaves of its equation, and the adjoint one. */
interface Response {
  readonly driven: Driven;
  readonly x: Parts;
  readonly left: Parts;
  readonly lost: Float64Array;
  readonly w: Parts;
}

const sizeAt = ({ re, im }: Parts, i: number): number => Math.hypot(re[i], im[i]);

export class NoiseSpectrum {
  readonly #driven: readonly Driven[];
  readonly #matrix;

  /** @param sector filled with the numbers of the device whose steady state is rho */
  constructor(
    private readonly sector: BoundSector,
    private readonly rho: Float64Array,
    counters: readonly Counter[],
    private readonly relative = RELATIVE,
  ) {
    this.#matrix = tiltedMatrix(sector);
    this.#driven = counters.map((counter) => this.#drive(counter));
  }

  #drive(counter: Counter): Driven {
    const { elements, which } = counter;
    const { rho } = this;
    const row = elements.countedRow(which, 1, rho.length);
    const column = new Float64Array(rho.length);
    elements.addCounted(which, 1, rho, column);
    const sizes = new Float64Array(rho.length);
    const weight = elements.weight(which);
    const { from, to, value } = elements;
    for (let e = 0; e < value.length; e++) {
      sizes[to[e]] += Math.abs(weight[e] * value[e] * rho[from[e]]);
    }
    const mean = row.reduce((sum, x, i) => sum + x * rho[i], 0);
    for (let i = 0; i < rho.length; i++) {
      column[i] -= mean * rho[i];
      sizes[i] += Math.abs(mean * rho[i]);
    }
    return { counter, row, column, sizes };
  }

  /** The same of a row: its mean, from populations alone. */
  #withoutMean(w: Float64Array): void {
    const { siteWidth, sitePaired } = this.sector;
    const mean = w.reduce((sum, x, i) => sum + x * this.rho[i], 0);
    for (let i = 0; i < w.length; i++) if (i % siteWidth >= sitePaired) w[i] -= mean;
  }

  /** What counts at a frequency that is not 0: of counters by their places, each pair's spectrum. */
  at(omega: number): (a: number, b: number) => SpectralEstimate {
    const resolvent = resolventAt(this.#matrix, omega);
    const responses = this.#driven.map((driven): Response => {
      const { row, column, sizes } = driven;
      const [x, w] = [resolvent.apply(column), resolvent.adjoint(row)];
      for (const part of [x.re, x.im]) removeTrace(this.sector, this.rho, part);
      for (const part of [w.re, w.im]) this.#withoutMean(part);
      const [re, im] = [x.re, x.im].map((part) => this.sector.derivative(part));
      const left = {
        re: column.map((y, i) => y + re.y[i] + omega * x.im[i]),
        im: column.map((_, i) => im.y[i] - omega * x.re[i]),
      };
      const lost = sizes.map(
        (size, i) =>
          ROUNDING * (re.magnitudes[i] + im.magnitudes[i] + Math.abs(omega) * sizeAt(x, i)) +
          (ROUNDING + this.relative) * size,
      );
      return { driven, x, left, lost, w };
    });
    return (a, b) => this.#between(responses[a], responses[b]);
  }

  #between(a: Response, b: Response): SpectralEstimate {
    const shot = shotNoiseOf(a.driven.counter, b.driven.counter, this.rho, this.relative);
    const first = paired(a, b);
    const second = a === b ? first : paired(b, a);
    return {
      re: shot.value + first.re + second.re,
      im: first.im - second.im,
      error: shot.error + first.error + second.error,
    };
  }
}

/** Takes out of a vector what it has of a state of trace 1. */
export function removeTrace(
  { siteWidth, sitePaired }: BoundSector,
  rho: Float64Array,
  x: Float64Array,
): void {
  let trace = 0;
  for (let i = 0; i < x.length; i++) if (i % siteWidth >= sitePaired) trace += x[i];
  for (let i = 0; i < x.length; i++) x[i] -= trace * rho[i];
}

/** ⟨1|J_a' R(iω) J_b'|ρ⟩, whose first error the adjoint solution makes good. */
function paired({ driven: { row }, w }: Response, { x, left, lost }: Response): SpectralEstimate {
  let [re, im, error] = [0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    // ⟨w|left⟩
    re += row[i] * x.re[i] + w.re[i] * left.re[i] + w.im[i] * left.im[i];
    im += row[i] * x.im[i] + w.re[i] * left.im[i] - w.im[i] * left.re[i];
    error += ROUNDING * Math.abs(row[i]) * sizeAt(x, i) + sizeAt(w, i) * lost[i];
  }
  return { re, im, error };
}
