import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadFactor } from '../../src/model/load.js';
import { decades } from '../support/arbitrary.js';
import { exactDecimal } from '../support/exactDecimal.js';

const Decimal = Base.clone({ precision: 60 });

test('1 − β_r l/4I has its digits however little is left of it', () => {
  const remainder = decades(1e-16, 0.9).chain((x) => fc.constantFrom(x, -x));
  fc.assert(
    fc.property(
      decades(0.01, 100),
      fc.integer({ min: 1, max: 4096 }),
      remainder,
      (betaR, l, rest) => {
        const I = (betaR * l * (1 + rest)) / 4;
        const product = exactDecimal(Decimal, betaR).times(l);
        const exact = (sign: number) =>
          new Decimal(1).minus(product.times(sign).div(4).div(exactDecimal(Decimal, I)));
        const factor = loadFactor({ betaR, I });
        for (const sign of [1, -1]) {
          const wanted = exact(sign);
          // Three roundings: of two differences and a quotient.
          const allowed = wanted.abs().times(1.5 * Number.EPSILON);
          const error = wanted.minus(exactDecimal(Decimal, factor(sign * l))).abs();
          expect(error.lte(allowed), `${factor(sign * l)} is ${wanted}`).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
