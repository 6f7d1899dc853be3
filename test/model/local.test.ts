import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bathCoupling, thermalOccupation } from '../../src/model/local.js';
import { rotorWindow } from '../../src/operators/window.js';
import { between } from '../support/arbitrary.js';
import { exactDecimal } from '../support/exactDecimal.js';

const Precise = Decimal.clone({ precision: 60 });

describe('n = 1/(e^{2βB} − 1), Eq. (16)', () => {
  test('agrees with 60 digits to 4 units in the last place, hot and cold', () => {
    const decades = (a: number, b: number) => between(a, b).map((x) => 10 ** x);
    fc.assert(
      fc.property(decades(-9, 1), decades(-2, 1.5), (beta, field) => {
        const exponent = exactDecimal(Precise, beta).times(exactDecimal(Precise, field)).times(2);
        fc.pre(exponent.lt(700));
        const exact = new Precise(1).div(exponent.exp().minus(1));
        const error = exact.minus(thermalOccupation(beta, field)).div(exact).abs().toNumber();
        // The rounding of 2βB is magnified by 2βB where n falls off exponentially.
        expect(error).toBeLessThanOrEqual(4 * 2 ** -53 * (1 + exponent.toNumber()));
      }),
      { numRuns: 300 },
    );
  });

  test('is 0 and not NaN where e^{2βB} overflows', () => {
    expect(thermalOccupation(50, 10)).toBe(0);
  });

  test('n/(n + 1) = e^{−2βB}', () => {
    const n = thermalOccupation(0.3, 2);
    expect(n / (n + 1)).toBeCloseTo(Math.exp(-1.2), 15);
  });
});

test('g1 = g(1 − χ) and g2 = g(1 + χ), Eq. (15)', () => {
  expect(bathCoupling(1, 2, 0.25)).toBe(1.5);
  expect(bathCoupling(2, 2, 0.25)).toBe(2.5);
  expect(bathCoupling(1, 2, -0.25)).toBe(2.5);
});

describe('a window', () => {
  test('counts its levels', () => {
    expect(rotorWindow(-20, 40)).toEqual({ lmin: -20, lmax: 40, size: 61 });
  });

  test.each([
    [0, 0],
    [1, 0],
    [-0.5, 1],
    [0, 1.5],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ])('[%d, %d] is refused', (lmin, lmax) => {
    expect(() => rotorWindow(lmin, lmax)).toThrow(
      new RangeError(`the window [${lmin}, ${lmax}] must hold at least two integer levels`),
    );
  });
});
