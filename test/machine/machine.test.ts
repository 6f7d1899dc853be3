/** What a machine holds beside what is known of it. */
import { expect, test } from 'vitest';
import { constant, parameter, productOf, sumOf } from '../../src/machine/expression.js';
import { type Machine, otherParameters } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';

const KNOWN = ['beta1', 'beta2', 'betaR', 'B1', 'B2', 'g', 'chi', 'lambda', 'gamma', 'I'];
const { model: _, cutoff: __, ...values } = deviceParameters();

test('the paper’s device has nothing else', () => {
  expect(otherParameters(mill, values, KNOWN)).toEqual([]);
});

test.each(['V', 'V2', 'kappa1', 'kappa2'])('%s is told where it is not 0', (name) => {
  expect(otherParameters(mill, { ...values, [name]: 0.1 }, KNOWN)).toEqual([name]);
});

test.each(['beta', 'strength', 'frequency'] as const)(
  'a parameter in the %s of a bath is told where it is not 0',
  (part) => {
    const machine: Machine = {
      ...mill,
      baths: mill.baths.map((bath) =>
        bath.kind === 'explicit'
          ? bath
          : { ...bath, [part]: sumOf(bath[part], productOf(constant(2), parameter('drift'))) },
      ),
    };
    expect(otherParameters(machine, { ...values, drift: 0 }, KNOWN)).toEqual([]);
    expect(otherParameters(machine, { ...values, drift: 1 }, KNOWN)).toEqual(['drift']);
  },
);
