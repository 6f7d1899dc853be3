/**
 * Eigenvalues of a dense Hermitian matrix without its eigenvectors: Householder's reflections make it tridiagonal, with
 * numbers beside the diagonal that may be taken real and not negative; then rotations by Wilkinson's shift (the
 * implicit QL method, doi:10.1007/BF02162404). Errors are some roundings of the largest eigenvalue by the order.
 */

/** Rotations for one eigenvalue, at most; two or three are what it takes. */
const MOST_ROTATIONS = 60;

/**
 * @param order rows
 * @param re by row, which is written to; of it and of `im` the lower triangle is read
 * @returns rising
 */
export function hermitianEigenvalues(
  order: number,
  re: Float64Array,
  im: Float64Array,
): Float64Array {
  const diagonal = new Float64Array(order);
  const beside = new Float64Array(order);
  tridiagonal(order, re, im, diagonal, beside);
  rotated(diagonal, beside);
  return diagonal.sort();
}

/** From the last row on each is reflected into one number beside the diagonal. */
function tridiagonal(
  order: number,
  re: Float64Array,
  im: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
): void {
  const [u, v] = [new Float64Array(order), new Float64Array(order)];
  const [p, q] = [new Float64Array(order), new Float64Array(order)];
  for (let last = order - 1; last > 0; last--) {
    const row = last * order;
    diagonal[last] = re[row + last];
    let largest = 0;
    for (let j = 0; j < last; j++) {
      largest = Math.max(largest, Math.abs(re[row + j]), Math.abs(im[row + j]));
    }
    if (largest === 0) continue;
    // The conjugate of the row is the column above the diagonal, x; u + iv becomes x less its reflection.
    let squared = 0;
    for (let j = 0; j < last; j++) {
      u[j] = re[row + j] / largest;
      v[j] = -im[row + j] / largest;
      squared += u[j] * u[j] + v[j] * v[j];
    }
    const norm = Math.sqrt(squared);
    beside[last] = norm * largest;
    const end = last - 1;
    const size = Math.hypot(u[end], v[end]);
    // H = 1 − ww†/h with w = x + ‖x‖e^{iφ}e and h = ‖x‖(‖x‖ + |x_end|).
    const h = norm * (norm + size);
    u[end] += size === 0 ? norm : (norm * u[end]) / size;
    v[end] += size === 0 ? 0 : (norm * v[end]) / size;
    multiplied(order, last, re, im, [u, v], [p, q]);
    let share = 0;
    for (let j = 0; j < last; j++) {
      p[j] /= h;
      q[j] /= h;
      share += u[j] * p[j] + v[j] * q[j];
    }
    share /= 2 * h;
    for (let j = 0; j < last; j++) {
      p[j] -= share * u[j];
      q[j] -= share * v[j];
    }
    // A − w p† − p w†
    for (let i = 0; i < last; i++) {
      const [ui, vi, pi, qi] = [u[i], v[i], p[i], q[i]];
      const at = i * order;
      for (let j = 0; j <= i; j++) {
        re[at + j] -= ui * p[j] + vi * q[j] + pi * u[j] + qi * v[j];
        im[at + j] -= vi * p[j] - ui * q[j] + qi * u[j] - pi * v[j];
      }
    }
  }
  diagonal[0] = re[0];
}

/** p + iq = A(u + iv) of the leading rows, each element of the triangle read once. */
function multiplied(
  order: number,
  rows: number,
  re: Float64Array,
  im: Float64Array,
  [u, v]: readonly [Float64Array, Float64Array],
  [p, q]: readonly [Float64Array, Float64Array],
): void {
  p.fill(0, 0, rows);
  q.fill(0, 0, rows);
  for (let i = 0; i < rows; i++) {
    const at = i * order;
    const [ui, vi] = [u[i], v[i]];
    let [a, b] = [re[at + i] * ui, re[at + i] * vi];
    for (let j = 0; j < i; j++) {
      const [x, y] = [re[at + j], im[at + j]];
      a += x * u[j] - y * v[j];
      b += x * v[j] + y * u[j];
      p[j] += x * ui + y * vi;
      q[j] += x * vi - y * ui;
    }
    p[i] += a;
    q[i] += b;
  }
}

/** Eigenvalues of a real tridiagonal matrix in place of its diagonal; `beside[k]` is between rows k − 1 and k. */
function rotated(diagonal: Float64Array, beside: Float64Array): void {
  const { length } = diagonal;
  for (let k = 1; k < length; k++) beside[k - 1] = beside[k];
  beside[length - 1] = 0;
  // What is below a rounding of the largest row is nothing: it moves no eigenvalue by more.
  const largest = diagonal.reduce(
    (most, x, k) => Math.max(most, Math.abs(x) + Math.abs(beside[k])),
    0,
  );
  const least = Number.EPSILON * largest;
  for (let first = 0; first < length; first++) {
    for (let rotation = 0; ; rotation++) {
      let end = first;
      while (end < length - 1 && Math.abs(beside[end]) > least) end++;
      if (end === first) break;
      if (rotation === MOST_ROTATIONS) throw new Error('eigenvalues do not converge');
      step(diagonal, beside, first, end);
    }
  }
}

/** One implicit step between two rows. */
function step(diagonal: Float64Array, beside: Float64Array, first: number, end: number): void {
  const half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
  const root = Math.hypot(half, 1);
  let g = diagonal[end] - diagonal[first] + beside[first] / (half + (half < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = end - 1; i >= first; i--) {
    const f = sine * beside[i];
    const b = cosine * beside[i];
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1] -= shift;
      beside[end] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1] - shift;
    const s = (diagonal[i] - g) * sine + 2 * cosine * b;
    shift = sine * s;
    diagonal[i + 1] = g + shift;
    g = cosine * s - b;
  }
  diagonal[first] -= shift;
  beside[first] = g;
  beside[end] = 0;
}
