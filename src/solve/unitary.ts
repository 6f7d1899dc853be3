/** e^{−iHt} of a small real symmetric matrix that couples few of its states. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { SparseSymmetric } from '../operators/sparseSymmetric.js';

/** U = e^{−i·phase}(re + i·im), by rows; of row i all that is not zero is in columns first[i] … end[i] − 1. */
export interface Unitary {
  readonly size: number;
  readonly phase: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** Centre and half-width of an interval that holds the spectrum (Gershgorin). */
function spectralInterval({ diagonal, couplings }: SparseSymmetric): [number, number] {
  const reach = new Float64Array(diagonal.length);
  for (const { i, j, value } of couplings) {
    reach[i] += Math.abs(value);
    reach[j] += Math.abs(value);
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < diagonal.length; i++) {
    low = Math.min(low, diagonal[i] - reach[i]);
    high = Math.max(high, diagonal[i] + reach[i]);
  }
  return [(low + high) / 2, (high - low) / 2];
}

/** Bessel functions of this size and below are left out of the series. */
const NEGLIGIBLE = 1e-18;

/** J_0(z), J_1(z), … until they are negligible, by Miller's downward recurrence; z ≥ 0. */
export function besselFunctions(z: number): Float64Array {
  if (z < NEGLIGIBLE) return Float64Array.of(1);
  // To the last digit, and 2k/z below does not overflow.
  if (z < 1e-8) return Float64Array.of(1, z / 2);
  // Beyond z the functions fall faster than any exponential, from a width of z^(1/3) on.
  const start = 2 * Math.ceil((z + 12 * Math.cbrt(z) + 40) / 2);
  const values = new Float64Array(start + 1);
  let above = 0;
  let here = 1e-300;
  let total = 0;
  for (let k = start; k > 0; k--) {
    values[k] = here;
    if (k % 2 === 0) total += 2 * here;
    const below = (2 * k * here) / z - above;
    above = here;
    here = below;
    if (Math.abs(here) > 1e250) {
      here *= 1e-250;
      above *= 1e-250;
      total *= 1e-250;
      for (let n = k; n <= start; n++) values[n] *= 1e-250;
    }
  }
  values[0] = here;
  total += here;
  for (let k = 0; k <= start; k++) values[k] /= total;
  let count = start + 1;
  while (count > 1 && Math.abs(values[count - 1]) < NEGLIGIBLE) count--;
  return values.slice(0, count);
}

/** Terms of a Chebyshev series per row of a matrix, beyond which an eigendecomposition costs less. */
const TERMS_PER_ROW = 6;

/** Amplitudes of this size and below are rounding; they are left out of a row's columns. */
const ROUNDING = 1e-15;

/** Narrows each row's columns to those that matter. */
function trimmed(u: Unitary): Unitary {
  const { size, re, im, first, end } = u;
  for (let i = 0; i < size; i++) {
    const small = (j: number) =>
      Math.abs(re[i * size + j]) <= ROUNDING && Math.abs(im[i * size + j]) <= ROUNDING;
    while (first[i] < i && small(first[i])) first[i]++;
    while (end[i] > i + 1 && small(end[i] - 1)) end[i]--;
  }
  return u;
}

/** e^{−iHt}, by whichever of the two ways costs less. */
export function unitary(h: SparseSymmetric, t: number): Unitary {
  const [, width] = spectralInterval(h);
  return trimmed(
    width * Math.abs(t) > TERMS_PER_ROW * h.diagonal.length
      ? unitaryByEigenvectors(h, t)
      : unitaryByChebyshev(h, t),
  );
}

/** The couplings of each row: those of row i at rows[i] … rows[i + 1] − 1. */
function byRows({ diagonal, couplings }: SparseSymmetric) {
  const rows = new Int32Array(diagonal.length + 1);
  for (const { i, j } of couplings) {
    rows[i + 1]++;
    rows[j + 1]++;
  }
  for (let i = 0; i < diagonal.length; i++) rows[i + 1] += rows[i];
  const columns = new Int32Array(2 * couplings.length);
  const values = new Float64Array(2 * couplings.length);
  const next = rows.slice();
  for (const { i, j, value } of couplings) {
    for (const [from, to] of [
      [i, j],
      [j, i],
    ]) {
      columns[next[from]] = to;
      values[next[from]++] = value;
    }
  }
  return { rows, columns, values };
}

/** e^{−iHt} = e^{−ict} Σ_k (2 − δ_{k0}) (−i)^k J_k(rt) T_k((H − c)/r), for t ≥ 0. */
export function unitaryByChebyshev(h: SparseSymmetric, t: number): Unitary {
  const size = h.diagonal.length;
  const [centre, width] = spectralInterval(h);
  const bessel = besselFunctions(width * t);
  const { rows, columns, values } = byRows(h);
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  const first = Int32Array.from({ length: size }, (_, i) => i);
  const end = Int32Array.from({ length: size }, (_, i) => i + 1);
  let previous = new Float64Array(size * size);
  let current = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    current[i * size + i] = 1;
    re[i * size + i] = bessel[0];
  }
  const [oldFirst, oldEnd] = [first.slice(), end.slice()];
  for (let k = 1; k < bessel.length; k++) {
    // T_1 = x, T_{k+1} = 2xT_k − T_{k−1}, the new one in the place of the old.
    const factor = (k === 1 ? 1 : 2) / width;
    // (−i)^k: 1, −i, −1, i.
    const part = k % 2 === 0 ? re : im;
    const weight = 2 * bessel[k] * (k % 4 === 0 || k % 4 === 3 ? 1 : -1);
    oldFirst.set(first);
    oldEnd.set(end);
    for (let i = 0; i < size; i++) {
      const own = i * size;
      const a = factor * (h.diagonal[i] - centre);
      for (let c = oldFirst[i]; c < oldEnd[i]; c++) {
        previous[own + c] = a * current[own + c] - previous[own + c];
      }
      for (let e = rows[i]; e < rows[i + 1]; e++) {
        const j = columns[e];
        const b = factor * values[e];
        const other = j * size;
        const stop = oldEnd[j];
        for (let c = oldFirst[j]; c < stop; c++) previous[own + c] += b * current[other + c];
        // A row reaches as far as its neighbours did.
        if (oldFirst[j] < first[i]) first[i] = oldFirst[j];
        if (stop > end[i]) end[i] = stop;
      }
      for (let at = own + first[i]; at < own + end[i]; at++) part[at] += weight * previous[at];
    }
    [previous, current] = [current, previous];
  }
  return { size, phase: centre * t, re, im, first, end };
}

/**
 * v·(H − centre − energy)v of the unit eigenvector v in column e: what an energy lacks to the digits that its
 * eigenvector has. A long time multiplies the error of energies, but not that of eigenvectors.
 */
function rayleighCorrection(
  { diagonal, couplings }: SparseSymmetric,
  centre: number,
  energy: number,
  vectors: ArrayLike<number>,
  e: number,
): number {
  const size = diagonal.length;
  const image = Float64Array.from(
    diagonal,
    (value, i) => (value - centre - energy) * vectors[i * size + e],
  );
  for (const { i, j, value } of couplings) {
    image[i] += value * vectors[j * size + e];
    image[j] += value * vectors[i * size + e];
  }
  let sum = 0;
  for (let i = 0; i < size; i++) sum += vectors[i * size + e] * image[i];
  return sum;
}

/** e^{−iHt} from the eigenvectors of H. */
export function unitaryByEigenvectors(h: SparseSymmetric, t: number): Unitary {
  const size = h.diagonal.length;
  const [centre] = spectralInterval(h);
  const dense = new Matrix(size, size);
  for (let i = 0; i < size; i++) dense.set(i, i, h.diagonal[i] - centre);
  for (const { i, j, value } of h.couplings) {
    dense.set(i, j, dense.get(i, j) + value);
    dense.set(j, i, dense.get(j, i) + value);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(dense, {
    assumeSymmetric: true,
  });
  const vectors = eigenvectorMatrix.to1DArray();
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  realEigenvalues.forEach((found, e) => {
    const energy = found + rayleighCorrection(h, centre, found, vectors, e);
    const c = Math.cos(energy * t);
    const s = -Math.sin(energy * t);
    for (let i = 0; i < size; i++) {
      const v = vectors[i * size + e];
      for (let j = 0; j < size; j++) {
        const product = v * vectors[j * size + e];
        re[i * size + j] += c * product;
        im[i * size + j] += s * product;
      }
    }
  });
  return {
    size,
    phase: centre * t,
    re,
    im,
    first: new Int32Array(size),
    end: new Int32Array(size).fill(size),
  };
}
