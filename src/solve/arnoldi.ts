/**
 * Arnoldi's iteration for the eigenvalues of largest magnitude of a linear map, here as a rule of an inverse, so that
 * tens of steps do. The basis is kept whole and orthogonal to rounding: nothing is restarted.
 */
import { eigenpairs } from './complexSchur.js';

export interface RitzPair {
  readonly re: number;
  readonly im: number;
  /** Of norm 1, complex numbers interleaved. */
  readonly vector: Float64Array;
  /** ‖Sx − θx‖ */
  readonly residual: number;
}

export interface Found {
  /** By falling magnitude. */
  readonly pairs: readonly RitzPair[];
  readonly converged: boolean;
  readonly steps: number;
}

export interface ArnoldiOptions {
  /** Whether vectors are real numbers that S keeps real; else they are complex ones, interleaved. */
  readonly isReal: boolean;
  /** How many eigenvalues. */
  readonly wanted: number;
  /** Residuals relative to the largest eigenvalue. */
  readonly tolerance: number;
  /** Steps before it is looked whether they do, and at most. */
  readonly least: number;
  readonly most: number;
}

function norm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

/** Takes the share of x out of y, and adds it to a column of coefficients. */
function orthogonalise(
  y: Float64Array,
  x: Float64Array,
  column: Float64Array,
  j: number,
  isReal: boolean,
): void {
  let [re, im] = [0, 0];
  if (isReal) {
    for (let i = 0; i < y.length; i++) re += x[i] * y[i];
    for (let i = 0; i < y.length; i++) y[i] -= re * x[i];
  } else {
    for (let i = 0; i < y.length; i += 2) {
      re += x[i] * y[i] + x[i + 1] * y[i + 1];
      im += x[i] * y[i + 1] - x[i + 1] * y[i];
    }
    for (let i = 0; i < y.length; i += 2) {
      y[i] -= re * x[i] - im * x[i + 1];
      y[i + 1] -= re * x[i + 1] + im * x[i];
    }
  }
  column[2 * j] += re;
  column[2 * j + 1] += im;
}

/** Where what is left of a new direction is rounding: all of the space that the start reaches is spanned. */
const SPANNED = 1e-13;

/**
 * @param apply y = Sx, a new vector
 * @param start any vector but 0, which has a share of what is looked for
 */
export function arnoldi(
  apply: (x: Float64Array) => Float64Array,
  start: Float64Array,
  { wanted, tolerance, least, most, isReal }: ArnoldiOptions,
): Found {
  const length = norm(start);
  const basis: Float64Array[] = [start.map((x) => x / length)];
  const columns: Float64Array[] = [];
  let next = Math.min(most, least);
  for (;;) {
    const at = columns.length;
    const y = apply(basis[at]);
    const before = norm(y);
    const column = new Float64Array(2 * (at + 2));
    // Twice is enough.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j <= at; j++) orthogonalise(y, basis[j], column, j, isReal);
    }
    const rest = norm(y);
    const isSpanned = rest <= SPANNED * before;
    column[2 * at + 2] = isSpanned ? 0 : rest;
    columns.push(column);
    if (isSpanned || columns.length >= next) {
      const pairs = ritzPairs(columns, basis, wanted, isReal);
      const largest = pairs.length === 0 ? 0 : Math.hypot(pairs[0].re, pairs[0].im);
      const converged = isSpanned || pairs.every(({ residual }) => residual <= tolerance * largest);
      if (converged || columns.length >= most) {
        return { pairs, converged, steps: columns.length };
      }
      next = Math.min(most, Math.ceil(1.3 * next));
    }
    basis.push(y.map((x) => x / rest));
  }
}

function ritzPairs(
  columns: readonly Float64Array[],
  basis: readonly Float64Array[],
  wanted: number,
  isReal: boolean,
): RitzPair[] {
  const size = columns.length;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  columns.forEach((column, j) => {
    for (let i = 0; i < Math.min(size, j + 2); i++) {
      re[i * size + j] = column[2 * i];
      im[i * size + j] = column[2 * i + 1];
    }
  });
  const found = eigenpairs({ size, re, im });
  const rest = columns[size - 1][2 * size];
  return Array.from({ length: size }, (_, k) => k)
    .sort((a, b) => Math.hypot(found.re[b], found.im[b]) - Math.hypot(found.re[a], found.im[a]))
    .slice(0, wanted)
    .map((k) => {
      const s = found.right[k];
      const vector = combination(basis, s, isReal);
      return {
        re: found.re[k],
        im: found.im[k],
        vector,
        residual: rest * Math.hypot(s[2 * size - 2], s[2 * size - 1]),
      };
    });
}

/** Σ s_j x_j, complex numbers interleaved. */
function combination(
  basis: readonly Float64Array[],
  s: Float64Array,
  isReal: boolean,
): Float64Array {
  const { length } = basis[0];
  const y = new Float64Array(isReal ? 2 * length : length);
  for (let j = 0; 2 * j < s.length; j++) {
    const [x, re, im] = [basis[j], s[2 * j], s[2 * j + 1]];
    if (isReal) {
      for (let i = 0; i < length; i++) {
        y[2 * i] += re * x[i];
        y[2 * i + 1] += im * x[i];
      }
    } else {
      for (let i = 0; i < length; i += 2) {
        y[i] += re * x[i] - im * x[i + 1];
        y[i + 1] += re * x[i + 1] + im * x[i];
      }
    }
  }
  return y;
}
