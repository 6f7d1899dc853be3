/** Hermitian matrices between levels that are not far apart, by rows, and elements of products of two of them. */
import type { DensityMatrix } from '../state/densityMatrix.js';
import { zeros } from '../zeros.js';

/** A complex number, and the sum of the magnitudes of the terms that it was summed of. */
export interface SummedElement {
  re: number;
  im: number;
  size: number;
}

export class HermitianBand {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #width: number;

  private constructor(
    readonly states: number,
    readonly size: number,
    /** Levels farther apart have elements that are 0. */
    readonly reach: number,
  ) {
    this.#width = 2 * reach + 1;
    this.re = zeros(states * size * states * this.#width);
    this.im = zeros(this.re.length);
  }

  /** Of elements that are all 0. */
  static zero(states: number, size: number, reach: number): HermitianBand {
    return new HermitianBand(states, size, reach);
  }

  static of({ space, elements }: DensityMatrix): HermitianBand {
    const reach = space.classes.reduce((most, { delta }) => Math.max(most, Math.abs(delta)), 0);
    const { size } = space.window;
    const band = new HermitianBand(space.states, size, reach);
    for (const { ket, bra, delta, first, length, offset } of space.classes) {
      for (let p = 0; p < length; p++) {
        const at = band.place(ket, first + p, bra, first + p - delta);
        band.re[at] = elements[2 * (offset + p)];
        band.im[at] = elements[2 * (offset + p) + 1];
      }
    }
    return band;
  }

  /** Where an element is; those of one row and one state on the right lie by level. */
  place(ket: number, i: number, bra: number, j: number): number {
    return ((ket * this.size + i) * this.states + bra) * this.#width + j - i + this.reach;
  }

  isWithin(i: number, j: number): boolean {
    return Math.abs(i - j) <= this.reach;
  }
}

/** Adds factor · ⟨a, i|XY|b, j⟩ of matrices of one reach. */
export function addProductAt(
  sum: SummedElement,
  factor: number,
  x: HermitianBand,
  y: HermitianBand,
  [a, i, b, j]: readonly [a: number, i: number, b: number, j: number],
): void {
  const { states, size, reach } = x;
  const first = Math.max(0, i - reach, j - reach);
  const end = Math.min(size, i + reach + 1, j + reach + 1);
  let [re, im, magnitude] = [0, 0, 0];
  for (let c = 0; c < states; c++) {
    let p = x.place(a, i, c, first);
    // By the conjugate of a row of Y.
    let q = y.place(b, j, c, first);
    for (let k = first; k < end; k++, p++, q++) {
      const [u, v, s, t] = [x.re[p], x.im[p], y.re[q], -y.im[q]];
      re += u * s - v * t;
      im += u * t + v * s;
      magnitude += (Math.abs(u) + Math.abs(v)) * (Math.abs(s) + Math.abs(t));
    }
  }
  sum.re += factor * re;
  sum.im += factor * im;
  sum.size += Math.abs(factor) * magnitude;
}
