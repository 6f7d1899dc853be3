/**
 * The inverse of a dense real matrix, by blocked Gauss–Jordan elimination with partial pivoting. All but
 * a small share of the arithmetic is products of packed 4 × 4 tiles, whose sums stay in registers.
 */
import { SingularMatrixError } from '../generator/chains.js';

/** Columns eliminated at once: small matrices pay for wide panels, large ones for narrow ones. */
const panelOf = (n: number): number => (n <= 256 ? 16 : 32);
const TILE = 4;
/** A pivot smaller than this share of the matrix's largest entry is rounding. */
const SMALLEST_PIVOT = 1e-16;

/** The order at which `invertInPlace` takes a matrix of order n: rows and columns beyond n are those of 1. */
export const paddedOrder = (n: number): number => TILE * Math.ceil(n / TILE);

let packedLeft = new Float64Array(0);
let packedRight = new Float64Array(0);

/**
 * Replaces a row-major n × n matrix, n a multiple of four, by its inverse.
 * @throws {SingularMatrixError}
 */
export function invertInPlace(a: Float64Array, n: number): void {
  const panel = panelOf(n);
  if (packedLeft.length < n * panel) {
    packedLeft = new Float64Array(n * panel);
    packedRight = new Float64Array(n * panel);
  }
  let largest = 0;
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(a[i]));
  const smallest = SMALLEST_PIVOT * largest;
  const pivots = new Int32Array(n);
  for (let begin = 0; begin < n; begin += panel) {
    const end = Math.min(n, begin + panel);
    for (let k = begin; k < end; k++) {
      pivots[k] = pivotRow(a, n, k, smallest);
      if (pivots[k] !== k) swapRows(a, n, k, pivots[k]);
      eliminate(a, n, k, begin, end);
    }
    update(a, n, begin, end);
  }
  for (let k = n - 1; k >= 0; k--) {
    const other = pivots[k];
    if (other === k) continue;
    for (let i = 0; i < n * n; i += n) {
      const kept = a[i + k];
      a[i + k] = a[i + other];
      a[i + other] = kept;
    }
  }
}

function pivotRow(a: Float64Array, n: number, k: number, smallest: number): number {
  let best = k;
  let size = 0;
  for (let i = k; i < n; i++) {
    const here = Math.abs(a[i * n + k]);
    if (here > size) {
      size = here;
      best = i;
    }
  }
  if (!(size > smallest)) throw new SingularMatrixError('a block of the band is singular');
  return best;
}

function swapRows(a: Float64Array, n: number, i: number, j: number): void {
  for (let k = 0; k < n; k++) {
    const kept = a[i * n + k];
    a[i * n + k] = a[j * n + k];
    a[j * n + k] = kept;
  }
}

/** One step of Gauss and Jordan on the columns begin ≤ j < end. */
function eliminate(a: Float64Array, n: number, k: number, begin: number, end: number): void {
  const pivot = k * n;
  const inverse = 1 / a[pivot + k];
  a[pivot + k] = 1;
  for (let j = begin; j < end; j++) a[pivot + j] *= inverse;
  for (let i = 0; i < n; i++) {
    if (i === k) continue;
    const row = i * n;
    const factor = a[row + k];
    if (factor === 0) continue;
    a[row + k] = 0;
    for (let j = begin; j < end; j++) a[row + j] -= factor * a[pivot + j];
  }
}

/** Brings the columns outside of the panel up to date: rows of the panel replaced, the others added to. */
function update(a: Float64Array, n: number, begin: number, end: number): void {
  const depth = end - begin;
  for (let i = 0; i < n; i++) {
    const to = (i >> 2) * TILE * depth + (i & 3);
    for (let k = 0; k < depth; k++) packedLeft[to + TILE * k] = a[i * n + begin + k];
  }
  for (let j = 0; j < n; j += TILE) {
    if (j >= begin && j < end) continue;
    for (let k = 0; k < depth; k++) {
      const from = (begin + k) * n + j;
      for (let t = 0; t < TILE; t++) {
        packedRight[j * depth + TILE * k + t] = a[from + t];
        a[from + t] = 0;
      }
    }
  }
  for (let i = 0; i < n; i += TILE) {
    for (let j = 0; j < begin; j += TILE) addTile(a, n, i, j, depth);
    for (let j = end; j < n; j += TILE) addTile(a, n, i, j, depth);
  }
}

/** a[i … i+3][j … j+3] += (packed rows i) · (packed columns j). */
function addTile(a: Float64Array, n: number, i: number, j: number, depth: number): void {
  const left = packedLeft;
  const right = packedRight;
  let p = i * depth;
  let q = j * depth;
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (const last = p + TILE * depth; p < last; p += TILE, q += TILE) {
    const b0 = right[q];
    const b1 = right[q + 1];
    const b2 = right[q + 2];
    const b3 = right[q + 3];
    const a0 = left[p];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = left[p + 1];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = left[p + 2];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = left[p + 3];
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  let at = i * n + j;
  a[at] += c00;
  a[at + 1] += c01;
  a[at + 2] += c02;
  a[at + 3] += c03;
  at += n;
  a[at] += c10;
  a[at + 1] += c11;
  a[at + 2] += c12;
  a[at + 3] += c13;
  at += n;
  a[at] += c20;
  a[at + 1] += c21;
  a[at + 2] += c22;
  a[at + 3] += c23;
  at += n;
  a[at] += c30;
  a[at + 1] += c31;
  a[at + 2] += c32;
  a[at + 3] += c33;
}
