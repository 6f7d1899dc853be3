import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detuning } from '../../src/model/detuning.js';
import { between, decades } from '../support/arbitrary.js';
import { exactDecimal } from '../support/exactDecimal.js';

const Decimal = Base.clone({ precision: 60 });
const d = (x: number) => exactDecimal(Decimal, x);

describe('2(B1 − B2) + (2k + 1)/2I', () => {
  test('has its digits however near to resonance', () => {
    const remainder = decades(1e-16, 1).chain((x) => fc.constantFrom(x, -x));
    fc.assert(
      fc.property(
        between(0.1, 100),
        decades(0.05, 50),
        fc.integer({ min: -500, max: 500 }),
        remainder,
        (B1, I, k, rest) => {
          const B2 = B1 + ((2 * k + 1) / (4 * I)) * (1 + rest);
          const exact = d(B1)
            .minus(d(B2))
            .times(2)
            .plus(d(2 * k + 1).div(d(I).times(2)));
          const found = detuning({ B1, B2, I })(k);
          // Two sums and a quotient; and the rounding of what is below the last digit of either term.
          const { EPSILON } = Number;
          const allowed = exact
            .abs()
            .times(2 * EPSILON)
            .plus(4 * EPSILON ** 2 * Math.abs(B1 - B2));
          expect(exact.minus(d(found)).abs().lte(allowed), `${found} is ${exact}`).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
