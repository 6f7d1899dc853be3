/** Eigenpairs of dense complex matrices, by what they have to satisfy. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eigenpairs } from '../../src/solve/complexSchur.js';
import { randomElements } from '../support/vectors.js';

const matrixOf = (size: number, seed: number, isReal: boolean) => {
  const values = randomElements(size * size, seed);
  return {
    size,
    re: values.filter((_, i) => i % 2 === 0),
    im: isReal ? new Float64Array(size * size) : values.filter((_, i) => i % 2 === 1),
  };
};

test('eigenvectors are ones, on either side, and eigenvalues add up to the trace', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.integer(), fc.boolean(), (n, seed, isReal) => {
      const matrix = matrixOf(n, seed, isReal);
      const found = eigenpairs(matrix);
      const scale = 1e-12 * n;
      for (let k = 0; k < n; k++) {
        const [x, y] = [found.right[k], found.left[k]];
        for (let i = 0; i < n; i++) {
          let [a, b, c, d] = [0, 0, 0, 0];
          for (let j = 0; j < n; j++) {
            const [u, v] = [matrix.re[i * n + j], matrix.im[i * n + j]];
            a += u * x[2 * j] - v * x[2 * j + 1];
            b += u * x[2 * j + 1] + v * x[2 * j];
            const [p, q] = [matrix.re[j * n + i], matrix.im[j * n + i]];
            c += p * y[2 * j] + q * y[2 * j + 1];
            d += q * y[2 * j] - p * y[2 * j + 1];
          }
          const [re, im] = [found.re[k], found.im[k]];
          expect(Math.abs(a - re * x[2 * i] + im * x[2 * i + 1])).toBeLessThan(scale);
          expect(Math.abs(b - re * x[2 * i + 1] - im * x[2 * i])).toBeLessThan(scale);
          // yᴴA = λyᴴ: ȳ_i (re + i im)
          expect(Math.abs(c - re * y[2 * i] - im * y[2 * i + 1])).toBeLessThan(scale);
          expect(Math.abs(d - im * y[2 * i] + re * y[2 * i + 1])).toBeLessThan(scale);
        }
      }
      const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
      const trace = (x: Float64Array) => sum(x.filter((_, i) => i % (n + 1) === 0));
      expect(sum(found.re)).toBeCloseTo(trace(matrix.re), 10);
      expect(sum(found.im)).toBeCloseTo(trace(matrix.im), 10);
    }),
    { numRuns: 40 },
  ));

test('a Jordan block has its one eigenvalue', () => {
  const found = eigenpairs({
    size: 3,
    re: Float64Array.of(2, 1, 0, 0, 2, 1, 0, 0, 2),
    im: new Float64Array(9).fill(0),
  });
  expect([...found.re]).toEqual([2, 2, 2]);
});
