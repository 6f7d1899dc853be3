import { describe, expect, test } from 'vitest';
import { padeApproximation } from '../../src/solve/pade.js';

describe.each([3, 5, 7])('Padé’s approximation of e^z of degree %i', (k) => {
  const { poles, realPole, zeros } = padeApproximation(k);

  /** N(x)/D(x) at a real x out of its zeros and poles. */
  const value = (x: number) => {
    let result = 1 / (1 - x / realPole);
    for (const { re, im } of zeros) result *= ((x - re) ** 2 + im * im) / (re * re + im * im);
    for (const { re, im } of poles) result /= ((x - re) ** 2 + im * im) / (re * re + im * im);
    return result;
  };

  test('is e^z up to the order 2k − 1', () => {
    const error = (x: number) => Math.abs(value(x) - Math.exp(x));
    // Where the error is above rounding, doubling z multiplies it by about 2^{2k}.
    const x = { 3: 0.1, 5: 0.8, 7: 2 }[k] ?? 1;
    expect(error(x)).toBeGreaterThan(1e-14);
    expect(Math.log2(error(-2 * x) / error(-x))).toBeGreaterThan(2 * k - 3);
    expect(Math.log2(error(-2 * x) / error(-x))).toBeLessThan(2 * k + 3);
    expect(error(-0.01)).toBeLessThan(2e-15);
  });

  test('is stable: poles in the right half plane, zeros in the left', () => {
    for (const { re } of poles) expect(re).toBeGreaterThan(0);
    for (const { re } of zeros) expect(re).toBeLessThan(0);
    expect(realPole).toBeGreaterThan(0);
    expect(Math.abs(value(-1e8))).toBeLessThan(1e-6);
  });
});
