/** Operations on complex vectors in float64, block by block. */
import type { Complex } from '../../operators/operator.js';

/** Complex numbers of a block: one of y, and of each x in its turn, stay in the fastest cache. */
const BLOCK = 512;

export const blocksOf = (y: Float64Array): number => Math.ceil(y.length / (2 * BLOCK));

/** y ← y + Σ_k coefficients[k] xs[k] on the blocks begin ≤ b < end. */
export function addMultiples(
  coefficients: readonly Complex[],
  xs: readonly Float64Array[],
  y: Float64Array,
  begin: number,
  end: number,
): void {
  for (let b = begin; b < end; b++) {
    const last = Math.min(y.length, 2 * BLOCK * (b + 1));
    for (let k = 0; k < xs.length; k++) {
      axpy(coefficients[k].re, coefficients[k].im, xs[k], y, 2 * BLOCK * b, last);
    }
  }
}

function axpy(
  re: number,
  im: number,
  x: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i += 2) {
    y[i] += re * x[i] - im * x[i + 1];
    y[i + 1] += re * x[i + 1] + im * x[i];
  }
}

/**
 * Of each block begin ≤ b < end and each x the part Σ conj(x_i) y_i of their dot product, at
 * sums[2(b·xs.length + k)]. The parts, and so their sum, are the same however the blocks are shared out.
 */
export function partialDots(
  xs: readonly Float64Array[],
  y: Float64Array,
  sums: Float64Array,
  begin: number,
  end: number,
): void {
  for (let b = begin; b < end; b++) {
    const last = Math.min(y.length, 2 * BLOCK * (b + 1));
    for (let k = 0; k < xs.length; k++) {
      addDot(xs[k], y, 2 * BLOCK * b, last, sums, 2 * (b * xs.length + k));
    }
  }
}

function addDot(
  x: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
  sums: Float64Array,
  at: number,
): void {
  let re = 0;
  let im = 0;
  for (let i = begin; i < end; i += 2) {
    re += x[i] * y[i] + x[i + 1] * y[i + 1];
    im += x[i] * y[i + 1] - x[i + 1] * y[i];
  }
  sums[at] = re;
  sums[at + 1] = im;
}

/** The dot products of `count` vectors from their parts. */
export function sumOfParts(sums: Float64Array, count: number): Complex[] {
  return Array.from({ length: count }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let at = 2 * k; at < sums.length; at += 2 * count) {
      re += sums[at];
      im += sums[at + 1];
    }
    return { re, im };
  });
}
