/** x/(e^x − 1) by operations of IEEE alone, against fifty digits. */
import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boseFactor } from '../../src/machine/boseFactor.js';

const Decimal = Base.clone({ precision: 50 });

/** In units of the last place of float64. */
function error(x: number): number {
  // Small x cost digits of e^x − 1, of which there are as many more.
  const { precision } = Decimal;
  Decimal.set({ precision: 50 + Math.max(0, Math.ceil(-Math.log10(x))) });
  // In binary: the shortest decimal number is another one, which e^x tells apart.
  const whole = new Decimal(`0b${x.toString(2)}`);
  const exact = whole.div(whole.exp().minus(1));
  const apart = exact.minus(boseFactor(x)).div(exact).abs().toNumber();
  Decimal.set({ precision });
  return apart / Number.EPSILON;
}

describe('x/(e^x − 1)', () => {
  test('is right to two units of the last place', () => {
    const most = 2;
    fc.assert(
      fc.property(fc.double({ min: -18, max: Math.log10(700), noNaN: true }), (power) => {
        expect(error(10 ** power)).toBeLessThan(most);
      }),
      { numRuns: 500 },
    );
    // Where the whole part of x/ln 2 changes.
    for (let k = 1; k < 1000; k += 7) {
      const x = (k + 0.5) * Math.LN2;
      for (const near of [x, x * (1 - Number.EPSILON), x * (1 + Number.EPSILON)]) {
        expect(error(near)).toBeLessThan(most);
      }
    }
  });

  test('ends in 1 and in 0', () => {
    expect([0, 1e-300, Number.MIN_VALUE].map(boseFactor)).toEqual([1, 1, 1]);
    expect([720, 1e5].map(boseFactor)).toEqual([0, 0]);
  });
});
