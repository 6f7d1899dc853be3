/** Double-doubles against fractions of whole numbers, and at the ends of the range of float64. */
import { expect, test } from 'vitest';
import { add, type DoubleDouble, multiply } from '../../src/numbers/doubleDouble.js';
import { randomElements } from '../support/vectors.js';

/** All numbers of the tests are whole in these units. */
const UNIT = 2 ** -200;

const whole = (x: number): bigint => {
  let shift = 0;
  let rest = x / UNIT;
  for (; !Number.isSafeInteger(rest); shift++) rest /= 2;
  return BigInt(rest) << BigInt(shift);
};

const exact = ({ high, low }: DoubleDouble): bigint => whole(high) + whole(low);

const size = (x: bigint): bigint => (x < 0n ? -x : x);

const numbers = randomElements(400, 3).map((x, i) => x * 2 ** ((i % 60) - 30));
const pairs = Array.from({ length: 200 }, (_, i): readonly [DoubleDouble, DoubleDouble] => {
  const made = (x: number, y: number) => ({ high: x, low: x * 2 ** -54 * Math.sign(y) });
  const a = made(numbers[2 * i], numbers[2 * i + 1]);
  // Every fifth sum cancels but for its lower parts.
  return [a, i % 5 === 0 ? { high: -a.high, low: a.low / 3 } : made(numbers[2 * i + 1], a.high)];
});

test('sums and products have 100 bits', () => {
  for (const [a, b] of pairs) {
    const terms = size(exact(a)) + size(exact(b));
    expect(size(exact(add(a, b)) - exact(a) - exact(b)) << 100n).toBeLessThanOrEqual(terms);
    const product = exact(a) * exact(b);
    const unit = whole(1);
    const error = size(exact(multiply(a, b)) * unit - product);
    expect(error << 100n).toBeLessThanOrEqual(size(product));
  }
});

test('beyond the range they are as float64 has them', () => {
  const of = (high: number, low = 0): DoubleDouble => ({ high, low });
  expect(add(of(1e308), of(1.7e308, 1e290))).toEqual(of(Number.POSITIVE_INFINITY));
  expect(add(of(Number.POSITIVE_INFINITY), of(1, 1e-20))).toEqual(of(Number.POSITIVE_INFINITY));
  expect(multiply(of(-1e200), of(1e200, 1e180))).toEqual(of(Number.NEGATIVE_INFINITY));
  expect(multiply(of(0), of(Number.POSITIVE_INFINITY)).high).toBeNaN();
  // The larger factor cannot be split.
  expect(multiply(of(3 * 2 ** 996), of(1 / 3))).toEqual(of(3 * 2 ** 996 * (1 / 3)));
});
