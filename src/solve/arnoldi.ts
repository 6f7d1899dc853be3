/**
 * Arnoldi's iteration for the eigenvalues of largest magnitude of a linear map, here as a rule of an inverse, so that
 * tens of steps do. The basis is kept whole and orthogonal to rounding: nothing is restarted.
 */
import { Eigensystem } from './complexSchur.js';

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

/** Takes the shares of vectors out of y, and adds these to a column of coefficients. */
type Projection = (
  y: Float64Array,
  basis: readonly Float64Array[],
  count: number,
  column: Float64Array,
) => void;

/** Four at a time: their products are independent of one another, and y is read once for all of them. */
const projectReal: Projection = (y, basis, count, column) => {
  const { length } = y;
  for (let j = 0; j < count; j += 4) {
    const a = basis[j];
    // Where there are fewer than four, the last one is taken out once.
    const [b, c, d] = [1, 2, 3].map((k) => basis[Math.min(j + k, count - 1)]);
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const value = y[i];
      p += a[i] * value;
      q += b[i] * value;
      r += c[i] * value;
      s += d[i] * value;
    }
    const there = count - j;
    if (there < 2) q = 0;
    if (there < 3) r = 0;
    if (there < 4) s = 0;
    for (let i = 0; i < length; i++) y[i] -= p * a[i] + q * b[i] + (r * c[i] + s * d[i]);
    [p, q, r, s].forEach((share, k) => {
      if (k < there) column[2 * (j + k)] += share;
    });
  }
};

const projectComplex: Projection = (y, basis, count, column) => {
  for (let j = 0; j < count; j++) {
    const x = basis[j];
    let [re, im] = [0, 0];
    for (let i = 0; i < y.length; i += 2) {
      re += x[i] * y[i] + x[i + 1] * y[i + 1];
      im += x[i] * y[i + 1] - x[i + 1] * y[i];
    }
    for (let i = 0; i < y.length; i += 2) {
      y[i] -= re * x[i] - im * x[i + 1];
      y[i + 1] -= re * x[i + 1] + im * x[i];
    }
    column[2 * j] += re;
    column[2 * j + 1] += im;
  }
};

/** Where less than this is left of a vector, rounding has left shares in it that are taken out once more. */
const MUCH_LEFT = 0.1;
/** Where what is left of a new direction is rounding: all of the space that the start reaches is spanned. */
const SPANNED = 1e-13;

/** The iteration, a product at a time: who does it multiplies. */
export class Arnoldi {
  readonly #options: ArnoldiOptions;
  readonly #project: Projection;
  readonly #basis: Float64Array[];
  readonly #columns: Float64Array[] = [];
  #next: number;

  /** @param start any vector but 0, which has a share of what is looked for */
  constructor(start: Float64Array, options: ArnoldiOptions) {
    this.#options = options;
    this.#project = options.isReal ? projectReal : projectComplex;
    const length = norm(start);
    this.#basis = [start.map((x) => x / length)];
    this.#next = Math.min(options.most, options.least);
  }

  /** The vector x that S is applied to next. */
  get vector(): Float64Array {
    return this.#basis[this.#columns.length];
  }

  /**
   * Takes y = Sx, which is written to.
   * @returns what has been found; null where it goes on
   */
  add(y: Float64Array): Found | null {
    const { wanted, tolerance, most, isReal } = this.#options;
    const basis = this.#basis;
    const columns = this.#columns;
    const at = columns.length;
    const before = norm(y);
    const column = new Float64Array(2 * (at + 2));
    this.#project(y, basis, at + 1, column);
    let rest = norm(y);
    if (rest < MUCH_LEFT * before) {
      // Twice is enough.
      this.#project(y, basis, at + 1, column);
      rest = norm(y);
    }
    const isSpanned = rest <= SPANNED * before;
    column[2 * at + 2] = isSpanned ? 0 : rest;
    columns.push(column);
    if (isSpanned || columns.length >= this.#next) {
      const values = ritzValues(columns, wanted);
      const largest = values.length === 0 ? 0 : Math.hypot(values[0].re, values[0].im);
      const converged =
        isSpanned || values.every(({ residual }) => residual <= tolerance * largest);
      if (converged || columns.length >= most) {
        const pairs = values.map(({ coordinates, ...value }) => ({
          ...value,
          vector: combination(basis, coordinates, isReal),
        }));
        return { pairs, converged, steps: columns.length };
      }
      this.#next = Math.min(most, Math.ceil(1.3 * this.#next));
    }
    for (let i = 0; i < y.length; i++) y[i] /= rest;
    basis.push(y);
    return null;
  }
}

/**
 * @param apply y = Sx, a new vector
 * @param start any vector but 0, which has a share of what is looked for
 */
export function arnoldi(
  apply: (x: Float64Array) => Float64Array,
  start: Float64Array,
  options: ArnoldiOptions,
): Found {
  const iteration = new Arnoldi(start, options);
  for (;;) {
    const found = iteration.add(apply(iteration.vector));
    if (found !== null) return found;
  }
}

/** Eigenvalues with their vectors in the coordinates of the basis, by falling magnitude. */
function ritzValues(columns: readonly Float64Array[], wanted: number) {
  const size = columns.length;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  columns.forEach((column, j) => {
    for (let i = 0; i < Math.min(size, j + 2); i++) {
      re[i * size + j] = column[2 * i];
      im[i * size + j] = column[2 * i + 1];
    }
  });
  const found = new Eigensystem({ size, re, im });
  const rest = columns[size - 1][2 * size];
  return Array.from({ length: size }, (_, k) => k)
    .sort((a, b) => Math.hypot(found.re[b], found.im[b]) - Math.hypot(found.re[a], found.im[a]))
    .slice(0, wanted)
    .map((k) => {
      const coordinates = found.right(k);
      const last = Math.hypot(coordinates[2 * size - 2], coordinates[2 * size - 1]);
      return { re: found.re[k], im: found.im[k], coordinates, residual: rest * last };
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
    if (!isReal) {
      for (let i = 0; i < length; i += 2) {
        y[i] += re * x[i] - im * x[i + 1];
        y[i + 1] += re * x[i + 1] + im * x[i];
      }
    } else if (im === 0) {
      for (let i = 0; i < length; i++) y[2 * i] += re * x[i];
    } else {
      for (let i = 0; i < length; i++) {
        y[2 * i] += re * x[i];
        y[2 * i + 1] += im * x[i];
      }
    }
  }
  return y;
}
