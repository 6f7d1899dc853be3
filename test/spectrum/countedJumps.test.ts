/** Counting without a conserved charge, against dense superoperators of the whole space. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DynamicRequest } from '../../src/fluctuations/dynamics.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { Window } from '../../src/operators/window.js';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { potentialFluctuations } from '../../src/simulate/potentialFluctuations.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { requireUniqueSteadyState } from '../../src/spectrum/correlation.js';
import { JumpCounting } from '../../src/spectrum/countedJumps.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { Dense } from '../support/dense.js';
import { DenseCounting } from '../support/denseCounting.js';
import { denseOperator } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

const windowOf = (lmin: number, lmax: number): Window => ({ lmin, lmax, size: lmax - lmin + 1 });

test('of what each bath of random systems brings of any operator: means, noise and covariances', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      kinds(8).filter(({ resolved, mixing }) => !resolved && mixing),
      (kind) => {
        const system = openSystem(kind);
        const { states, hamiltonian, jumps } = system;
        let counting: JumpCounting;
        const baths = Object.entries(jumps).map(([name, { operators }]) => ({
          name,
          jumps: operators,
          quantity: hamiltonian,
        }));
        try {
          const spectrum = new Spectrum(system);
          requireUniqueSteadyState(spectrum);
          counting = new JumpCounting(spectrum, baths);
        } catch (error) {
          if (error instanceof NoSteadyStateError) return;
          throw error;
        }
        const dense = new DenseCounting(denseLindbladian(system));
        const quantity = denseOperator(hamiltonian, states);
        const denseBaths = baths.map(({ jumps: operators }) => ({
          jumps: operators.map((x) => denseOperator(x, states)),
          quantity,
        }));
        const scale = Math.max(
          1,
          ...denseBaths.map((bath) => Math.abs(dense.cumulants(bath, 2)[1])),
        );
        const near = (found: { value: number; error: number }, wanted: number, label: string) => {
          const apart = Math.abs(found.value - wanted);
          expect(apart, label).toBeLessThanOrEqual(1e-9 * scale + found.error);
          expect(found.error, label).toBeLessThan(1e-7 * scale);
        };
        baths.forEach(({ name, jumps: operators }, b) => {
          const cumulants = dense.cumulants(denseBaths[b], 5);
          const [mean, noise] = cumulants;
          near(counting.mean(name), mean, `mean of ${name}`);
          near(counting.covariance(name, name), noise, `noise of ${name}`);
          counting.cumulants(name, 5).forEach((c, k) => {
            const size = Math.max(scale, Math.abs(cumulants[k]));
            expect(Math.abs(c - cumulants[k]), `cumulant ${k + 1}`).toBeLessThan(1e-8 * size);
          });
          const rho = Dense.ofVector(dense.rho);
          const rate = denseBaths[b].jumps.reduce(
            (sum, a) => sum + a.dagger().dot(a).dot(rho).trace()[0],
            0,
          );
          expect(counting.activity(operators)).toBeCloseTo(rate, 9);
          if (b > 0) {
            const expected = dense.covariance(denseBaths[0], denseBaths[b]);
            near(counting.covariance(baths[0].name, name), expected, `covariance with ${name}`);
          }
        });
        compared++;
      },
    ),
    { numRuns: 25 },
  );
  expect(compared).toBeGreaterThan(5);
});

test.each<[string, number, number]>([
  ['two-qubit-rectifier', 0, 0],
  ['piston', -1, 1],
])('the heats of %s on [%d, %d]', async (name, lmin, lmax) => {
  const described = galleryMachine(name);
  const values = defaultValues(described);
  const window = windowOf(lmin, lmax);
  const betas = { hot: 0.5, cold: 2 };
  const found = await machineFluctuationsOf(described, values, window, betas, { order: 2 });
  const { system, energies } = new MachineSystem(described).on(window, values);
  const dense = new DenseCounting(denseLindbladian(system));
  const isGlobal = name === 'two-qubit-rectifier';
  for (const { name: bath, heat, quanta } of found.baths) {
    const quantity = isGlobal ? system.hamiltonian : energies.kinetic;
    const jumps = system.jumps[bath].operators.map((x) => denseOperator(x, system.states));
    // Of excitations: states are numbered by those of each qubit.
    const excited = Dense.from(system.states * window.size, (i, j) => {
      const state = Math.floor(i / window.size);
      return i === j ? (state >> 1) + (state % 2) : 0;
    });
    expect(quanta === null).toBe(bath === 'load');
    if (quanta !== null) {
      const [mean, noise] = dense.cumulants({ jumps, quantity: excited }, 2);
      expect(quanta.mean.value).toBeCloseTo(mean, 12);
      expect(quanta.noise.value).toBeCloseTo(noise, 12);
    }
    if (heat === null) {
      expect(isGlobal).toBe(false);
      continue;
    }
    const [mean, noise] = dense.cumulants(
      { jumps, quantity: denseOperator(quantity, system.states) },
      2,
    );
    expect(heat.mean.value).toBeCloseTo(mean, 12);
    expect(heat.noise.value).toBeCloseTo(noise, 12);
  }
  if (isGlobal) {
    const [hot, cold] = found.baths.map(({ heat }) => heat!);
    // What comes in goes out, and so does what it varies by.
    expect(cold.mean.value).toBeCloseTo(-hot.mean.value, 15);
    expect(cold.noise.value / hot.noise.value).toBeCloseTo(1, 9);
    expect(found.clausius).toBeCloseTo(1.5 * hot.mean.value, 15);
  }
});

test('what there is not is refused by name', async () => {
  const piston = galleryMachine('piston');
  const values = defaultValues(piston);
  const run = (window: Window, asked: DynamicRequest) =>
    machineFluctuationsOf(piston, values, window, {}, { order: 2, asked });
  const asked = (counted: string) => ({
    ...{ frequencies: null, fields: [0.1], waiting: null },
    counted: [[{ kind: 'quanta' as const, bath: counted }] as const],
  });
  const small = windowOf(-1, 1);
  await expect(run(small, asked('load'))).rejects.toThrow(
    /^of what is counted: hot, cold, not load$/,
  );
  const jumps = [{ bath: 'load', direction: 'in' as const }];
  const waiting = { frequencies: null, fields: null, waiting: { jumps, times: [] } };
  await expect(run(small, waiting)).rejects.toThrow(
    /^load without :in: its jumps change no charge/,
  );
});

test('a load counts its quanta beside baths between eigenstates of a potential, which count none', async () => {
  const given = { V: 0.7, V2: 0.2, lambda: 0.4, g: 0.8, gamma: 0.05, betaR: 1, beta2: 0.4 };
  const parameters = deviceParameters({ ...given, model: 'global', cutoff: 7 });
  const window = windowOf(-1, 1);
  const { baths } = await potentialFluctuations(parameters, window, { order: 2 });
  const { system } = device(parameters, window);
  const dense = new DenseCounting(denseLindbladian(system));
  const levels = Dense.from(system.states * window.size, (i, j) =>
    i === j ? window.lmin + (i % window.size) : 0,
  );
  const jumps = system.jumps.load.operators.map((x) => denseOperator(x, system.states));
  const [mean, noise] = dense.cumulants({ jumps, quantity: levels }, 2);
  const [bath1, bath2, load] = baths.map(({ quanta }) => quanta);
  expect([bath1, bath2]).toEqual([null, null]);
  expect(Math.abs((load?.mean.value ?? Number.NaN) - mean)).toBeLessThan(1e-13);
  expect(Math.abs((load?.noise.value ?? Number.NaN) - noise)).toBeLessThan(1e-13);
  expect(Math.abs(mean)).toBeGreaterThan(1e-6);
});
