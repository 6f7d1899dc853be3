/** The double-double versions of functions, against many decimal digits. */
import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boseFactor,
  FUNCTIONS,
  type FunctionName,
  functionForm,
} from '../../src/machine/functions.js';
import type { DoubleDouble } from '../../src/numbers/doubleDouble.js';
import { decades } from '../support/arbitrary.js';
import { exactDecimal } from '../support/exactDecimal.js';

const Decimal = Base.clone({ precision: 120 });
type D = InstanceType<typeof Decimal>;
const ONE = new Decimal(1);

const decimal = ({ high, low }: DoubleDouble): D =>
  exactDecimal(Decimal, high).plus(exactDecimal(Decimal, low));

/** A number and its next 53 digits. */
const exactly = (x: fc.Arbitrary<number>) =>
  fc
    .tuple(x, fc.double({ min: -0.5, max: 0.5, noNaN: true }))
    .map(([high, part]): DoubleDouble => ({ high, low: high * part * 2 ** -54 }));
const signed = (x: fc.Arbitrary<number>) =>
  fc.tuple(x, fc.boolean()).map(([value, isNegative]) => (isNegative ? -value : value));

const positive = exactly(decades(1e-30, 1e30));
const exponent = exactly(signed(decades(1e-20, 600)));
/** So far apart that 120 digits hold the difference of two angles. */
const detuning = exactly(signed(decades(1e-6, 1e6)));
const energy = exactly(signed(decades(1e-12, 1e12)));

const split = (h: D, v: D) => h.times(h).plus(v.times(v)).sqrt();
const cosine = (h: D, v: D) => split(h, v).plus(h.abs()).div(split(h, v).times(2)).sqrt();
const sine = (h: D, v: D) =>
  v.div(split(h, v).times(2).times(cosine(h, v))).times(h.isNegative() ? -1 : 1);
const shift = (h: D, v: D) =>
  split(h, v)
    .minus(h.abs())
    .times(h.isNegative() ? -1 : 1);
const bose = (x: D) => x.div(x.exp().minus(1));

const wanted: Partial<
  Record<FunctionName, readonly [fc.Arbitrary<DoubleDouble>[], (...x: D[]) => D]>
> = {
  squareRoot: [[positive], (x) => x.sqrt()],
  inverse: [[positive], (x) => ONE.div(x)],
  exponential: [[exponent], (x) => x.exp()],
  exponentialMinusOne: [[exponent], (x) => x.exp().minus(1)],
  mixingCosine: [[energy, energy], cosine],
  mixingSine: [[energy, energy], sine],
  mixingShift: [[energy, energy], shift],
  mixingSplitting: [[energy, energy], (h, v) => split(h, v).times(h.isNegative() ? -2 : 2)],
  ohmicEmission: [
    [
      exactly(signed(decades(1e-3, 30))),
      exactly(decades(0.01, 10)),
      exactly(decades(1e-6, 10)),
      exactly(decades(1, 1000)),
    ],
    (omega, beta, g, cutoff) => {
      const x = beta.times(omega.abs());
      const strength = g.times(g).div(omega.div(cutoff).pow(2).plus(1)).div(beta);
      return strength.times(omega.isNegative() ? bose(x) : bose(x).plus(x));
    },
  ],
};

test.each(Object.entries(wanted))('%s has 28 digits', (name, [arbitraries, oracle]) => {
  const { exact } = functionForm(name as FunctionName);
  fc.assert(
    fc.property(fc.tuple(...arbitraries), (x) => {
      const found = exact?.(...x);
      const reference = oracle(...x.map(decimal));
      if (found === undefined) throw new Error('no version of many digits');
      expect(decimal(found).minus(reference).div(reference).abs().toNumber()).toBeLessThan(1e-28);
    }),
    { numRuns: 200 },
  );
});

/** Another detuning, and how far it is from the first to 30 digits. */
function beside(h: DoubleDouble, step: DoubleDouble) {
  const other: DoubleDouble = { high: h.high + step.high, low: 0 };
  const exact = decimal(other).minus(decimal(h));
  const high = exact.toNumber();
  return { other, between: { high, low: exact.minus(exactDecimal(Decimal, high)).toNumber() } };
}

test('the turn of the mixing angle is the sine of their difference', () => {
  fc.assert(
    fc.property(detuning, detuning, detuning, (h, step, v) => {
      const { other, between } = beside(h, step);
      const found = FUNCTIONS.mixingTurn.exact?.(h, other, between, v);
      if (found === undefined) throw new Error('no version of many digits');
      const [a, b, w] = [h, other, v].map(decimal);
      const reference = sine(a, w)
        .times(cosine(b, w))
        .minus(cosine(a, w).times(sine(b, w)));
      const error = decimal(found).minus(reference).abs();
      const largest = Decimal.max(sine(a, w).abs(), sine(b, w).abs());
      // Between angles of different signs the difference is of the larger one's size.
      expect(error.toNumber()).toBeLessThanOrEqual(
        1e-28 * (h.high < 0 !== other.high < 0 ? largest : reference.abs()).toNumber(),
      );
    }),
    { numRuns: 200 },
  );
});

test('the cosine of the difference of two mixing angles is there even where that is nearly π/2', () => {
  fc.assert(
    fc.property(detuning, detuning, detuning, (h, step, v) => {
      const { other, between } = beside(h, step);
      const { exact, float64 } = FUNCTIONS.mixingTogether;
      const found = exact?.(h, other, between, v);
      if (found === undefined) throw new Error('no version of many digits');
      const [a, b, w] = [h, other, v].map(decimal);
      const [first, second] = [cosine(a, w).times(cosine(b, w)), sine(a, w).times(sine(b, w))];
      const reference = first.plus(second);
      const relative = (x: typeof reference) => x.minus(reference).div(reference).abs().toNumber();
      expect(relative(decimal(found))).toBeLessThan(1e-28);
      expect(relative(new Decimal(float64(h.high, other.high, between.high, v.high)))).toBeLessThan(
        1e-14,
      );
    }),
    { numRuns: 200 },
  );
});

test('at the ends of float64’s range they are what float64 has', () => {
  const of = (x: number): DoubleDouble => ({ high: x, low: 0 });
  const same = (found: DoubleDouble, high: number) => expect(found).toEqual({ high, low: 0 });
  same(FUNCTIONS.exponential.exact(of(1000)), Number.POSITIVE_INFINITY);
  same(FUNCTIONS.exponential.exact(of(-1000)), 0);
  same(FUNCTIONS.exponentialMinusOne.exact(of(1000)), Number.POSITIVE_INFINITY);
  same(FUNCTIONS.inverse.exact(of(Number.POSITIVE_INFINITY)), 0);
  same(FUNCTIONS.inverse.exact(of(0)), Number.POSITIVE_INFINITY);
  same(boseFactor.exact(of(0)), 1);
  same(boseFactor.exact(of(1e4)), 0);
  same(FUNCTIONS.mixingCosine.exact(of(0), of(0)), 1);
  same(FUNCTIONS.mixingSine.exact(of(0), of(0)), 0);
});
