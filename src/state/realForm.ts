/** Hermitian matrices as real symmetric ones of twice the order, with their eigenvectors. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { eachPlace, type Space } from '../generator/classes.js';

/**
 * A Hermitian matrix of order n as a real symmetric one of order 2n, of which each eigenvalue is there twice.
 * @param each visits its elements
 */
export function realSymmetric(
  order: number,
  each: (put: (row: number, column: number, re: number, im: number) => void) => void,
): Matrix {
  const found = Matrix.zeros(2 * order, 2 * order);
  each((r, c, re, im) => {
    found.set(r, c, re);
    found.set(order + r, order + c, re);
    found.set(r, order + c, -im);
    found.set(order + r, c, im);
  });
  return found;
}

/** Hermitian matrices on a space in this form. */
export class RealForm {
  readonly order: number;

  constructor(private readonly space: Space) {
    this.order = space.states * space.window.size;
  }

  matrix(elements: Float64Array): Matrix {
    return realSymmetric(this.order, (put) =>
      eachPlace(this.space, (r, c, at) => put(r, c, elements[2 * at], elements[2 * at + 1])),
    );
  }

  elements(matrix: Matrix): Float64Array {
    const found = new Float64Array(2 * this.space.size);
    eachPlace(this.space, (r, c, at) => {
      found[2 * at] = matrix.get(r, c);
      found[2 * at + 1] = matrix.get(this.order + r, c);
    });
    return found;
  }
}

/** a · b, row by row of both, without what is 0 in a. */
export function product(a: Matrix, b: Matrix): Matrix {
  const rows = b.to2DArray();
  const found = Array.from({ length: a.rows }, (_, i) => {
    const row = new Float64Array(b.columns);
    for (let k = 0; k < a.columns; k++) {
      const factor = a.get(i, k);
      if (factor === 0) continue;
      const other = rows[k];
      for (let j = 0; j < row.length; j++) row[j] += factor * other[j];
    }
    return row;
  });
  return new Matrix(found as unknown as number[][]);
}

export const eigenOf = (matrix: Matrix) => {
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: found.realEigenvalues, vectors: found.eigenvectorMatrix };
};
