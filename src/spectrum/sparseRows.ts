/** A complex matrix by the elements of its rows that are not 0, and what they tell of its numerical range. */

export interface SparseRows {
  /** Where the elements of each row begin, and where the last one's end. */
  readonly begin: Int32Array;
  readonly column: Int32Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Ax of interleaved complex numbers. */
export function product({ begin, column, re, im }: SparseRows, x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let row = 0; row + 1 < begin.length; row++) {
    let u = 0;
    let v = 0;
    const end = begin[row + 1];
    for (let k = begin[row]; k < end; k++) {
      const j = 2 * column[k];
      u += re[k] * x[j] - im[k] * x[j + 1];
      v += re[k] * x[j + 1] + im[k] * x[j];
    }
    y[2 * row] = u;
    y[2 * row + 1] = v;
  }
  return y;
}

/** Ax of real numbers, where A is real. */
export function realProduct({ begin, column, re }: SparseRows, x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let row = 0; row < y.length; row++) {
    let sum = 0;
    const end = begin[row + 1];
    for (let k = begin[row]; k < end; k++) sum += re[k] * x[column[k]];
    y[row] = sum;
  }
  return y;
}

/** Of ⟨x, Ax⟩ with x of norm 1. */
export interface NumericalRange {
  /** Its real part is at least −decay, and at most growth. */
  readonly decay: number;
  readonly growth: number;
  /** Its imaginary part is at most this in magnitude. */
  readonly imaginary: number;
}

/** Of A among the rows that are looked at, by Gershgorin's discs of (A + Aᴴ)/2 and (A − Aᴴ)/2i. */
export function numericalRange(
  { begin, column, re, im }: SparseRows,
  isIn: (row: number) => boolean = () => true,
): NumericalRange {
  const rows = begin.length - 1;
  const real = new Float64Array(rows);
  const imaginary = new Float64Array(rows);
  // What lies beside the diagonal, in either part.
  const besideReal = new Float64Array(rows);
  const besideImaginary = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    if (!isIn(row)) continue;
    for (let k = begin[row]; k < begin[row + 1]; k++) {
      const j = column[k];
      if (!isIn(j)) continue;
      if (j === row) {
        real[row] = re[k];
        imaginary[row] = im[k];
        continue;
      }
      let mirror = begin[j];
      while (mirror < begin[j + 1] && column[mirror] !== row) mirror++;
      const isAlone = mirror === begin[j + 1];
      const [c, d] = isAlone ? [0, 0] : [re[mirror], im[mirror]];
      const [sum, difference] = [
        Math.hypot(re[k] + c, im[k] - d) / 2,
        Math.hypot(re[k] - c, im[k] + d) / 2,
      ];
      besideReal[row] += sum;
      besideImaginary[row] += difference;
      if (!isAlone) continue;
      besideReal[j] += sum;
      besideImaginary[j] += difference;
    }
  }
  const range = { decay: 0, growth: Number.NEGATIVE_INFINITY, imaginary: 0 };
  for (let row = 0; row < rows; row++) {
    if (!isIn(row) || begin[row] === begin[row + 1]) continue;
    range.decay = Math.max(range.decay, besideReal[row] - real[row]);
    range.growth = Math.max(range.growth, besideReal[row] + real[row]);
    range.imaginary = Math.max(range.imaginary, besideImaginary[row] + Math.abs(imaginary[row]));
  }
  return range;
}

/** ‖B‖ of the rows that are looked at and the columns that are not, at most: √(‖B‖₁‖B‖_∞). */
export function couplingNorm(
  { begin, column, re, im }: SparseRows,
  isIn: (row: number) => boolean,
): number {
  const columns = new Float64Array(begin.length - 1);
  let most = 0;
  for (let row = 0; row + 1 < begin.length; row++) {
    if (!isIn(row)) continue;
    let sum = 0;
    for (let k = begin[row]; k < begin[row + 1]; k++) {
      if (isIn(column[k])) continue;
      const size = Math.hypot(re[k], im[k]);
      sum += size;
      columns[column[k]] += size;
    }
    most = Math.max(most, sum);
  }
  return Math.sqrt(most * columns.reduce((a, b) => Math.max(a, b), 0));
}
