/** What is differentiated of noise and entropy production against the counting statistics. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../../src/sensitivity/noiseSensitivity.js';
import { between, decades } from '../support/arbitrary.js';

const window = rotorWindow(-3, 4);
const devices = fc.record({
  B1: between(0.5, 3),
  B2: between(0.5, 3),
  beta1: between(0.05, 1.5),
  beta2: between(0.05, 1.5),
  // So that no rate of the load crosses 0 in the window.
  betaR: between(0.05, 0.4),
  g: between(0.1, 1),
  chi: between(0.1, 0.5),
  gamma: decades(0.001, 0.2),
  lambda: between(0.05, 1),
  I: between(0.5, 5),
  kappa1: fc.constant(0),
  kappa2: fc.constant(0),
  V: fc.constant(0),
  V2: fc.constant(0),
  Omega: between(5, 20),
});

function expectSame(found: Estimate, wanted: Estimate | null | undefined, what: string): void {
  const off = Math.abs(found.value - (wanted?.value ?? Number.NaN));
  const lost = found.error + (wanted?.error ?? 0);
  expect(off, what).toBeLessThanOrEqual(lost + 1e-14 * Math.abs(found.value));
  expect(lost, `error of ${what}`).toBeLessThan(1e-4 * Math.abs(found.value) + 1e-7);
}

for (const [name, of] of Object.entries({ localEquation, globalEquation })) {
  test(`${name}: the load's noise and all entropy production are those that are counted`, () => {
    fc.assert(
      fc.property(devices, (values) => {
        const request = { machine: mill, of, window, values };
        const betas = { bath1: values.beta1, bath2: values.beta2, load: values.betaR };
        const counted = fluctuations({ ...request, betas, order: 2 });
        const machine = new MachineSensitivity(request);
        for (const bath of ['bath1', 'load']) {
          const quanta = counted.baths.find((one) => one.name === bath)?.quanta;
          const { current, noise } = machine.currentAndNoise(bath);
          expectSame(current.value, quanta?.mean, `current of ${bath}`);
          expectSame(noise.value, quanta?.noise, `noise of ${bath}`);
        }
        expectSame(machine.entropyProduction().value, counted.entropyProduction, 'entropy');
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
}

test('between eigenstates dephasing has no entropy production that is known, and noise that is', () => {
  const [values] = fc.sample(devices, { numRuns: 1, seed: 1 });
  const dephased = { ...values, kappa1: 0.05 };
  const machine = new MachineSensitivity({
    ...{ machine: mill, of: globalEquation, window },
    values: dephased,
  });
  expect(() => machine.entropyProduction()).toThrow(NoDerivativeError);
  expect(machine.currentAndNoise('load').noise.value.value).toBeGreaterThan(0);
});
