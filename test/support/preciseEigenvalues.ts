/** Eigenvalues of Hermitian matrices to more digits than float64 has. */
import { Decimal as Base } from 'decimal.js';
import type { Dense } from './dense.js';
import { exactDecimal } from './exactDecimal.js';

const Decimal = Base.clone({ precision: 40 });
type D = InstanceType<typeof Decimal>;

/** Elements outside of the diagonal that are left, in units of the largest element. */
const LEFT = 1e-30;

/** Rising, by Jacobi's rotations of the real symmetric matrix that A + iB is as [[A, −B], [B, A]]. */
export function preciseEigenvalues({ n, re, im }: Pick<Dense, 'n' | 're' | 'im'>): number[] {
  const size = 2 * n;
  const m = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const at = (i % n) * n + (j % n);
      const imaginary = i < n ? -im[at] : im[at];
      return exactDecimal(Decimal, i < n === j < n ? re[at] : imaginary);
    }),
  );
  const smallest = Math.max(...re.map(Math.abs), ...im.map(Math.abs)) * LEFT;
  for (let rotated = true; rotated; ) {
    rotated = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (m[p][q].abs().lte(smallest)) continue;
        rotate(m, p, q);
        rotated = true;
      }
    }
  }
  // Each is there twice.
  const values = m.map((row, i) => row[i]).sort((a, b) => a.comparedTo(b));
  return values.filter((_, i) => i % 2 === 0).map((value) => value.toNumber());
}

/** Makes the elements pq and qp 0. */
function rotate(m: D[][], p: number, q: number): void {
  const theta = m[q][q].minus(m[p][p]).div(m[p][q].times(2));
  const root = theta.times(theta).plus(1).sqrt();
  const t = new Decimal(1).div(theta.isNeg() ? theta.minus(root) : theta.plus(root));
  const c = new Decimal(1).div(t.times(t).plus(1).sqrt());
  const s = t.times(c);
  const turn = (x: D, y: D): [D, D] => [c.times(x).minus(s.times(y)), s.times(x).plus(c.times(y))];
  for (const row of m)
    if (!row[p].isZero() || !row[q].isZero()) [row[p], row[q]] = turn(row[p], row[q]);
  for (let j = 0; j < m.length; j++) {
    if (!m[p][j].isZero() || !m[q][j].isZero()) [m[p][j], m[q][j]] = turn(m[p][j], m[q][j]);
  }
}
