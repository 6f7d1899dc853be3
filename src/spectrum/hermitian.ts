/**
 * Hermitian operators as vectors of real numbers, of the same norm: populations, and of each pair of conjugate elements
 * √2 times real and imaginary part of one.
 */
export class HermitianCoordinates {
  /** Where the element of each pair that is kept is, and its conjugate; the same for a real element. */
  readonly #first: Int32Array;
  readonly #second: Int32Array;
  readonly length: number;

  /** @param partners for each element the place of its conjugate */
  constructor(partners: Int32Array) {
    const first: number[] = [];
    partners.forEach((j, k) => {
      if (j >= k) first.push(k);
    });
    this.#first = Int32Array.from(first);
    this.#second = this.#first.map((k) => partners[k]);
    this.length = partners.length;
  }

  toReal(x: Float64Array): Float64Array {
    const [first, second] = [this.#first, this.#second];
    const y = new Float64Array(this.length);
    let at = 0;
    for (let i = 0; i < first.length; i++) {
      const k = first[i];
      if (second[i] === k) y[at++] = x[2 * k];
      else {
        y[at++] = Math.SQRT2 * x[2 * k];
        y[at++] = Math.SQRT2 * x[2 * k + 1];
      }
    }
    return y;
  }

  fromReal(y: Float64Array): Float64Array {
    return this.#spread(y, 1, 0);
  }

  /** The operator u + iv of two Hermitian ones whose real numbers are interleaved. */
  fromComplex(y: Float64Array): Float64Array {
    const x = this.#spread(y, 2, 0);
    const v = this.#spread(y, 2, 1);
    for (let i = 0; i < x.length; i += 2) {
      x[i] -= v[i + 1];
      x[i + 1] += v[i];
    }
    return x;
  }

  /** From real numbers that stand in every `stride`-th place. */
  #spread(y: Float64Array, stride: number, start: number): Float64Array {
    const [first, second] = [this.#first, this.#second];
    const x = new Float64Array(2 * this.length);
    let at = start;
    for (let i = 0; i < first.length; i++) {
      const k = first[i];
      const j = second[i];
      if (j === k) {
        x[2 * k] = y[at];
        at += stride;
        continue;
      }
      x[2 * k] = x[2 * j] = Math.SQRT1_2 * y[at];
      x[2 * k + 1] = Math.SQRT1_2 * y[at + stride];
      x[2 * j + 1] = -x[2 * k + 1];
      at += 2 * stride;
    }
    return x;
  }
}
