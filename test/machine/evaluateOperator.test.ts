import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OperatorSet } from '../../src/machine/evaluateOperator.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { Operator } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';

const forms = Object.fromEntries(mill.energies.map(({ name, operator }) => [name, operator]));
const names = Object.keys(forms);

const numbers = ({ transitions }: Operator) =>
  transitions.map(({ to, from, shift, coefficient, table }) => ({
    ...{ to, from, shift, coefficient },
    table: table && { re: [...table.re], im: table.im && [...table.im] },
  }));

const device = fc.record({
  B1: fc.constantFrom(1, 4),
  I: fc.constantFrom(1, 2.5),
  lambda: fc.constantFrom(0, 0.3),
  beta2: fc.constantFrom(0.03, 0.05),
});

test('operators of one device after another, on one window after another, are those of a set of their own', () => {
  const asked = fc.record({
    device,
    lmax: fc.constantFrom(3, 5),
    name: fc.constantFrom(...names),
    // Which of the devices so far is asked, the last one or one before it.
    back: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(asked, { minLength: 1, maxLength: 30 }), (list) => {
      const set = OperatorSet.of(forms);
      const devices = list.map(({ device, lmax }) => {
        const values = valuesOf(deviceParameters(device), null);
        const window = rotorWindow(-2, lmax);
        return { values, window, read: set.evaluate(window, values) };
      });
      list.forEach(({ name, back }, k) => {
        const { values, window, read } = devices[Math.max(0, k - back)];
        const alone = OperatorSet.of(forms).evaluate(window, values)(name);
        expect(numbers(read(name))).toEqual(numbers(alone));
      });
    }),
    { numRuns: 100 },
  );
});

test('an operator of which no parameter has changed is the same object', () => {
  const set = OperatorSet.of(forms);
  const window = rotorWindow(-2, 3);
  const of = (change: Parameters<typeof deviceParameters>[0]) =>
    set.evaluate(window, valuesOf(deviceParameters(change), null));
  const [first, second] = [of({ beta2: 0.03 })('kinetic'), of({ beta2: 0.05 })('kinetic')];
  expect(second).toBe(first);
  expect(of({ I: 2 })('kinetic')).not.toBe(first);
});
