/** Linear systems and eigenvalues of dense complex matrices; nothing here is the project's. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Dense } from './dense.js';

/**
 * LU decomposition with partial pivoting, once for any number of right-hand sides.
 * @returns x with Mx = b, both interleaved
 * @throws Error where a pivot is 0
 */
export function denseFactors({ n, re, im }: Dense): (b: Float64Array) => Float64Array {
  const rows = Array.from({ length: n }, (_, i) => ({
    re: re.slice(i * n, (i + 1) * n),
    im: im.slice(i * n, (i + 1) * n),
    place: i,
  }));
  for (let k = 0; k < n; k++) {
    let best = k;
    const size = (i: number) => rows[i].re[k] ** 2 + rows[i].im[k] ** 2;
    for (let i = k + 1; i < n; i++) if (size(i) > size(best)) best = i;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    const pivot = rows[k];
    const norm = size(k);
    if (norm === 0) throw new Error('a dense matrix is singular');
    for (let i = k + 1; i < n; i++) {
      const row = rows[i];
      if (row.re[k] === 0 && row.im[k] === 0) continue;
      const a = (row.re[k] * pivot.re[k] + row.im[k] * pivot.im[k]) / norm;
      const b = (row.im[k] * pivot.re[k] - row.re[k] * pivot.im[k]) / norm;
      [row.re[k], row.im[k]] = [a, b];
      const { re: x, im: y } = row;
      const { re: u, im: v } = pivot;
      for (let j = k + 1; j < n; j++) {
        x[j] -= a * u[j] - b * v[j];
        y[j] -= a * v[j] + b * u[j];
      }
    }
  }
  return (right) => {
    const x = new Float64Array(2 * n);
    /** x_i less what row i has of the unknowns from `from` on, up to `end`. */
    const reduce = (i: number, from: number, end: number) => {
      const { re: u, im: v } = rows[i];
      let [a, b] = [x[2 * i], x[2 * i + 1]];
      for (let j = from; j < end; j++) {
        a -= u[j] * x[2 * j] - v[j] * x[2 * j + 1];
        b -= u[j] * x[2 * j + 1] + v[j] * x[2 * j];
      }
      [x[2 * i], x[2 * i + 1]] = [a, b];
    };
    rows.forEach(({ place }, i) => {
      x.set(right.subarray(2 * place, 2 * place + 2), 2 * i);
      reduce(i, 0, i);
    });
    for (let i = n - 1; i >= 0; i--) {
      reduce(i, i + 1, n);
      const [u, v] = [rows[i].re[i], rows[i].im[i]];
      const norm = u * u + v * v;
      const [a, b] = [x[2 * i], x[2 * i + 1]];
      x[2 * i] = (a * u + b * v) / norm;
      x[2 * i + 1] = (b * u - a * v) / norm;
    }
    return x;
  };
}

/**
 * Every eigenvalue of a map that takes Hermitian matrices to such, each once: of the real matrix that it is on their
 * real and imaginary parts.
 */
export function denseEigenvalues(map: Dense): { re: number; im: number }[] {
  const d = map.n;
  const n = Math.round(Math.sqrt(d));
  const real = Matrix.zeros(d, d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      // Coordinates: ρ_ii, above the diagonal Re ρ_ij, below it Im ρ_ji. A column is what becomes of one of them.
      const [at, mirrored] = [i * n + j, j * n + i];
      for (let k = 0; k < n; k++) {
        for (let l = k; l < n; l++) {
          const row = (k * n + l) * d;
          const [p, q] = [row + at, row + mirrored];
          if (i <= j) {
            real.set(k * n + l, at, map.re[p] + (i < j ? map.re[q] : 0));
            if (k < l) real.set(l * n + k, at, map.im[p] + (i < j ? map.im[q] : 0));
          } else {
            real.set(k * n + l, at, map.im[p] - map.im[q]);
            if (k < l) real.set(l * n + k, at, map.re[q] - map.re[p]);
          }
        }
      }
    }
  }
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(real);
  return realEigenvalues.map((re, i) => ({ re, im: imaginaryEigenvalues[i] }));
}
