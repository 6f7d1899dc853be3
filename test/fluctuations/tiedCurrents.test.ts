/**
 * Currents that conserved charges tie together have one and the same large deviations: quanta of the load and of the
 * two qubits differ by what the machine holds, which is bounded, so that θ_load(χ) = θ_1(χ) = θ_2(−χ), to all digits.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { between, decades } from '../support/arbitrary.js';
import { devicesOf } from '../support/unevenDevices.js';

const FIELDS = [-6.5, -3, -0.4, -1e-3, 1e-3, 0.4, 3, 6.5];
const ROTORS = [
  [-1, 1],
  [0, 3],
  [-2, 1],
] as const;

const mild = fc.record({
  ...{ B1: between(0.3, 3), B2: between(0.3, 3), beta1: between(0.05, 1), beta2: between(0.05, 1) },
  ...{ betaR: between(0.05, 1), I: between(0.3, 4), gamma: decades(1e-4, 0.3) },
  ...{ lambda: decades(0.03, 0.5), g: between(0.15, 1), chi: between(-0.8, 0.8) },
  ...{ kappa1: fc.constant(0), kappa2: fc.constant(0), V: fc.constant(0), V2: fc.constant(0) },
});

const devices = fc.oneof({ arbitrary: mild, weight: 2 }, devicesOf([-3, 0], [-2, 0]));

test('they have, each within its error', () => {
  fc.assert(
    fc.property(devices, fc.constantFrom(...ROTORS), (values, [lmin, lmax]) => {
      const betas = { bath1: values.beta1, bath2: values.beta2, load: values.betaR };
      const { dynamics } = fluctuations({
        ...{ machine: mill, of: localEquation, values, window: rotorWindow(lmin, lmax), betas },
        order: 2,
        asked: { frequencies: null, fields: FIELDS, waiting: null },
      });
      const [load, first, second] = ['load', 'bath1', 'bath2'].map(
        (bath) => dynamics?.largeDeviations?.get(bath) ?? [],
      );
      FIELDS.forEach((chi, k) => {
        const same = [load[k], first[k], second[FIELDS.length - 1 - k]];
        for (const { scgf, error } of same) {
          const most = error + load[k].error;
          expect(Math.abs(scgf - load[k].scgf), `at ${chi}`).toBeLessThanOrEqual(most);
        }
        // Where the load moves far more to and fro than the qubits do, its own is known least.
        const least = Math.min(...same.map(({ error }) => error));
        expect(least, `error at ${chi}`).toBeLessThan(1e-7 * Math.abs(first[k].scgf) + 1e-12);
      });
    }),
    { numRuns: 40 },
  );
});
