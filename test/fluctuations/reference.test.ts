/** Fluctuations against an independent program, and against numbers of others. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Fluctuations, fluctuations } from '../../src/fluctuations/fluctuations.js';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { steadyStateOn } from '../../src/simulate/steady.js';

interface Reference {
  readonly parameters: Readonly<Record<string, number>>;
  readonly lmin: number;
  readonly lmax: number;
  readonly currents: Readonly<Record<string, number>>;
  readonly noise: Readonly<Record<string, number>>;
  readonly heatNoise: Readonly<Record<string, number>>;
  readonly fano_N2: number;
  readonly TUR_N2: number;
  readonly TUR_L: number;
  readonly entropy: { readonly total: number };
  readonly entropyProduction: Readonly<Record<string, number>>;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8'));
const references: readonly Reference[] = read('fluctuations');

const RELATIVE = 1e-9;

function close(name: string, found: number | null | undefined, wanted: number, scale = wanted) {
  expect(typeof found, name).toBe('number');
  expect(Math.abs((found as number) - wanted) / Math.abs(scale), name).toBeLessThan(RELATIVE);
}

describe.each(references)('the mill with beta2 = $parameters.beta2', (reference) => {
  const solve = (): Fluctuations => {
    const parameters = deviceParameters({ ...reference.parameters, model: 'local' });
    const { beta1, beta2, betaR } = parameters;
    return fluctuations({
      machine: mill,
      of: localEquation,
      values: valuesOf(parameters, null),
      window: rotorWindow(reference.lmin, reference.lmax),
      betas: { bath1: beta1, bath2: beta2, load: betaR },
      order: 2,
    });
  };

  test('currents, noise, covariances and uncertainty relations', () => {
    const { baths, covariances } = solve();
    const [bath1, bath2, load] = baths;
    const { currents, noise, heatNoise } = reference;
    close('N1', bath1.quanta?.mean.value, currents.N1);
    close('N2', bath2.quanta?.mean.value, currents.N2);
    close('L', load.quanta?.mean.value, currents.loadAngularMomentum);
    close('noise N1', bath1.quanta?.noise.value, noise.N1);
    close('noise N2', bath2.quanta?.noise.value, noise.N2);
    close('noise L', load.quanta?.noise.value, noise.loadAngularMomentum);
    const [a, b, c] = covariances.map(({ covariance }) => covariance.value);
    close('N1_N2', a, noise.N1_N2);
    close('N1_L', b, noise.N1_L);
    close('N2_L', c, noise.N2_L);
    close('Q1', bath1.heat?.noise.value, heatNoise.Q1);
    close('Q2', bath2.heat?.noise.value, heatNoise.Q2);
    close('Fano', bath2.quanta?.fano, Math.abs(reference.fano_N2));
    close('TUR N2', bath2.quanta?.uncertainty, reference.TUR_N2);
    close('TUR L', load.quanta?.uncertainty, reference.TUR_L);
  });

  test('entropy production by bath', () => {
    const found = solve();
    const wanted = reference.entropyProduction;
    for (const { name, entropyProduction } of found.baths) {
      close(name, entropyProduction.value, wanted[name], wanted.sum);
    }
    close('sum', found.entropyProduction?.value, wanted.sum);
    close('entropy', found.entropy, reference.entropy.total);
    close('Clausius', found.clausius, wanted.clausius);
  });
});

test.each([1e-3, 1e-4])(
  'where a strong load cancels between eigenstates, errors say so: g = %d',
  (g) => {
    const given = { model: 'global', g, I: 1e-2 / g ** 2, gamma: 1, betaR: g } as const;
    const parameters = deviceParameters(given);
    const window = rotorWindow(-1, 1);
    const { device, flow } = steadyStateOn(parameters, window);
    const found = fluctuations({
      ...{ machine: mill, of: globalEquation, window, betas: {}, order: 2 },
      values: valuesOf(parameters, device.cutoff),
    });
    for (const { name, heat } of found.baths.slice(0, 2)) {
      // In double-double, where that is needed.
      const wanted = flow!('total', name as 'bath1' | 'bath2');
      const { value, error } = heat!.mean;
      expect(Math.abs(value - wanted.value)).toBeLessThanOrEqual(error + wanted.error);
    }
  },
);
