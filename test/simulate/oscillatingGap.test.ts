/** Derivatives of the gap where the slowest mode oscillates: Bloch's equations in closed form, and differences of modes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { ObservedMill } from '../../src/simulate/observedMill.js';
import type { Sensitivities } from '../../src/simulate/sensitivity.js';
import { millSubject } from '../../src/simulate/spectralSubject.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { between, decades } from '../support/arbitrary.js';
import { CENTRAL, centralDifference } from '../support/differences.js';

/**
 * A driven qubit in resonance, by its Bloch equations: one component of the coherence decays by itself with the rate
 * a = down/2 + dephasing; the other one and the populations, with b = down, turn into each other. Of these two the rate is
 * (a + b)/2 and the frequency √(drive² − (a − b)²/4).
 */
const driven = describedMachine(
  'driven.yaml',
  `
name: driven qubit
subsystems: {q: 2}
parameters: {drive: 10, down: 1, dephasing: 2}
hamiltonian:
  drive: drive*(sp(q) + sm(q))/2
baths:
  decay: {temperature: none, jumps: [sqrt(down)*sm(q)]}
  noise: {temperature: none, jumps: [sqrt(dephasing/2)*sz(q)]}
`,
);

const gapOf = async (
  described: DescribedMachine,
  set: Readonly<Record<string, number>> = {},
): Promise<Sensitivities['observables'][string]> => {
  const values = { ...defaultValues(described), ...set };
  return (await machineSensitivity(described, values, machineWindow(described), ['gap']))
    .observables.gap;
};

const slowestOf = (system: OpenSystem) => {
  const spectrum = new Spectrum(system);
  const [mode] = spectrum.modes(spectrum.neutral, 1)?.modes ?? [];
  return mode;
};

test('of Bloch’s equations they are those of the closed form, also next to where modes coalesce', async () => {
  const devices = fc.record({
    ...{ down: decades(0.1, 10), ratio: between(0.7, 5), beyond: decades(1e-5, 10) },
  });
  await fc.assert(
    fc.asyncProperty(devices, async ({ down, ratio, beyond }) => {
      const dephasing = ratio * down;
      const drive = (Math.abs(dephasing - down / 2) / 2) * (1 + beyond);
      const { value, error, by } = await gapOf(driven, { drive, down, dephasing });
      const rate = 0.75 * down + 0.5 * dephasing;
      expect(Math.abs(value - rate)).toBeLessThan(error + 1e-15 * rate);
      for (const [name, wanted] of Object.entries({ drive: 0, down: 0.75, dephasing: 0.5 })) {
        const slope = by[name] ?? { value: Number.NaN, error: Number.NaN };
        expect(Math.abs(slope.value - wanted), name).toBeLessThan(slope.error);
        expect(slope.error, name).toBeLessThan(1e-9);
      }
    }),
    { numRuns: 12 },
  );
});

test('where they coalesce there are none', async () => {
  const drive = (2 - 1 / 2) / 2;
  await expect(gapOf(driven, { drive })).rejects.toThrow(/coalesce|six digits|about as slow/);
});

/** Its slowest mode turns with the frequency 3.5, far from 0, where layers look for modes. */
const DEVICE = {
  ...{ B1: 1.6, B2: 0.8, beta1: 0.8, beta2: 0.35, betaR: 0.5, g: 0.25, chi: 0.1 },
  ...{ gamma: 0.04, lambda: 0.65, I: 2.7, V: 1.6 },
};

test('in a potential they are those of differences', async () => {
  const near = { lmin: -1, lmax: 1 };
  const modeOf = (of: object) =>
    slowestOf(millSubject(deviceParameters(of), { ...near, edgeTolerance: 1 }).system);
  const { gap } = (await millSensitivity(deviceParameters(DEVICE), truncation(near), ['gap']))
    .observables;
  const { rate, error, frequency } = modeOf(DEVICE);
  expect(Math.abs(frequency)).toBeGreaterThan(10 * rate);
  expect(Math.abs(gap.value - rate)).toBeLessThan(gap.error + error);
  for (const by of ['V', 'gamma', 'lambda', 'betaR'] as const) {
    const h = 2e-3 * DEVICE[by];
    const at = (k: number) => modeOf({ ...DEVICE, [by]: DEVICE[by] + k * h }).rate;
    const wanted = centralDifference(CENTRAL[8], at, h);
    const slope = gap.by[by] ?? { value: Number.NaN, error: Number.NaN };
    const rounding = (4 * (error + 1e-15 * rate)) / h;
    expect(Math.abs(slope.value - wanted), by).toBeLessThan(slope.error + rounding);
    expect(slope.error, by).toBeLessThan(1e-9 * Math.abs(slope.value));
  }
  // A search has them, too.
  const searched = new ObservedMill(deviceParameters(DEVICE), truncation(near));
  const found = await (await searched.at({ V: DEVICE.V }, true))?.read('gap');
  expect(found && slopesOf(found).get('V')?.value).toBe(gap.by.V?.value);
});

/** In the secular equation the coherence of two eigenstates decays half as fast as populations, and turns. */
const secular = describedMachine(
  'secular.yaml',
  `
name: qubit between its eigenstates
model: global
subsystems: {q: 2}
parameters: {w: 1.3, d: 0.7, k: 0.1, T: 0.8}
hamiltonian:
  qubit: w*P(q, 1) + d*sx(q)
baths:
  bath: {temperature: T, coupling: sy(q), spectrum: k*omega}
`,
);

test('between eigenstates they are those of differences, and the rate is in proportion to the coupling', async () => {
  const values: Readonly<Record<string, number>> = defaultValues(secular);
  const gap = await gapOf(secular);
  const at = (set: Readonly<Record<string, number>>) =>
    slowestOf(new MachineSystem(secular).on(machineWindow(secular), { ...values, ...set }).system);
  const { rate, error, frequency } = at({});
  expect(Math.abs(frequency)).toBeGreaterThan(rate);
  expect(Math.abs(gap.value - rate)).toBeLessThan(gap.error + error);
  for (const by of ['w', 'd', 'k', 'T']) {
    const h = 5e-3 * values[by];
    const rateAt = (k: number) => at({ [by]: values[by] + k * h }).rate;
    const wanted = centralDifference(CENTRAL[8], rateAt, h);
    const slope = gap.by[by] ?? { value: Number.NaN, error: Number.NaN };
    expect(Math.abs(slope.value - wanted), by).toBeLessThan(slope.error + 1e-11 * rate);
    expect(slope.error, by).toBeLessThan(1e-11);
  }
  expect(Math.abs((gap.by.k?.value ?? 0) * values.k - gap.value)).toBeLessThan(1e-12);
});
