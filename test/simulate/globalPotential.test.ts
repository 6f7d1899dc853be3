/**
 * The global master equation in a potential of the rotor: against dense superoperators made from eigenvectors, and by the
 * laws that it keeps.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { fullSpace } from '../../src/generator/classes.js';
import { generatorOf } from '../../src/generator/generator.js';
import { eachChannel, lindbladRules } from '../../src/generator/lindbladian.js';
import { smallestGap } from '../../src/lindblad/eigenstateJumps.js';
import { device } from '../../src/model/device.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { potentialFluctuations } from '../../src/simulate/potentialFluctuations.js';
import { type Asked, evolutionRoute, steadyRoute } from '../../src/simulate/route.js';
import { solveSteady, solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { between, decades, numbers, smallWindow } from '../support/arbitrary.js';
import { globalChannels, hamiltonians } from '../support/dense.js';
import { denseDevice, denseNumbers, denseSteady } from '../support/denseNumbers.js';
import { hermitianFunction } from '../support/denseThermodynamics.js';
import { denseGenerator, denseState } from '../support/generators.js';

const AUTO = { space: 'auto', method: 'auto' } as const;

/** Energies further apart than this share of the largest are told apart, and their eigenvectors known to 13 digits. */
const APART = 1e-3;

/** Devices in a potential whose eigenstates float64 knows. */
const devices = fc
  .tuple(
    numbers,
    fc.record({ V: between(-4, 4), V2: fc.oneof(fc.constant(0), between(-2, 2)) }),
    decades(0.05, 2),
    smallWindow,
  )
  .map(([values, potential, lambda, window]) => ({
    values: { ...values, ...potential, lambda, gamma: 10 * values.gamma },
    window,
  }))
  .filter(({ values, window: { lmin, lmax } }) => {
    if (values.V === 0 && values.V2 === 0) return false;
    const { system } = device(parametersOf(values), rotorWindow(lmin, lmax));
    const { total } = hamiltonians(values, lmin, lmax);
    return smallestGap(system.hamiltonian, 4) > APART * total.max();
  });

const parametersOf = (values: object) => deviceParameters({ ...values, model: 'global' });

describe('on windows of 2 to 4 levels', () => {
  test('every channel is that of the dense eigenoperators', () => {
    fc.assert(
      fc.property(devices, ({ values, window: { lmin, lmax } }) => {
        const { system, cutoff } = device(parametersOf(values), rotorWindow(lmin, lmax));
        const wanted = globalChannels(values, lmin, lmax, cutoff);
        const rules = lindbladRules(system);
        eachChannel(rules, (own, channel) => {
          const found = denseGenerator(generatorOf(fullSpace(system), own));
          const dense = wanted[channel as 'bath1'];
          expect(found.plus(dense, -1).max(), channel).toBeLessThan(
            1e-11 * Math.max(dense.max(), Number.MIN_VALUE),
          );
        });
      }),
      { numRuns: 8 },
    );
  });

  test('the steady state and what is read off it are those of the dense superoperator', async () => {
    await fc.assert(
      fc.asyncProperty(devices, async ({ values, window: { lmin, lmax } }) => {
        const window = rotorWindow(lmin, lmax);
        const { state, solver } = await solveSteadyOn(
          parametersOf(values),
          window,
          AUTO,
          cpuBackend(),
        );
        expect(solver.unique).toBe(true);
        const dense = denseDevice(values, 'global', { lmin, lmax });
        const rho = denseSteady(dense);
        const found = denseState(state.rho.space, state.rho.elements);
        expect(found.plus(rho, -1).max()).toBeLessThan(1e-11);
        const read = steadyObservables(state, truncation({ lmin, lmax }));
        const wanted = denseNumbers(dense, rho);
        const scale = 1e-11 * dense.channels.total.max() * (values.B1 + values.B2);
        for (const group of ['heat', 'work', 'power'] as const) {
          for (const [name, value] of Object.entries(wanted[group])) {
            const own = (read[group] as unknown as Record<string, number>)[name];
            expect(Math.abs(own - value), `${group}.${name}`).toBeLessThan(scale);
          }
        }
        const { Q1, Q2, Qr } = read.heat;
        expect(Math.abs(Q1 + Q2 + Qr + read.work.Wr + read.work.V)).toBeLessThan(scale);
        expect(Math.abs(read.firstLaw)).toBeLessThan(scale);
      }),
      { numRuns: 8 },
    );
  });
});

test('at one temperature and without a load the thermal state of H with its potential stays', () => {
  fc.assert(
    fc.property(devices, decades(0.05, 1), ({ values, window: { lmin, lmax } }, beta) => {
      const same = { ...values, beta1: beta, beta2: beta, gamma: 0 };
      const { system } = device(parametersOf(same), rotorWindow(lmin, lmax));
      const generator = denseGenerator(
        generatorOf(fullSpace(system), Object.values(lindbladRules(system)).flat()),
      );
      const gibbs = hermitianFunction(hamiltonians(same, lmin, lmax).total, (e) =>
        Math.exp(-beta * e),
      );
      const left = generator.apply(gibbs.vector());
      const scale = generator.max() * gibbs.max();
      expect(Math.max(...left.map(Math.abs))).toBeLessThan(1e-12 * scale);
    }),
    { numRuns: 15 },
  );
});

const IN_POTENTIAL = { V: 1.5, V2: 0.3, gamma: 0.02, lambda: 0.6, g: 0.5, beta1: 0.5, beta2: 0.2 };

test('each bath produces entropy, Spohn’s, and the baths’ heat is that of the steady state', async () => {
  const window = rotorWindow(-2, 2);
  const parameters = parametersOf(IN_POTENTIAL);
  const { state } = await solveSteadyOn(parameters, window, AUTO, cpuBackend());
  const { heat } = steadyObservables(state, truncation({ lmin: -2, lmax: 2 }));
  const found = await potentialFluctuations(parameters, window, { order: 2 });
  expect(found.baths.map(({ name }) => name)).toEqual(['bath1', 'bath2', 'load']);
  for (const { name, entropyProduction, heat: counted } of found.baths) {
    expect(entropyProduction.value, name).toBeGreaterThan(0);
    if (name === 'load') continue;
    const wanted = name === 'bath1' ? heat.Q1 : heat.Q2;
    expect(Math.abs((counted?.mean.value ?? 0) - wanted)).toBeLessThan(1e-10);
  }
});

test('a vanishing potential, whose levels ±l count as one, leaves what is there without', async () => {
  const window = rotorWindow(-3, 3);
  const values = { gamma: 0.05, lambda: 0.7, g: 0.4, beta1: 0.5, beta2: 0.2 };
  const without = steadyStateOn(parametersOf(values), window);
  const wanted = denseState(without.rho.space, without.rho.elements);
  for (const V of [1e-6, 1e-8]) {
    const { state } = await solveSteadyOn(
      parametersOf({ ...values, V }),
      window,
      AUTO,
      cpuBackend(),
    );
    const found = denseState(state.rho.space, state.rho.elements);
    expect(found.plus(wanted, -1).max(), `V = ${V}`).toBeLessThan(10 * V);
  }
});

test('modes are those of its generator', async () => {
  const spectrum = new Spectrum(device(parametersOf(IN_POTENTIAL), rotorWindow(-2, 2)).system);
  const modes = spectrum.modes(spectrum.neutral, 3)?.modes ?? [];
  expect(modes).toHaveLength(3);
  for (const { rate, residual } of modes) {
    expect(rate).toBeGreaterThan(0);
    expect(residual).toBeLessThan(1e-11);
  }
});

/**
 * QuTiP 4.7, `steadystate` of H and the jumps between its `eigenstates`, grouped as here, made by hand. Its heat flows add
 * up to −1.5e-10 with the works, where the first law has 0.
 */
test('QuTiP finds the same state and flows', async () => {
  const { state } = await solveSteadyOn(
    parametersOf({ ...IN_POTENTIAL }),
    rotorWindow(-2, 2),
    AUTO,
    cpuBackend(),
  );
  const { heat, work, rotor, purity } = steadyObservables(state, truncation({ lmin: -2, lmax: 2 }));
  const near = (found: number, wanted: number, tolerance: number) =>
    expect(Math.abs(found - wanted)).toBeLessThan(tolerance);
  near(heat.Q1, -0.008157118334209153, 1e-9);
  near(heat.Q2, 0.008215817164834419, 1e-9);
  near(heat.Qr, -0.003229859545026372, 1e-14);
  near(work.Wr, 1.1689051507281377e-6, 1e-14);
  near(work.V, 0.0031699915942295575, 1e-14);
  near(rotor.Lz, 6.081845690193016e-6, 1e-13);
  near(rotor.cos, -0.0441569938830204, 1e-13);
  near(rotor.sin, 2.9594072553865395e-7, 1e-13);
  near(purity, 0.18756506033345274, 1e-13);
});

describe('a window that is too wide for a dense eigenbasis is refused', () => {
  const parameters = parametersOf({ V: 1 });
  const solved = (window: object) =>
    solveSteady(parameters, truncation(window), AUTO, cpuBackend());

  test('with the most levels that there may be', async () => {
    await expect(solved({ lmin: -6, lmax: 7 })).rejects.toThrow(
      /^lmax = 7: must be at most lmin \+ 12, with lmin = -6, model = global and V ≠ 0 or V2 ≠ 0: its jumps are between/,
    );
    await expect(solved({})).rejects.toThrow(
      /^lmax is missing: must be given with lmin, at most lmin \+ 12/,
    );
    expect(() => device(parameters, rotorWindow(-7, 6))).toThrow('lmax = 6: must be at most');
  });

  test('before anything is solved, where the route says why it is taken', () => {
    const asked: Asked = { ...AUTO, backend: 'auto', dmax: 'auto', precision: 'f64' };
    const { space, method, reason, backendReason } = steadyRoute(
      parameters,
      { lmin: -6, lmax: 6 },
      asked,
    );
    expect([space, method]).toEqual(['band', 'gmres']);
    expect(reason).toContain('jumps are between those of a dense eigenbasis');
    expect(backendReason).toMatch(/^auto: about 9.7 s on one core, .* N = 13/);
    expect(evolutionRoute(parameters, { lmin: -2, lmax: 2 }, asked).reason).toContain('eigenbasis');
    for (const route of [steadyRoute, evolutionRoute]) {
      expect(() => route(parameters, {}, asked)).toThrow('lmax is missing: must be given');
    }
  });
});
