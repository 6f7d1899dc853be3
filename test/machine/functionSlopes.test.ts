/** Derivatives of functions against differences of their values of many digits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_ARGUMENTS, slopesOf } from '../../src/machine/functionSlopes.js';
import { FUNCTIONS, type FunctionName, functionForm } from '../../src/machine/functions.js';
import { add, divide, fromNumber, subtract } from '../../src/numbers/doubleDouble.js';

const positive = fc.double({ min: 0.01, max: 20, noNaN: true });
const signed = fc
  .tuple(positive, fc.boolean())
  .map(([x, isNegative]) => Math.fround(isNegative ? -x : x));
const plain = positive.map(Math.fround);

const ARGUMENTS: { readonly [Name in FunctionName]: readonly fc.Arbitrary<number>[] } = {
  square: [signed],
  squareRoot: [plain],
  exponential: [signed],
  exponentialMinusOne: [signed],
  sine: [signed],
  cosine: [signed],
  whole: [signed],
  inverse: [signed],
  mixingCosine: [signed, signed],
  mixingSine: [signed, signed],
  mixingShift: [signed, signed],
  mixingSplitting: [signed, signed],
  mixingTurn: [signed, signed, signed],
  mixingTogether: [signed, signed, signed],
  ohmicEmission: [signed, plain, plain, plain],
};

/** Of h, step and v: the half detuning of the second pair is h + step. */
const isDifference = (name: FunctionName) => name === 'mixingTurn' || name === 'mixingTogether';

const valueAt = (name: FunctionName, of: readonly number[]) => {
  const { exact, float64 } = functionForm(name);
  let x = of.map(fromNumber);
  if (isDifference(name)) x = [x[0], add(x[0], x[1]), x[1], x[2]];
  return exact === null ? fromNumber(float64(...of)) : exact(...x);
};

for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
  test(`${name} changes with its arguments as its values of many digits do`, () => {
    const { exact } = functionForm(name);
    // A step that is exact, beside numbers of 24 digits; and one that float64 leaves digits to.
    const step = exact === null ? 2 ** -16 : 2 ** -26;
    fc.assert(
      fc.property(fc.tuple(...ARGUMENTS[name]), (of) => {
        const slopes = new Float64Array(MOST_ARGUMENTS);
        const [a, b, c, d] = isDifference(name) ? [of[0], of[0] + of[1], of[1], of[2]] : of;
        slopesOf(name)(slopes, a, b, c, d);
        // Where the sign of h, or of h + step, changes, eigenstates change their names.
        if (isDifference(name)) fc.pre(Math.abs(b) > 1e-3);
        const found = isDifference(name) ? [slopes[0], slopes[2], slopes[3]] : slopes;
        const value = valueAt(name, of).high;
        of.forEach((x, k) => {
          const [up, down] = [step, -step].map((h) =>
            valueAt(
              name,
              of.map((y, j) => (j === k ? x + h : y)),
            ),
          );
          const expected = divide(subtract(up, down), fromNumber(2 * step)).high;
          const scale = Math.abs(expected) + Math.abs(value / x);
          const precision = exact === null ? 1e-8 : 1e-10;
          expect(Math.abs(found[k] - expected), `argument ${k}`).toBeLessThanOrEqual(
            precision * scale,
          );
        });
      }),
      { numRuns: 50 },
    );
  });
}

test('near resonance and in the classical limit no digits are lost', () => {
  const slopes = new Float64Array(MOST_ARGUMENTS);
  // x/(eˣ − 1) = 1 − x/2 + x²/12: J(n + 1) = (g²/β)(1 + βω/2 + …)/(1 + ω²/Ω²)
  slopesOf('ohmicEmission')(slopes, 1e-9, 2, 3, 5);
  expect(slopes[0]).toBeCloseTo(4.5, 8);
  expect(slopes[1]).toBeCloseTo(-9 / 4, 12);
  // α(h) − α(h + s) for tiny s: s·v/2(h² + v²), of which the derivative by h is −s·v·h/(h² + v²)²
  const [h, s, v] = [2, 1e-12, 0.5];
  slopesOf('mixingTurn')(slopes, h, h + s, s, v);
  expect(slopes[0]).toBeCloseTo((-s * v * h) / (h * h + v * v) ** 2, 24);
  expect(slopes[2]).toBeCloseTo(v / 2 / (h * h + v * v), 11);
});
