/** Functions that are others a level on: found by their steps, and to the bits that they have by themselves. */
import { beforeAll, expect, test } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import {
  call,
  constant,
  difference,
  type Expression,
  level,
  parameter,
  productOf,
  quotient,
  shifted,
  sumOf,
  table,
} from '../../src/machine/expression.js';
import { repeatedCalls } from '../../src/machine/repeatedCalls.js';
import { Tape, type Values } from '../../src/machine/tape.js';
import { TapeSlopes } from '../../src/machine/tapeSlopes.js';

beforeAll(loadKernels);

const [a, b] = ['a', 'b'].map(parameter);
const x = sumOf(productOf(a, level, level), productOf(b, level));
const wave = call('sine', sumOf(x, call('cosine', x)));

const repeatedOn = (tape: Tape, some = [...tape.steps.tables.keys()]) =>
  repeatedCalls(tape.steps.tables, tape.steps.scalars, some);

test('the same function one level on is read there, where what it is made of is the same', () => {
  const tape = new Tape();
  const [low, high, here, next] = [wave, shifted(wave, 1), x, shifted(x, 1)].map((one) =>
    tape.table(one),
  );
  const { repeated, above } = repeatedOn(tape);
  const call = repeated.get(high);
  expect(call?.before).toBe(low);
  expect(new Set(call?.where.map(([at, before]) => `${at} ${before}`))).toEqual(
    new Set([`${next} ${here}`]),
  );
  expect([low, here, next].filter((at) => repeated.has(at))).toEqual([]);
  // The inner function is read a level on, too, and the outer one is not made of what is read so.
  expect(above).toBe(1);
  expect(repeatedOn(tape, [high]).repeated.size).toBe(0);
});

test('of three in a row the second is read off the first, and the third is computed', () => {
  const tape = new Tape();
  const [low, middle, high] = [0, 1, 2].map((by) => tape.table(call('sine', shifted(x, by))));
  for (const some of [
    [low, middle, high],
    [high, middle, low],
  ]) {
    const { repeated, above } = repeatedOn(tape, some);
    expect([...repeated.keys()]).toEqual([middle]);
    expect(repeated.get(middle)?.before).toBe(low);
    expect(above).toBe(1);
  }
});

test('what is made of a function that is read a level on has to be known above that level', () => {
  const tape = new Tape();
  const inner = call('cosine', shifted(x, 1));
  const outer = call('sine', sumOf(inner, call('exponential', shifted(x, 2))));
  for (const one of [call('cosine', x), outer, shifted(outer, 1)]) tape.table(one);
  expect(repeatedOn(tape).above).toBe(2);
});

test.each<[string, Expression, Expression]>([
  ['other levels', wave, shifted(wave, 2)],
  ['another number', call('sine', x), call('sine', sumOf(x, constant(1)))],
  ['another function', call('sine', x), call('cosine', shifted(x, 1))],
  [
    'given numbers, which are at their level alone',
    call('sine', table(Float64Array.of(1, 2, 3))),
    call('sine', table(Float64Array.of(1, 2, 3), 1)),
  ],
])('%s are computed', (_, one, other) => {
  const tape = new Tape();
  const places = [one, other].map((each) => tape.table(each));
  const { repeated } = repeatedOn(tape);
  expect(places.filter((at) => repeated.has(at))).toEqual([]);
});

/** Of each of many devices tables by code, and step by step. */
function byCodeAndBySteps(
  tape: Tape,
  places: readonly number[],
  [lmin, size]: readonly [number, number],
  devices: readonly Values[],
): [byCode: Float64Array[], bySteps: Float64Array[]][] {
  const numbers = tape.numbers(lmin, size);
  const read = (of: typeof numbers) => places.map((at) => of.table(at).slice());
  numbers.fill(devices[0]);
  read(numbers);
  return devices.map((device) => {
    numbers.fill(device);
    const fresh = tape.numbers(lmin, size, false);
    fresh.fill(device);
    return [read(numbers), read(fresh)];
  });
}

test.each([
  [-3, 7],
  [-3, 8],
  [-1, 1],
  [-1, 2],
] as const)(
  'polynomials that rounding has taken others from are seen: from %d on, %d levels',
  (lmin, size) => {
    // At l = -1 the one a level on is b + c + 1/a − 1/a, and the other at l = 0 is b + c, halfway between two numbers.
    const steep = sumOf(b, parameter('c'), quotient(level, a));
    const tape = new Tape();
    const places = [steep, shifted(steep, 1)]
      .flatMap((one) => [one, call('exponential', one)])
      .map((one) => tape.table(one));
    expect(repeatedOn(tape).repeated.size).toBe(1);
    const devices = Array.from({ length: 40 }, (_, k) => ({
      a: 0.01 / (1 + k / 7),
      b: 5,
      c: -1 - 5 * 2 ** -52,
    }));
    let others = 0;
    for (const [byCode, bySteps] of byCodeAndBySteps(tape, places, [lmin, size], devices)) {
      expect(byCode).toEqual(bySteps);
    }
    for (const device of devices) {
      const fresh = tape.numbers(-1, 2, false);
      fresh.fill(device);
      if (fresh.table(places[2])[0] !== fresh.table(places[0])[1]) others++;
    }
    expect(others).toBeGreaterThan(0);
    expect(others).toBeLessThan(devices.length / 2);
  },
);

test.each<[string, Expression]>([
  ['a number', call('exponential', productOf(constant(0.1), level))],
  ['no number', call('squareRoot', difference(constant(3.5), level))],
])('derivatives leave %s above the window as it is for the next device', (_, inner) => {
  const [lmin, size] = [-3, 7];
  const tape = new Tape();
  // The derivative by a reads the inner function, which is not computed again.
  const outer = call('mixingSplitting', inner, a);
  const places = [outer, shifted(outer, 1)].map((one) => tape.table(one));
  const numbers = tape.numbers(lmin, size);
  const read = (of: typeof numbers) => places.map((at) => of.table(at).slice());
  const device = (k: number) => ({ a: 0.3 + 0.01 * k });
  const differentiate = () => {
    const slopes = new TapeSlopes(tape, numbers, lmin, size);
    slopes.table(places[0]).slope.fill(1);
    slopes.byParameter();
  };
  for (let k = 0; k < 8; k++) {
    numbers.fill(device(k));
    const fresh = tape.numbers(lmin, size, false);
    fresh.fill(device(k));
    expect(read(numbers)).toEqual(read(fresh));
    differentiate();
  }
  expect(numbers.kernel).not.toBeNull();
});
