/** A sector's generator on states, where flows that cancel are far larger than what is left of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conservingProduct } from '../../src/lindblad/conservingProduct.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { decades } from '../support/arbitrary.js';

/** Populations of a strongly loaded device that is nearly in its steady state, where they are in a vector, and 𝓛. */
function loaded(gamma: number) {
  const parameters = deviceParameters({ model: 'local', gamma });
  const { state } = new MachineSensitivity({
    machine: mill,
    of: localEquation,
    values: valuesOf(parameters, null),
    window: rotorWindow(-9, 8),
  });
  const { sector, rho } = state;
  const isPopulation = (i: number) => i % sector.siteWidth >= sector.sitePaired;
  return { sector, rho, isPopulation };
}

test('populations gain together what they lose, to the last digit of what is left', () => {
  fc.assert(
    fc.property(decades(1, 1e6), (gamma) => {
      const { sector, rho, isPopulation } = loaded(gamma);
      const populations = rho.map((x, i) => (isPopulation(i) ? x : 0));
      const { y, rounded } = conservingProduct(sector, populations);
      for (const change of [y, rounded]) {
        let [sum, size] = [0, 0];
        change.forEach((x, i) => {
          if (!isPopulation(i)) return;
          sum += x;
          size += Math.abs(x);
        });
        expect(Math.abs(sum)).toBeLessThanOrEqual(rho.length * Number.EPSILON * size);
      }
    }),
    { numRuns: 10 },
  );
});

test('rounding that meets a vector changes it most where flows go', () => {
  const { sector, rho } = loaded(100);
  const met = rho.map((_, i) => Math.cos(i));
  const along = (by: Float64Array | undefined) =>
    conservingProduct(sector, rho, by).rounded.reduce((sum, x, i) => sum + x * met[i], 0);
  const worst = along(met) - along(undefined);
  // Of each flow |values · x · (met there − met here)|: no choice of signs is worse.
  for (const sign of [1, -1]) {
    const other = along(met.map((x, i) => sign * x * Math.sin(3 * i))) - along(undefined);
    expect(Math.abs(other)).toBeLessThan(worst);
  }
});
