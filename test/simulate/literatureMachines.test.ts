/**
 * Machines of the literature: numbers that QuTiP's direct solver has for them (5.3.1, in the whole space, by the scripts
 * that `--as qutip` prints), and what is known of them in closed form.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import type { MachineModel } from '../../src/machine/description/models.js';
import { machineEvolution } from '../../src/simulate/machineEvolve.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { expectSameNumbers, type Numbers } from '../support/machineNumbers.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

interface Case {
  readonly machine: string;
  readonly parameters: Record<string, number>;
  readonly model?: MachineModel;
  readonly window?: readonly [number, number];
  readonly values: Numbers;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../reference/machines.json', import.meta.url), 'utf8'),
);

const named = cases.map(
  (one) =>
    [`${one.machine} ${one.model ?? ''} ${Object.entries(one.parameters).join(' ')}`, one] as const,
);

test.each(named)('%s', async (_, { machine, parameters, model, window, values }) => {
  const reading = await steadyOf(galleryMachine(machine, model), parameters, window);
  expect(reading.problems).toEqual([]);
  expectSameNumbers({ observables: {}, ...values }, reading, 1e-12);
});

const closeTo = (found: number, wanted: number, tolerance = 1e-11) =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));

const bose = (x: number) => 1 / Math.expm1(x);

test('each quantum of the refrigerator moves one of each qubit, and none at the efficiency of Carnot', async () => {
  const machine = galleryMachine('absorption-refrigerator');
  const [wh, wc, Th, Tc] = [3, 0.7, 4, 1];
  const { flows, observables } = await steadyOf(machine, { wh, wc, Th, Tc, Tr: 1.2, g: 0.1 });
  const current = observables.current as number;
  expect(current).toBeGreaterThan(1e-6);
  closeTo(flows.heat.hot / current, wh);
  closeTo(flows.heat.cold / current, wc);
  closeTo(flows.heat.room / current, -(wh + wc));
  const still = (wh + wc) / (wh / Th + wc / Tc);
  const { observables: none } = await steadyOf(machine, { wh, wc, Th, Tc, Tr: still, g: 0.1 });
  expect(Math.abs(none.current as number)).toBeLessThan(1e-15 * 0.01);
});

/** The current of two qubits that exchange quanta: rates of decay, populations at rest, exchange, detuning. */
function exchanged([gh, gc]: number[], [ph, pc]: number[], g: number, detuning: number): number {
  const width = gh + gc;
  const broad = gh * gc * (1 + (2 * detuning) ** 2 / width ** 2);
  return (4 * g * g * gh * gc * (ph - pc)) / (width * (4 * g * g + broad));
}

test('the driven mill has the power of its closed form', async () => {
  const [beta1, beta2, B1, B2, g, lambda, drive] = [0.1, 0.03, 4, 10, 1.3, 0.7, 11];
  const [n1, n2] = [bose(2 * beta1 * B1), bose(2 * beta2 * B2)];
  const [a, b] = [2 * n2 + 1, 2 * n1 + 1];
  const rates = [a * g * g, b * g * g];
  const current = exchanged(rates, [n2 / a, n1 / b], lambda, 2 * (B2 - B1) - drive);
  const values = { beta1, beta2, B1, B2, g, lambda, drive };
  const { observables } = await steadyOf(galleryMachine('driven-mill'), values);
  closeTo(observables.heat2 as number, 2 * B2 * current);
  closeTo(observables.heat1 as number, -2 * B1 * current);
  closeTo(observables.power as number, 2 * (B2 - B1) * current);
});

test('the two-qubit valve, local: its closed form; global: in equilibrium the state of Gibbs', async () => {
  const [wh, wc, g, kh, kc, Th, Tc] = [1, 0.8, 0.07, 0.02, 0.03, 2, 0.6];
  const values = { wh, wc, g, kh, kc, Th, Tc };
  const [nh, nc] = [bose(wh / Th), bose(wc / Tc)];
  const [a, b] = [2 * nh + 1, 2 * nc + 1];
  const rates = [kh * wh * a, kc * wc * b];
  const current = exchanged(rates, [nh / a, nc / b], g, wh - wc);
  const local = await steadyOf(galleryMachine('two-qubit-rectifier', 'local'), values);
  const { h, c } = local.populations;
  closeTo(kh * wh * (nh * h[0] - (nh + 1) * h[1]), current);
  closeTo(kc * wc * (nc * c[0] - (nc + 1) * c[1]), -current);

  const equal = { ...values, Tc: Th };
  const global = await steadyOf(galleryMachine('two-qubit-rectifier', 'global'), equal);
  const split = Math.hypot((wh - wc) / 2, g);
  const energies = [0, (wh + wc) / 2 - split, (wh + wc) / 2 + split, wh + wc];
  const weights = energies.map((energy) => Math.exp(-energy / Th));
  const sum = weights.reduce((x, y) => x + y);
  const mean = energies.reduce((total, energy, k) => total + (energy * weights[k]) / sum, 0);
  closeTo(
    Object.values(global.energies).reduce((x, y) => x + y),
    mean,
  );
  for (const heat of Object.values(global.flows.heat)) closeTo(heat, 0, 1e-16);
  // Of unequal temperatures the valve has a forward direction.
  const one = await steadyOf(galleryMachine('two-qubit-rectifier', 'global'), values);
  const other = { ...values, Th: Tc, Tc: Th };
  const back = await steadyOf(galleryMachine('two-qubit-rectifier', 'global'), other);
  expect(Math.abs(one.flows.heat.hot + back.flows.heat.hot)).toBeGreaterThan(1e-5);
});

test('qubit and oscillator, in resonance and at one temperature, are each in equilibrium', async () => {
  const { ladder, populations, observables } = await steadyOf(galleryMachine('jaynes-cummings'), {
    Th: 0.4,
    Tc: 0.4,
  });
  closeTo(ladder?.mean as number, bose(1 / 0.4));
  closeTo(populations.q[1], 1 / (Math.exp(1 / 0.4) + 1));
  closeTo(observables.current as number, 0, 1e-16);
});

test('the effective rotor gains the difference of its rates, and its variance their sum', async () => {
  const described = galleryMachine('effective-rotor');
  const { lmin, lmax } = described.ladder;
  const [g, k, nh, nc] = [0.5, 1.2, 1, 0.3];
  const [a, b] = [2 * nh + 1, 2 * nc + 1];
  const step = (4 * g * g) / (k * (a + b) * a * b);
  const [gain, loss] = [step * nh * (nc + 1), step * nc * (nh + 1)];
  const { snapshots } = await machineEvolution(
    new MachineSystem(described),
    { I: 10, g, k, nh, nc },
    { lmin, lmax, size: lmax - lmin + 1 },
    [10, 40],
    { rtol: 1e-11, atol: 1e-13 },
    cpuBackend(),
  );
  for (const { t, ladder } of snapshots) {
    closeTo(ladder?.mean as number, (gain - loss) * t, 1e-9);
    closeTo(ladder?.variance as number, (gain + loss) * t, 1e-9);
  }
});

test('a clock with a slow link ticks from a chain that is mixed', async () => {
  // Where the link is slow the chain is mixed: each site has one part in eight.
  const { observables } = await steadyOf(galleryMachine('ring-clock'), { rate: 1e-6, entropy: 3 });
  closeTo((observables.ticks as number) / (1e-6 * (1 - Math.exp(-3))), 1 / 8, 1e-5);
});
