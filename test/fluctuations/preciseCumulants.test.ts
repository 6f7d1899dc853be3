/** Higher cumulants of what a strong load counts, which the qubits hardly feel, against 80 decimal digits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { highPrecisionLocal } from '../solve/highPrecision.js';
import { devicesOf } from '../support/unevenDevices.js';

const [LMIN, LMAX] = [-1, 1];
const ORDER = 4;

test('they have their digits where flows to and fro are far larger than what is left of them', () => {
  const errors: number[] = [];
  fc.assert(
    fc.property(devicesOf([-0.5, 1.5], [-3, -1]), (values) => {
      const betas = { bath1: values.beta1, bath2: values.beta2, load: values.betaR };
      const window = rotorWindow(LMIN, LMAX);
      const device = { machine: mill, of: localEquation, values, window, betas };
      const found = new FluctuationReading(device).cumulants('load', ORDER);
      const { cumulants } = highPrecisionLocal(values, LMIN, LMAX).counted(ORDER);
      for (const k of [2, 3]) {
        errors.push(
          cumulants[k]
            .minus(found?.[k] ?? 0)
            .div(cumulants[k])
            .abs()
            .toNumber(),
        );
      }
    }),
    { numRuns: 25 },
  );
  errors.sort((a, b) => a - b);
  expect(errors[errors.length >> 1]).toBeLessThan(1e-13);
  // Some of them are small remainders of their terms.
  expect(errors[errors.length - 1]).toBeLessThan(1e-6);
});
