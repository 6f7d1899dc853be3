/** Noise, entropy production and their derivatives against the counting statistics, and differences of these. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { rotorWindow } from '../../src/operators/window.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
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
  kappa1: between(0.01, 0.1),
  kappa2: fc.constant(0),
  V: fc.constant(0),
  V2: fc.constant(0),
  Omega: fc.constant(Number.NaN),
});

test('noise and entropy production of the load change as their differences do', () => {
  fc.assert(
    fc.property(devices, (values) => {
      const numbers: Readonly<Record<string, number>> = values;
      const request = { machine: mill, of: localEquation, window };
      const read = (changed: Readonly<Record<string, number>>) => {
        const { beta1, beta2, betaR } = changed;
        const betas = { bath1: beta1, bath2: beta2, load: betaR };
        const found = fluctuations({ ...request, values: changed, betas, order: 2 });
        const load = found.baths.find(({ name }) => name === 'load');
        return {
          current: load?.quanta?.mean.value ?? Number.NaN,
          noise: load?.quanta?.noise.value ?? Number.NaN,
          entropyProduction: found.entropyProduction?.value ?? Number.NaN,
        };
      };
      const machine = new MachineSensitivity({ ...request, values: numbers });
      const { current, noise } = machine.currentAndNoise('load');
      const found = { current, noise, entropyProduction: machine.entropyProduction() };
      const here = read(numbers);
      for (const parameter of ['B1', 'beta2', 'betaR', 'chi', 'gamma', 'lambda', 'I', 'kappa1']) {
        const x = numbers[parameter];
        const h = 1e-3 * x;
        const [up, down, up2, down2] = [h, -h, 2 * h, -2 * h].map((step) =>
          read({ ...numbers, [parameter]: x + step }),
        );
        for (const name of ['current', 'noise', 'entropyProduction'] as const) {
          const { value, gradient } = found[name];
          expect(Math.abs(value.value - here[name])).toBeLessThan(
            1e-9 * Math.abs(here[name]) + value.error,
          );
          const slope = (8 * (up[name] - down[name]) - (up2[name] - down2[name])) / (12 * h);
          const derivative = gradient.get(parameter);
          const off = Math.abs((derivative?.value ?? Number.NaN) - slope);
          const scale = Math.abs(slope) + Math.abs(here.noise / x);
          expect(off, `${name} by ${parameter}`).toBeLessThan(1e-8 * scale);
        }
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});
