/** Derivatives of the gap in layers: against differences of dense eigenvalues, the law of scaling, and refusals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { modesByCharge } from '../../src/simulate/anyModes.js';
import { describedRequest, machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { gapOf as gapOfModes } from '../../src/simulate/gapSlopes.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineOperators } from '../../src/simulate/machineOperators.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { modesInSector } from '../../src/simulate/relaxation.js';
import { millSubject } from '../../src/simulate/spectralSubject.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { decades } from '../support/arbitrary.js';
import { CENTRAL, centralDifference } from '../support/differences.js';
import { galleryMachine } from '../support/machines.js';

const STEP = 2e-3;

/** By which power of an energy each parameter goes; χ is a number. */
const POWERS = {
  ...{ B1: 1, B2: 1, gamma: 1, lambda: 1, V: 1, V2: 1 },
  ...{ g: 0.5, I: -1, beta1: -1, beta2: -1, betaR: -1 },
};
const BY = Object.keys(POWERS) as (keyof typeof POWERS)[];

type Input = Record<(typeof BY)[number], number>;

const devices: fc.Arbitrary<Input> = fc.record({
  ...{ B1: decades(0.5, 2), B2: decades(0.5, 2), beta1: decades(0.1, 1), beta2: decades(0.1, 1) },
  ...{ betaR: decades(0.1, 1), g: decades(0.05, 0.5), gamma: decades(1e-2, 0.1) },
  ...{ lambda: decades(0.1, 1), I: decades(1, 5), V: decades(0.1, 1), V2: decades(0.1, 0.5) },
});

function denseModes(input: DeviceInput, lmin: number, lmax: number) {
  const { system } = millSubject(deviceParameters(input), { lmin, lmax, edgeTolerance: 1 });
  const spectrum = new Spectrum(system);
  const found = spectrum.modes(spectrum.neutral, 4, []);
  if (found === null) throw new Error('no modes');
  return found.modes;
}

const gapOf = async (input: DeviceInput, lmin: number, lmax: number) =>
  (await millSensitivity(deviceParameters(input), truncation({ lmin, lmax }), ['gap'])).observables
    .gap;

test('of random devices in potentials, by a random parameter', async () => {
  await fc.assert(
    fc.asyncProperty(devices, fc.constantFrom(...BY), async (input, by) => {
      const modes = denseModes(input, -1, 1);
      const [slowest] = modes;
      // Of a mode that oscillates the next one is its conjugate.
      const isReal = Math.abs(slowest.frequency) < 1e-10 * slowest.rate;
      fc.pre(modes[isReal ? 1 : 2].rate > 1.1 * slowest.rate);
      const gap = await gapOf(input, -1, 1);
      expect(Math.abs(gap.value - slowest.rate)).toBeLessThan(gap.error + slowest.error);
      const h = STEP * input[by];
      const rate = (k: number) => denseModes({ ...input, [by]: input[by] + k * h }, -1, 1)[0].rate;
      const difference = (steps: number) => centralDifference(CENTRAL[8], rate, h, steps);
      const expected = difference(1);
      const truncated = Math.abs(difference(2) - expected) / 64;
      const { value = Number.NaN, error = Number.NaN } = gap.by[by] ?? {};
      const rounding = (4 * (slowest.error + 1e-15 * slowest.rate)) / h;
      expect(Math.abs(value - expected), by).toBeLessThan(
        error + truncated + rounding + 1e-9 * Math.abs(expected),
      );
      expect(error, by).toBeLessThan(1e-8 * (Math.abs(value) + slowest.rate / input[by]));
    }),
    { numRuns: 8 },
  );
});

const WIDE: DeviceInput & Input = {
  ...{ B1: 0.8, B2: 0.5, beta1: 1, beta2: 0.4, betaR: 0.5, g: 0.4, chi: 0.2, gamma: 0.05 },
  ...{ lambda: 0.4, I: 1.5, V: 0.3, V2: 0.1 },
};

test('on a wide window it scales with the energies, and is that of the modes', async () => {
  const gap = await gapOf(WIDE, -12, 12);
  const scaled = BY.reduce(
    (sum, by) => sum + POWERS[by] * WIDE[by] * (gap.by[by]?.value ?? Number.NaN),
    0,
  );
  const lost = BY.reduce((sum, by) => sum + Math.abs(WIDE[by]) * (gap.by[by]?.error ?? 0), 0);
  expect(Math.abs(scaled - gap.value)).toBeLessThan(lost + gap.error);
  expect(lost).toBeLessThan(1e-8 * gap.value);
  const { system } = millSubject(deviceParameters(WIDE), { lmin: -12, lmax: 12, edgeTolerance: 1 });
  const wanted = [[]];
  const modes = await modesByCharge(system, { count: 2, observables: [], wanted });
  const [slowest] = modes.of([])?.modes.modes ?? [];
  expect(Math.abs(gap.value - slowest.rate)).toBeLessThan(gap.error + slowest.error);
});

const PISTON = { g: 1, k: 1, I: -1, T: 1, gamma: 1 };

test('where the slowest mode oscillates in layers: as of all elements at once, next to where modes coalesce', async () => {
  const piston = galleryMachine('piston');
  const window = machineWindow(piston, { lmin: -6, lmax: 6 });
  const values = defaultValues(piston);
  const { gap } = (await machineSensitivity(piston, values, window, ['gap'])).observables;
  const found = modesInSector(new MachineSystem(piston).on(window, values).system, 1);
  const [{ rate, frequency }] = found?.modes ?? [];
  expect(Math.abs(frequency)).toBeGreaterThan(1e-3 * rate);
  expect(Math.abs(frequency)).toBeLessThan(1e-2 * rate);
  const operators = new MachineOperators(describedRequest(piston, values, window));
  const all = gapOfModes(found as NonNullable<typeof found>, operators);
  expect(Math.abs(all.value.value - gap.value)).toBeLessThan(all.value.error + gap.error);
  for (const name of [...Object.keys(PISTON), 'n1']) {
    const a = slopesOf(all).get(name) ?? { value: Number.NaN, error: Number.NaN };
    const b = gap.by[name] ?? { value: Number.NaN, error: Number.NaN };
    expect(Math.abs(a.value - b.value), name).toBeLessThan(1e-12);
    expect(a.error + b.error, name).toBeLessThan(1e-9);
  }
});

test('where it oscillates on a wide window it scales with the energies', async () => {
  const piston = galleryMachine('measured-piston');
  const values: Readonly<Record<string, number>> = defaultValues(piston);
  const window = machineWindow(piston);
  const { gap } = (await machineSensitivity(piston, values, window, ['gap'])).observables;
  const { system } = new MachineSystem(piston).on(window, values);
  const modes = await modesByCharge(system, { count: 2, observables: [], wanted: [[]] });
  const [slowest] = modes.of([])?.modes.modes ?? [];
  expect(Math.abs(slowest.frequency)).toBeGreaterThan(0.1 * slowest.rate);
  expect(Math.abs(gap.value - slowest.rate)).toBeLessThan(gap.error + slowest.error);
  let [scaled, lost] = [0, 0];
  for (const [name, power] of Object.entries(PISTON)) {
    const { value, error } = gap.by[name] ?? { value: Number.NaN, error: Number.NaN };
    scaled += power * values[name] * value;
    lost += Math.abs(values[name]) * error;
  }
  expect(Math.abs(scaled - gap.value)).toBeLessThan(lost + gap.error);
  expect(lost).toBeLessThan(1e-8 * gap.value);
});
