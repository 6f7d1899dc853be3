import { describe, expect, test } from 'vitest';
import { SingularMatrixError } from '../../src/generator/chains.js';
import { invertInPlace, paddedOrder } from '../../src/solve/inverse.js';

/** The largest |A A⁻¹ − 1| relative to what rounding allows. */
function error(a: Float64Array, inverse: Float64Array, n: number): number {
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = i === j ? -1 : 0;
      let size = 1;
      for (let k = 0; k < n; k++) {
        sum += a[i * n + k] * inverse[k * n + j];
        size += Math.abs(a[i * n + k] * inverse[k * n + j]);
      }
      worst = Math.max(worst, Math.abs(sum) / size);
    }
  }
  return worst;
}

describe('the inverse of a dense matrix', () => {
  test.each([4, 8, 12, 16, 20, 60, 260])('order %i, more and less than a panel', (n) => {
    // The diagonal is 0: nothing works without pivots.
    const a = Float64Array.from({ length: n * n }, (_, i) =>
      i % (n + 1) === 0 ? 0 : Math.sin(i * i),
    );
    const inverse = a.slice();
    invertInPlace(inverse, n);
    expect(error(a, inverse, n)).toBeLessThan(1e-11);
  });

  test('of a permutation is its transpose', () => {
    const n = 40;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) a[i * n + ((7 * i + 3) % n)] = 1;
    const inverse = a.slice();
    invertInPlace(inverse, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) expect(inverse[i * n + j]).toBe(a[j * n + i]);
    }
  });

  test('does not exist for a singular one', () => {
    expect(() => invertInPlace(new Float64Array(64).fill(1), 8)).toThrow(SingularMatrixError);
  });

  test('orders are padded to whole tiles', () => {
    expect([1, 4, 5].map(paddedOrder)).toEqual([4, 4, 8]);
  });
});
