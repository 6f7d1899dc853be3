/** Eigenvalues of a Hermitian matrix as one dense matrix, whatever its elements connect. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { DensityMatrix } from '../../src/state/densityMatrix.js';

/** Through the real symmetric form of twice the order, in which each is there twice. */
export function denseEigenvalues({ space, elements }: DensityMatrix): Float64Array {
  const { classes, window, states } = space;
  const n = states * window.size;
  const dense = Matrix.zeros(2 * n, 2 * n);
  for (const { ket, bra, delta, first, offset, length } of classes) {
    for (let p = 0; p < length; p++) {
      const [i, j] = [ket * window.size + first + p, bra * window.size + first + p - delta];
      const [re, im] = [elements[2 * (offset + p)], elements[2 * (offset + p) + 1]];
      dense.set(i, j, re);
      dense.set(n + i, n + j, re);
      dense.set(n + i, j, im);
      dense.set(i, n + j, -im);
    }
  }
  const found = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues;
  found.sort((x, y) => x - y);
  return Float64Array.from({ length: n }, (_, i) => (found[2 * i] + found[2 * i + 1]) / 2);
}
