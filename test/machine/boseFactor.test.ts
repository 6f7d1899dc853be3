/** x/(e^x − 1) by operations of IEEE alone, and its derivative, against fifty digits. */
import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boseFactor, boseSlope } from '../../src/machine/boseFactor.js';

const Decimal = Base.clone({ precision: 50 });

type Exact = (x: Base) => Base;
const exactFactor: Exact = (x) => x.div(x.exp().minus(1));
const exactSlope: Exact = (x) => {
  const b = exactFactor(x);
  return b.div(x).times(new Decimal(1).minus(x).minus(b));
};

/** In units of the last place of float64. */
function error(x: number, found: number, exactOf: Exact): number {
  // Small x cost digits of each difference, of which there are as many more.
  const { precision } = Decimal;
  Decimal.set({ precision: 50 + 2 * Math.max(0, Math.ceil(-Math.log10(x))) });
  // In binary: the shortest decimal number is another one, which e^x tells apart.
  const exact = exactOf(new Decimal(`0b${x.toString(2)}`));
  const apart = exact.minus(found).div(exact).abs().toNumber();
  Decimal.set({ precision });
  return apart / Number.EPSILON;
}

describe('x/(e^x − 1)', () => {
  test('is right to two units of the last place', () => {
    const most = 2;
    fc.assert(
      fc.property(fc.double({ min: -18, max: Math.log10(700), noNaN: true }), (power) => {
        const x = 10 ** power;
        expect(error(x, boseFactor(x), exactFactor)).toBeLessThan(most);
      }),
      { numRuns: 500 },
    );
    // Where the whole part of x/ln 2 changes.
    for (let k = 1; k < 1000; k += 7) {
      const x = (k + 0.5) * Math.LN2;
      for (const near of [x, x * (1 - Number.EPSILON), x * (1 + Number.EPSILON)]) {
        expect(error(near, boseFactor(near), exactFactor)).toBeLessThan(most);
      }
    }
  });

  test('changes as its derivative says, to twelve units of the last place', () => {
    const check = (x: number) => {
      expect(error(x, boseSlope(x, boseFactor(x)), exactSlope), `at ${x}`).toBeLessThan(12);
    };
    fc.assert(
      fc.property(fc.double({ min: -18, max: Math.log10(700), noNaN: true }), (power) => {
        check(10 ** power);
      }),
      { numRuns: 500 },
    );
    // Where its form changes.
    for (let k = -20; k <= 20; k++) check((Math.LN2 / 2) * (1 + 0.01 * k));
    expect(boseSlope(0, boseFactor(0))).toBe(-0.5);
    expect(Math.abs(boseSlope(720, boseFactor(720)))).toBe(0);
  });

  test('ends in 1 and in 0', () => {
    expect([0, 1e-300, Number.MIN_VALUE].map(boseFactor)).toEqual([1, 1, 1]);
    expect([720, 1e5].map(boseFactor)).toEqual([0, 0]);
  });
});
