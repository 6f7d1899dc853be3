/** Linear systems in decimal numbers of any precision. */
import type { Decimal } from 'decimal.js';

/** Rows of a matrix, each followed by its right-hand side. */
export type Decimals = Decimal[][];

/** The solution by Gaussian elimination with pivoting, which overwrites the system. */
export function solveDecimals(m: Decimals): Decimal[] {
  const n = m.length;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (m[i][j].abs().gt(m[pivot][j].abs())) pivot = i;
    [m[j], m[pivot]] = [m[pivot], m[j]];
    const columns = m[j].flatMap((value, k) => (k > j && !value.isZero() ? [k] : []));
    for (let i = j + 1; i < n; i++) {
      if (m[i][j].isZero()) continue;
      const factor = m[i][j].div(m[j][j]);
      for (const k of columns) m[i][k] = m[i][k].minus(factor.times(m[j][k]));
    }
  }
  const x: Decimal[] = [];
  for (let j = n - 1; j >= 0; j--) {
    let value = m[j][n];
    for (let k = j + 1; k < n; k++) if (!m[j][k].isZero()) value = value.minus(m[j][k].times(x[k]));
    x[j] = value.div(m[j][j]);
  }
  return x;
}
