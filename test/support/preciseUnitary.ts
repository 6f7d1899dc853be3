/** e^{−iHt} to more digits than float64 has. */
import { Decimal as Base } from 'decimal.js';
import type { SparseSymmetric } from '../../src/operators/sparseSymmetric.js';
import { exactDecimal } from './exactDecimal.js';

const Decimal = Base.clone({ precision: 40 });
type D = InstanceType<typeof Decimal>;

/** A square matrix, by rows; null stands for 0. */
type Square = (D | null)[][];
interface Complex {
  readonly re: Square;
  readonly im: Square;
}

const zeros = (n: number): Square =>
  Array.from({ length: n }, () => new Array<D | null>(n).fill(null));

/** c += s·ab for a sign s. */
function addProduct(c: Square, a: Square, b: Square, sign: 1 | -1): void {
  a.forEach((row, i) => {
    row.forEach((x, k) => {
      if (x === null) return;
      b[k].forEach((y, j) => {
        if (y === null) return;
        const z = x.times(sign).times(y);
        c[i][j] = c[i][j]?.plus(z) ?? z;
      });
    });
  });
}

function product(a: Complex, b: Complex): Complex {
  const [re, im] = [zeros(a.re.length), zeros(a.re.length)];
  addProduct(re, a.re, b.re, 1);
  addProduct(re, a.im, b.im, -1);
  addProduct(im, a.re, b.im, 1);
  addProduct(im, a.im, b.re, 1);
  return { re, im };
}

const TERMS = 24;

/** By the Taylor series of a small part of the time, squared; [re, im] by rows. */
export function preciseUnitary(
  { diagonal, couplings }: SparseSymmetric,
  t: number,
): [number, number][][] {
  const n = diagonal.length;
  const norm = [...diagonal, ...couplings.map(({ value }) => 2 * value)].reduce(
    (s, x) => s + Math.abs(x),
    0,
  );
  // Norm times time at most 2^-3: 24 terms leave 1e-46.
  const halvings = Math.max(0, Math.ceil(Math.log2(norm * t + 1)) + 3);
  const small = exactDecimal(Decimal, t).div(new Decimal(2).pow(halvings));
  const generator = { re: zeros(n), im: zeros(n) };
  const set = (i: number, j: number, value: number) => {
    if (value === 0) return;
    const z = small.times(exactDecimal(Decimal, -value));
    generator.im[i][j] = generator.im[i][j]?.plus(z) ?? z;
  };
  diagonal.forEach((value, i) => {
    set(i, i, value);
  });
  for (const { i, j, value } of couplings) {
    set(i, j, value);
    set(j, i, value);
  }
  const one = { re: zeros(n), im: zeros(n) };
  for (let i = 0; i < n; i++) one.re[i][i] = new Decimal(1);
  // 1 + x(1 + x/2(1 + x/3(…)))
  let u: Complex = one;
  for (let k = TERMS; k > 0; k--) {
    const { re, im } = product(generator, u);
    const divided = (m: Square): Square => m.map((row) => row.map((x) => x?.div(k) ?? null));
    u = { re: divided(re), im: divided(im) };
    for (let i = 0; i < n; i++) u.re[i][i] = u.re[i][i]?.plus(1) ?? new Decimal(1);
  }
  for (let k = 0; k < halvings; k++) u = product(u, u);
  return u.re.map((row, i) => row.map((x, j) => [x?.toNumber() ?? 0, u.im[i][j]?.toNumber() ?? 0]));
}
