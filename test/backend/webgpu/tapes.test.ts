/** Tables of a tape on the software adapter, against the CPU's with about 30 digits. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../../src/backend/webgpu/device.js';
import { probeDf64 } from '../../../src/backend/webgpu/probe.js';
import {
  call,
  constant,
  difference,
  type Expression,
  level,
  parameter,
  powerOf,
  productOf,
  quotient,
  shifted,
  squareRoot,
  sumOf,
  table,
} from '../../../src/machine/expression.js';
import type { Values } from '../../../src/machine/tape.js';
import { largestError, tablesOnDevice } from '../../support/deviceTape.js';

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => (await device).close());

const WINDOW = [-9, 21] as const;
const TOLERANCE = { f64: 1e-13, f32: 1e-6 };

const p = parameter;
const half = constant(0.5);

/** l²/2I + V l, and its difference from one level to the next. */
const energy = sumOf(
  productOf(half, quotient(powerOf(level, 2), p('I'))),
  productOf(p('V'), level),
);
const step = difference(shifted(energy, 1), energy);
const detuning = sumOf(
  productOf(constant(2), difference(p('B1'), p('B2'))),
  quotient(sumOf(level, half), p('I')),
);
/** 1 − β_r l/4I and 1 + β_r l/4I */
const tilt = productOf(constant(0.25), quotient(p('betaR'), p('I')), level);
const up = difference(constant(1), tilt);
const down = sumOf(constant(1), tilt);
const positive = sumOf(level, constant(12));
const quadratic = sumOf(powerOf(level, 2), constant(3));

const numbers = Float64Array.from({ length: WINDOW[1] }, (_, i) => i - 6.5);
const given = table(numbers.map(Math.abs));

const primitives: Record<string, Expression> = {
  step,
  detuning,
  up,
  'up squared': productOf(up, up),
  'from one level to the next': productOf(up, shifted(up, 1)),
  'up and down': productOf(up, down),
  'up, down and up again': productOf(up, down, shifted(up, 2)),
  'square of a sum': call('square', detuning),
  root: squareRoot(call('whole', quadratic)),
  'powers of one table': productOf(
    squareRoot(quadratic),
    call('inverse', quadratic),
    call('square', up),
  ),
  'given numbers': productOf(p('V'), table(numbers, 2)),
  exponential: call('exponential', productOf(p('V'), level)),
  'exponential less 1': call('exponentialMinusOne', productOf(p('tiny'), level)),
  occupation: call('inverse', call('exponentialMinusOne', productOf(p('V'), positive))),
  // Beside 2, so that what is near a zero of theirs is not asked for more digits than it has.
  sine: sumOf(constant(2), call('sine', productOf(constant(5), p('V'), level))),
  cosine: sumOf(constant(2), call('cosine', productOf(constant(5), p('V'), level))),
  'sine of little': call('sine', productOf(p('tiny'), sumOf(level, half))),
  mixingCosine: call('mixingCosine', detuning, p('lambda')),
  mixingSine: call('mixingSine', detuning, p('lambda')),
  mixingShift: call('mixingShift', detuning, p('lambda')),
  mixingSplitting: call('mixingSplitting', detuning, p('lambda')),
  mixingTurn: call(
    'mixingTurn',
    detuning,
    shifted(detuning, 1),
    quotient(constant(1), p('I')),
    p('lambda'),
  ),
  mixingTogether: call(
    'mixingTogether',
    detuning,
    shifted(detuning, 1),
    quotient(constant(1), p('I')),
    p('lambda'),
  ),
  'emission into a bath': call('ohmicEmission', detuning, p('V'), p('lambda'), p('Omega')),
};

/** At B1 − B2 = −(k + ½)/2I + rest a level is at resonance but for the rest, and one hardly passed by the load. */
const devices: Values[] = fc.sample(
  fc
    .record({
      I: fc.double({ min: 0.5, max: 5, noNaN: true }),
      k: fc.integer({ min: -5, max: 5 }),
      rest: fc.constantFrom(1e-9, -1e-6, 0.123),
      balance: fc.integer({ min: 1, max: 9 }),
      lambda: fc.constantFrom(1e-5, 0.03, 1),
      V: fc.double({ min: 0.01, max: 0.2, noNaN: true }),
      tiny: fc.constantFrom(1e-9, -1e-4, 0.2),
      Omega: fc.double({ min: 1, max: 30, noNaN: true }),
    })
    .map(({ I, k, rest, balance, ...others }) => {
      const B1 = 2.5;
      return {
        ...others,
        I,
        B1,
        B2: B1 + (k + 0.5) / (2 * I) - rest,
        betaR: ((4 * I) / balance) * (1 - rest),
      };
    }),
  { numRuns: 40, seed: 20261129 },
);

/** Positive ones, in which nothing cancels. */
const { expressions } = fc.letrec<{ expressions: Expression }>((tie) => ({
  expressions: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(p('I'), p('lambda'), constant(0.3), positive, quadratic, given),
    fc.tuple(tie('expressions'), tie('expressions')).map(([a, b]) => productOf(a, b)),
    fc.tuple(tie('expressions'), tie('expressions')).map(([a, b]) => sumOf(a, b)),
    tie('expressions').map((a) => call('inverse', a)),
    tie('expressions').map((a) => squareRoot(call('whole', a))),
    // Of numbers up to 1, whatever it is of.
    tie('expressions').map((a) => call('exponential', call('inverse', sumOf(a, constant(1))))),
  ),
}));

describe.each(['f64', 'f32'] as const)('%s', (precision) => {
  const errorsOf = async (of: readonly Expression[]) => {
    const found = await tablesOnDevice(await device, await probe, precision, of, devices, WINDOW);
    return of.map((_, n) => Math.max(...found.map((tables) => largestError(tables[n]))));
  };

  test('primitives', async () => {
    // Of large exponents float32 has no more digits than the exponents themselves leave it.
    const others = precision === 'f64' ? { large: call('exponentialMinusOne', positive) } : {};
    const all = { ...primitives, ...others };
    const errors = await errorsOf(Object.values(all));
    Object.keys(all).forEach((name, n) => {
      expect(errors[n], name).toBeLessThan(TOLERANCE[precision]);
    });
  });

  test('random expressions', async () => {
    const some = fc.sample(expressions, { numRuns: 60, seed: 20261129 });
    for (const error of await errorsOf(some)) expect(error).toBeLessThan(TOLERANCE[precision]);
  });
});
