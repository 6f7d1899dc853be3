/** The gap against dense eigenvalues, on windows just too wide for these to be what it is taken from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { conservedCharges } from '../../src/simulate/anyModes.js';
import { layeredModes } from '../../src/simulate/layeredModes.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { relaxationInSector } from '../../src/simulate/relaxation.js';
import { machineSubject, millSubject } from '../../src/simulate/spectralSubject.js';
import { Eigensystem } from '../../src/solve/complexSchur.js';
import { Spectrum, slowestRate, surelySlowest } from '../../src/spectrum/modes.js';
import { mirrorOf } from '../../src/spectrum/slowerModes.js';
import { decades } from '../support/arbitrary.js';
import { galleryMachine } from '../support/machines.js';

/** Elements of a sector up to which all eigenvalues are found at once. */
const DENSE = 160;
const DIGITS = 1e-8;

const millOn = (input: DeviceInput, lmin: number, lmax: number): OpenSystem =>
  millSubject(deviceParameters(input), { lmin, lmax, edgeTolerance: 1 }).system;

/** All rates of charge 0, rising, less that of the steady state. */
function denseRates(system: OpenSystem): number[] {
  const spectrum = new Spectrum(system);
  const sectors = spectrum.sectors(spectrum.neutral);
  expect(Math.max(...sectors.map(({ size }) => size))).toBeGreaterThan(DENSE);
  const rates = sectors.map((_, at) => {
    const mirror = mirrorOf(sectors, at);
    const isSecond = mirror >= 0 && mirror < at;
    return isSecond ? [] : [...new Eigensystem(sectors[at].dense()).re].map((x) => 0 - x);
  });
  // Those of conjugates are the same.
  return sectors
    .flatMap((_, at) => (rates[at].length > 0 ? rates[at] : rates[mirrorOf(sectors, at)]))
    .sort((a, b) => a - b)
    .slice(1);
}

/** Two whose slowest mode turns, so that none is found near rest that is as slow. */
const TURNING: readonly DeviceInput[] = [
  {
    ...{ B1: 0.9509558636622948, B2: 0.5, beta1: 0.1, beta2: 0.1, betaR: 0.1, g: 0.05, I: 1 },
    ...{ gamma: 0.01, lambda: 0.12750479235924048, V: 0.811435522994637, V2: 0.1 },
  },
  {
    ...{ B1: 1.727342984045559, B2: 0.5891656871293587, beta1: 0.3085038611409675, I: 4.257 },
    ...{ beta2: 0.10068615908153322, betaR: 0.8184475125664081, g: 0.21672168113763038 },
    ...{ gamma: 0.08358282282725987, lambda: 0.10495356781920043, V: 0.15421763390599108 },
    ...{ V2: 0.24837880308191027, kappa1: 0.0034 },
  },
];

const numbers = {
  ...{ B1: decades(0.5, 2), B2: decades(0.5, 2), beta1: decades(0.1, 1), beta2: decades(0.1, 1) },
  ...{ betaR: decades(0.1, 1), g: decades(0.05, 0.5), gamma: decades(1e-2, 0.1) },
  ...{ lambda: decades(0.1, 1), I: decades(1, 5), V: decades(0.1, 1) },
  V2: fc.oneof(fc.constant(0), decades(0.1, 0.5)),
};
const devices: fc.Arbitrary<DeviceInput> = fc.oneof(
  fc.record({ ...numbers, kappa1: fc.oneof(fc.constant(0), decades(1e-3, 0.1)) }),
  fc.record({ ...numbers, model: fc.constant('global' as const) }),
);

test('of random devices it is the smallest of all rates, and hardly ever unknown', () => {
  let [asked, unknown] = [0, 0];
  fc.assert(
    fc.property(devices, (input) => {
      const system = millOn(input, -3, 3);
      const { gap } = relaxationInSector(system);
      asked++;
      if (gap === null) unknown++;
      else expect(Math.abs(gap.value / denseRates(system)[0] - 1)).toBeLessThan(DIGITS);
    }),
    { numRuns: 8, examples: TURNING.map((input): [DeviceInput] => [input]) },
  );
  expect(unknown).toBeLessThanOrEqual(0.1 * asked);
});

test.each(TURNING)('where it turns all modes that are told are the slowest: %#', (input) => {
  const system = millOn(input, -3, 3);
  const spectrum = new Spectrum(system);
  const found = spectrum.modes(spectrum.neutral, 4);
  if (found === null) throw new Error('there are no modes');
  expect(surelySlowest(found)).toBe(4);
  const wanted = denseRates(system);
  found.modes.forEach(({ rate }, k) => {
    expect(Math.abs(rate / wanted[k] - 1)).toBeLessThan(DIGITS);
  });
  expect(Math.abs(found.modes[0].frequency)).toBeGreaterThan(1);
  // Next to one frequency others are not looked for.
  const near = spectrum.modes(spectrum.neutral, 4, [], 0);
  expect(near && surelySlowest(near)).toBe(0);
  expect(near && slowestRate(near)).toBeNull();
});

test.each(TURNING)('layers have the slowest, too: %#', async (input) => {
  const system = millOn(input, -3, 3);
  const found = await layeredModes(system, [[]], { count: 4, observables: [], sure: 1 });
  const modes = found?.of([])?.modes;
  if (modes === undefined) throw new Error('they are not found in layers');
  const [wanted] = denseRates(system);
  expect(Math.abs((slowestRate(modes)?.value ?? Number.NaN) / wanted - 1)).toBeLessThan(DIGITS);
});

test.each([
  ['transmon', 6],
  ['pendulum', 6],
  ['piston', 4],
  ['measured-piston', 4],
])('of the %s it is the smallest of all rates', async (name, reach) => {
  const machine = galleryMachine(name);
  const window = machineWindow(machine, { lmin: -reach, lmax: reach });
  const { system } = machineSubject(machine, defaultValues(machine), window, 1);
  const [wanted] = denseRates(system);
  const { gap } = relaxationInSector(system);
  const neutral = conservedCharges(system).map(() => 0);
  const inLayers = await layeredModes(system, [neutral], { count: 4, observables: [], sure: 1 });
  const modes = inLayers?.of(neutral)?.modes;
  for (const found of [gap, modes && slowestRate(modes)]) {
    expect(Math.abs((found?.value ?? Number.NaN) / wanted - 1)).toBeLessThan(DIGITS);
  }
});
