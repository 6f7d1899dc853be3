/** The global master equation of described machines with a ladder, on windows with few eigenstates. */
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { galleryMachine, steadyOf } from '../support/machines.js';
import { millByCouplings } from '../support/millByCouplings.js';

const described = millByCouplings({
  ...{ beta1: 0.5, beta2: 0.2, betaR: 0.09, B1: 4, B2: 10, g: 0.5 },
  ...{ lambda: 0.6, gamma: 0.02, I: 1, V: 0, Omega: 20 },
});

test.each([0, 1.5])('the paper’s machine at V = %s is the built-in one', async (V) => {
  const parameters = deviceParameters({
    ...{ model: 'global', beta1: 0.5, beta2: 0.2, g: 0.5, lambda: 0.6, gamma: 0.02, V },
  });
  const window = rotorWindow(-2, 2);
  const state =
    V === 0
      ? steadyStateOn(parameters, window)
      : (await solveSteadyOn(parameters, window, { space: 'auto', method: 'auto' }, cpuBackend()))
          .state;
  const { heat, rotor } = steadyObservables(state, truncation({ lmin: -2, lmax: 2 }));
  const { flows, ladder } = await steadyOf(described, { V });
  expect(Math.abs(flows.heat.bath1 - heat.Q1)).toBeLessThan(1e-12);
  expect(Math.abs(flows.heat.bath2 - heat.Q2)).toBeLessThan(1e-12);
  expect(Math.abs((ladder?.mean ?? Number.NaN) - rotor.Lz)).toBeLessThan(1e-12);
  expect(Math.abs(flows.balance)).toBeLessThan(1e-13);
});

test('qubit and oscillator at one temperature are in the thermal state of all of H', async () => {
  const [w, g, T, levels] = [1, 0.05, 0.5, 30];
  const found = await steadyOf(galleryMachine('jaynes-cummings', 'global'), { Th: T, Tc: T });
  // Of n quanta in all the energies are n w ± g √n; the window cuts the highest pair.
  const energies = [0, ...Array.from({ length: levels - 1 }, (_, k) => k + 1)].flatMap((n) =>
    n === 0 ? [0] : [n * w - g * Math.sqrt(n), n * w + g * Math.sqrt(n)],
  );
  energies.push(levels * w);
  const weights = energies.map((energy) => Math.exp(-energy / T));
  const sum = weights.reduce((a, b) => a + b);
  const mean = energies.reduce((total, energy, k) => total + (energy * weights[k]) / sum, 0);
  const total = Object.values(found.energies).reduce((a, b) => a + b);
  expect(Math.abs(total - mean)).toBeLessThan(1e-13);
  for (const heat of Object.values(found.flows.heat)) expect(Math.abs(heat)).toBeLessThan(1e-15);
});

describe('a window with too many eigenstates in a block of H', () => {
  const rabi = (levels: number) =>
    describedMachine(
      'rabi.yaml',
      `
name: the Rabi model between two baths
model: global
subsystems: {q: 2}
ladder: {kind: oscillator, levels: ${levels}}
parameters: {g: 0.1}
hamiltonian:
  qubit: 1.1*P(q, 1)
  oscillator: n
  exchange: g*(a + ad)*sx(q)
baths:
  hot: {temperature: 2, coupling: sx(q), spectrum: 0.01*omega}
  cold: {temperature: 0.5, coupling: a + ad, spectrum: 0.01*omega}
`,
    );

  test('is refused with the number that there may be', async () => {
    // Two parities, of 27 eigenstates each.
    await expect(steadyOf(rabi(27))).rejects.toThrow(
      /^lmax = 26: must be nearer to lmin = 0 with model = global: .* at most 1000000$/,
    );
  });

  test('and one that has few is solved, with its first law', async () => {
    const { flows, relativeResidual } = await steadyOf(rabi(8));
    expect(Math.abs(flows.balance)).toBeLessThan(1e-15);
    expect(flows.heat.hot + flows.work.hot).toBeGreaterThan(1e-5);
    expect(relativeResidual).toBeLessThan(1e-13);
  });
});
