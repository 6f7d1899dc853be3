/** Tables that are others at the next level: found by their steps, and still right after derivatives were taken. */
import { beforeAll, expect, test } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import {
  call,
  constant,
  type Expression,
  level,
  parameter,
  productOf,
  shifted,
  sumOf,
  table,
} from '../../src/machine/expression.js';
import { sharedTables } from '../../src/machine/sharedTables.js';
import { Tape } from '../../src/machine/tape.js';
import { TapeSlopes } from '../../src/machine/tapeSlopes.js';

beforeAll(loadKernels);

const x = sumOf(productOf(parameter('a'), level, level), productOf(parameter('b'), level));
const wave = call('sine', sumOf(x, call('cosine', x)));

const shared = (tape: Tape, some = [...tape.steps.tables.keys()]) =>
  sharedTables(tape.steps.tables, tape.steps.scalars, some);

test('the same function one level on is read there, and what it is made of, too', () => {
  const tape = new Tape();
  const [low, high] = [wave, shifted(wave, 1)].map((one) => tape.table(one));
  const { readings, above } = shared(tape);
  expect(readings.get(high)).toEqual({ at: low, by: 1 });
  expect(readings.has(low)).toBe(false);
  expect(above).toBe(1);
  expect(shared(tape, [high]).readings.size).toBe(0);
  // The function is computed one level above, for which its argument is read one level above that.
  tape.table(shifted(x, -1));
  expect(shared(tape).above).toBe(2);
});

test.each<[string, Expression, Expression]>([
  ['other levels', wave, shifted(wave, 2)],
  ['another number', call('sine', x), call('sine', sumOf(x, constant(1)))],
  ['another function', call('sine', x), call('cosine', shifted(x, 1))],
  [
    'levels times a number that rounding has changed on the way',
    productOf(constant(0.1), level, level, level),
    shifted(productOf(constant(0.1), level, level, level), 1),
  ],
  [
    'given numbers, which are at their level alone',
    call('sine', table(Float64Array.of(1, 2, 3))),
    call('sine', table(Float64Array.of(1, 2, 3), 1)),
  ],
])('%s are computed', (_, one, other) => {
  const tape = new Tape();
  const places = [one, other].map((each) => tape.table(each));
  const { readings } = shared(tape);
  expect(places.filter((at) => readings.has(at))).toEqual([]);
});

test('derivatives leave the numbers of the device after theirs as they are', () => {
  const [lmin, size] = [-3, 7];
  const tape = new Tape();
  const places = [shifted(wave, 1), wave, shifted(x, 1)].map((one) => tape.table(one));
  const numbers = tape.numbers(lmin, size);
  const read = (of: typeof numbers) => places.map((at) => of.table(at).slice());
  const device = (k: number) => ({ a: 0.1, b: 0.3 + 0.01 * k });
  for (let k = 0; k < 3; k++) {
    numbers.fill(device(k));
    read(numbers);
  }
  expect(numbers.kernel).not.toBeNull();
  const slopes = new TapeSlopes(tape, numbers, lmin, size);
  for (const at of places) slopes.table(at).slope.fill(1);
  slopes.byParameter();
  for (let k = 3; k < 6; k++) {
    numbers.fill(device(k));
    const fresh = tape.numbers(lmin, size);
    fresh.fill(device(k));
    expect(read(numbers)).toEqual(read(fresh));
  }
});
