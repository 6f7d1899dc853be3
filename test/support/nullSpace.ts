/** Null spaces of dense complex matrices, by Gaussian elimination with complete pivoting. */
import { Dense } from './dense.js';

export interface NullSpace {
  readonly nullity: number;
  /** The smallest pivot that counts as none of 0, relative to the largest. */
  readonly gap: number;
  /** The largest pivot that counts as 0, relative to the largest of all: of rounding alone, or of a very slow rate. */
  readonly nothing: number;
  /** The null vector, interleaved, of no particular norm; null where there is not exactly one. */
  readonly vector: Float64Array | null;
}

/** Pivots below this share of the largest are 0. */
const ZERO = 1e-12;

/** @param kept the rows and columns that are looked at */
export function nullSpace(matrix: Dense, kept: readonly number[]): NullSpace {
  const n = kept.length;
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  kept.forEach((i, r) => {
    kept.forEach((j, c) => {
      re[r * n + c] = matrix.re[i * matrix.n + j];
      im[r * n + c] = matrix.im[i * matrix.n + j];
    });
  });
  const order = kept.map((_, c) => c);
  let largest = 0;
  let smallest = 0;
  let nothing = 0;
  let rank = 0;
  for (; rank < n; rank++) {
    let best = 0;
    let at = rank * n + rank;
    for (let r = rank; r < n; r++) {
      for (let c = rank; c < n; c++) {
        const size = re[r * n + c] ** 2 + im[r * n + c] ** 2;
        if (size > best) [best, at] = [size, r * n + c];
      }
    }
    best = Math.sqrt(best);
    if (rank === 0) largest = best;
    if (best <= ZERO * largest) {
      nothing = best / largest;
      break;
    }
    smallest = best;
    swapRows(re, im, n, rank, Math.floor(at / n));
    swapColumns(re, im, n, rank, at % n);
    [order[rank], order[at % n]] = [order[at % n], order[rank]];
    const p = rank * n + rank;
    const norm = re[p] ** 2 + im[p] ** 2;
    for (let r = rank + 1; r < n; r++) {
      const q = r * n + rank;
      const a = (re[q] * re[p] + im[q] * im[p]) / norm;
      const b = (im[q] * re[p] - re[q] * im[p]) / norm;
      if (a === 0 && b === 0) continue;
      for (let c = rank; c < n; c++) {
        const [u, v] = [re[rank * n + c], im[rank * n + c]];
        re[r * n + c] -= a * u - b * v;
        im[r * n + c] -= a * v + b * u;
      }
    }
  }
  const nullity = n - rank;
  const gap = smallest / largest;
  if (nullity !== 1) return { nullity, gap, nothing, vector: null };
  const x = new Float64Array(2 * n);
  x[2 * (n - 1)] = 1;
  for (let r = n - 2; r >= 0; r--) {
    let u = 0;
    let v = 0;
    for (let c = r + 1; c < n; c++) {
      const [a, b] = [re[r * n + c], im[r * n + c]];
      u -= a * x[2 * c] - b * x[2 * c + 1];
      v -= a * x[2 * c + 1] + b * x[2 * c];
    }
    const [a, b] = [re[r * n + r], im[r * n + r]];
    const norm = a * a + b * b;
    x[2 * r] = (u * a + v * b) / norm;
    x[2 * r + 1] = (v * a - u * b) / norm;
  }
  const vector = new Float64Array(2 * n);
  order.forEach((c, i) => {
    vector[2 * c] = x[2 * i];
    vector[2 * c + 1] = x[2 * i + 1];
  });
  return { nullity, gap, nothing, vector };
}

function swapRows(re: Float64Array, im: Float64Array, n: number, a: number, b: number): void {
  if (a === b) return;
  for (let c = 0; c < n; c++) {
    for (const part of [re, im]) {
      [part[a * n + c], part[b * n + c]] = [part[b * n + c], part[a * n + c]];
    }
  }
}

function swapColumns(re: Float64Array, im: Float64Array, n: number, a: number, b: number): void {
  if (a === b) return;
  for (let r = 0; r < n; r++) {
    for (const part of [re, im]) {
      [part[r * n + a], part[r * n + b]] = [part[r * n + b], part[r * n + a]];
    }
  }
}

/** A null vector as the state of trace 1 that it is. */
export function stateOf(vector: Float64Array): Dense {
  const unscaled = Dense.ofVector(vector);
  const [re, im] = unscaled.trace();
  const norm = re * re + im * im;
  return unscaled.times(re / norm, -im / norm);
}

/** The state with Lρ = 0. @throws Error where it is not the only one */
export function denseSteadyState(l: Dense): Dense {
  const { nullity, vector } = nullSpace(
    l,
    Array.from({ length: l.n }, (_, i) => i),
  );
  if (vector === null) throw new Error(`${nullity} steady states`);
  return stateOf(vector);
}
