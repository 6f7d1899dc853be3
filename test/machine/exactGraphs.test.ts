/** Functions of many digits by code: the same bits as without it, and what it leaves to them. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { CALLS, callsOf, ROOM_OF_CALLS } from '../../src/machine/exactGraphs.js';
import { call, parameter, sumOf } from '../../src/machine/expression.js';
import { type FunctionName, functionForm } from '../../src/machine/functions.js';
import { compiledOn, PAGE } from '../../src/machine/graphModule.js';
import { Tape } from '../../src/machine/tape.js';
import { type DoubleDouble, divide, fromNumber } from '../../src/numbers/doubleDouble.js';
import { decades } from '../support/arbitrary.js';

beforeAll(loadKernels);

const LANES = [0, 1] as const;
const FIRST = 64;

/** Two calls by code, and whether each is in range. */
function byCode(name: FunctionName) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const written = callsOf(name);
  if (written === null) throw new Error('no code');
  const run = compiledOn<(at: number) => void>(written, memory);
  const numbers = new Float64Array(memory.buffer, FIRST, ROOM_OF_CALLS);
  const bits = new BigInt64Array(memory.buffer, FIRST, ROOM_OF_CALLS);
  return (both: readonly (readonly DoubleDouble[])[]) => {
    new Uint8Array(memory.buffer, 0, PAGE).fill(0xff);
    both.forEach((of, lane) => {
      of.forEach(({ high, low }, k) => {
        numbers[(CALLS.argument / 8) * k + lane] = high;
        numbers[(CALLS.argument / 8) * k + 2 + lane] = low;
      });
    });
    run(FIRST);
    return LANES.map((lane) => ({
      isInside: bits[CALLS.isInside / 8 + lane] !== 0n,
      high: numbers[CALLS.result / 8 + lane],
      low: numbers[CALLS.result / 8 + 2 + lane],
    }));
  };
}

/** With digits beyond float64's. */
const long = (x: fc.Arbitrary<number>): fc.Arbitrary<DoubleDouble> =>
  fc
    .tuple(x, fc.integer({ min: 1, max: 1000 }))
    .map(([a, b]) => divide(fromNumber(a), fromNumber(b)));

const signed = (x: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.tuple(x, fc.boolean()).map(([size, isNegative]) => (isNegative ? -size : size));

const exponents = long(signed(decades(1e-12, 500)));
const energies = long(signed(decades(1e-3, 50)));
const others = long(decades(1e-4, 10));
const ENDS = [
  ...[
    0,
    1e-40,
    2 ** -100,
    0.34,
    1,
    Math.LN2 / 2,
    600,
    601,
    709.7,
    710,
    746,
    1e5,
    2 ** 100,
    1e31,
    1e200,
  ],
  ...[Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN, Number.MIN_VALUE],
].flatMap((x) => [fromNumber(x), fromNumber(-x)]);
const any = fc.oneof(exponents, fc.constantFrom(...ENDS), fc.double().map(fromNumber));

test.each<[FunctionName, fc.Arbitrary<DoubleDouble>[]]>([
  ['exponential', [exponents]],
  ['exponentialMinusOne', [exponents]],
  ['ohmicEmission', [energies, others, others, long(decades(1, 1e3))]],
])('%s', (name, arguments_) => {
  const { exact } = functionForm(name);
  const compute = byCode(name);
  const check = (both: DoubleDouble[][], areInside: boolean) => {
    compute(both).forEach(({ isInside, high, low }, lane) => {
      const expected = exact?.(...both[lane]);
      if (areInside) expect(isInside).toBe(true);
      if (isInside) expect({ high, low }).toEqual(expected);
    });
  };
  const some = fc.tuple(...arguments_);
  fc.assert(
    fc.property(some, some, (a, b) => check([a, b], true)),
    { numRuns: 500 },
  );
  const all = fc.tuple(...arguments_.map(() => any));
  fc.assert(
    fc.property(all, all, (a, b) => check([a, b], false)),
    { numRuns: 500 },
  );
});

test('halfway between two multiples of ln 2 it is left to the function', () => {
  // The quotient is 2.5, whose nearest even number is 2, and that of Math.round 3.
  const x = 2.5 * 0.6931471805592082;
  const [found] = byCode('exponential')(LANES.map(() => [fromNumber(x)]));
  expect(found.isInside).toBe(false);
});

test('functions without code', () => {
  expect(callsOf('sine')).toBeNull();
});

test('calls of one another, beside others, and one out of range', () => {
  const [x, y, z] = ['x', 'y', 'z'].map(parameter);
  const inner = [x, y, sumOf(x, y)].map((of) => call('exponential', of));
  const outer = inner.map((of) => call('exponentialMinusOne', sumOf(of, z)));
  const last = call('ohmicEmission', outer[0], inner[1], outer[2], inner[0]);
  const tape = new Tape();
  const places = [...inner, ...outer, last, call('sine', last)].map((one) => tape.scalar(one));
  // Code is made of what tables have been asked for.
  const table = tape.table(last);
  const [numbers, plain] = [true, false].map((hasCode) => tape.numbers(-1, 3, hasCode));
  const values = [0.3, -0.7, 0, 2, 900, Number.NaN, 0.4];
  for (let k = 0; k < 30; k++) {
    const device = { x: values[k % 7], y: values[(2 * k) % 5], z: values[(k >> 2) % 7] };
    for (const each of [numbers, plain]) {
      each.fill(device);
      each.table(table);
    }
    for (const at of places) expect(numbers.doubleDouble(at)).toEqual(plain.doubleDouble(at));
  }
  expect(numbers.kernel).not.toBeNull();
});
