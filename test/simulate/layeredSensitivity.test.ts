/** Derivatives without a charge that counts levels: against differences in 40 digits, and of states on wide windows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StoppedError } from '../../src/backend/backend.js';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { machineSteady } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables } from '../../src/simulate/steady.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { between } from '../support/arbitrary.js';
import type { Numbers } from '../support/dense.js';
import { CENTRAL } from '../support/differences.js';
import { galleryMachine } from '../support/machines.js';
import {
  preciseFluctuations,
  preciseInformation,
  preciseMeans,
} from '../support/preciseFixedPoint.js';

const choice = { space: 'auto', method: 'auto' } as const;

type Read = Readonly<Record<string, number>>;

/** Numbers of few binary digits, so that a step away from them is exact. */
const short = (min: number, max: number) => between(min, max).map((x) => Math.fround(x));

/** Of either sign, and not so near 0 that a step relative to it has none of the digits. */
const signed = (max: number) =>
  fc.tuple(short(0.01, max), fc.constantFrom(1, -1)).map(([x, sign]) => sign * x);

const devices: fc.Arbitrary<Numbers & { readonly V2: number }> = fc.record({
  ...{ B1: short(0.5, 3), B2: short(0.5, 3), beta1: short(0.05, 1.5) },
  ...{ beta2: short(0.05, 1.5), betaR: short(0.05, 1), g: short(0.05, 0.6) },
  ...{ chi: signed(0.5), gamma: short(0.001, 0.2), lambda: short(0.05, 1) },
  I: short(0.5, 5),
  V: short(0.05, 2),
  V2: fc.oneof(fc.constant(0), signed(1)),
});

const BY = [
  ...['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I', 'V', 'V2'],
] as const;

test('random devices: every observable by every parameter as 40 digits say, to 1e-9 and within errors', async () => {
  await fc.assert(
    fc.asyncProperty(devices, fc.integer({ min: -2, max: 0 }), async (p, lmin) => {
      const lmax = lmin + 2;
      const { observables } = await millSensitivity(
        deviceParameters(p),
        truncation({ lmin, lmax }),
      );
      const here = preciseMeans(p, lmin, lmax);
      const size = (key: string) => Math.abs(here[key].toNumber());
      const flows = Object.keys(here).filter((key) => /heat|work|power/.test(key));
      const largestFlow = Math.max(...flows.map(size));
      for (const name of BY) {
        const x = p[name];
        const step = 2 ** (Math.floor(Math.log2(Math.abs(x) || 1)) - 48);
        const [after, before] = [x + step, x - step].map((there) =>
          preciseMeans({ ...p, [name]: there }, lmin, lmax),
        );
        for (const key of Object.keys(here)) {
          const slope = after[key]
            .minus(before[key])
            .div(2 * step)
            .toNumber();
          const { value = Number.NaN, error = Number.NaN } = observables[key].by[name] ?? {};
          // Of a flow or a moment that is nearly 0 beside the others, it is these that have their digits.
          const largest = flows.includes(key)
            ? largestFlow
            : Math.max(size(key), key.startsWith('rotor') ? size('rotor.Lz2') : 0);
          const scale = Math.max(Math.abs(slope), largest / (Math.abs(x) || 1));
          const off = Math.abs(value - slope);
          expect(off, `${key} by ${name}`).toBeLessThan(1e-9 * scale);
          expect(off, `${key} by ${name} beside its error`).toBeLessThanOrEqual(error);
          expect(error, `error of ${key} by ${name}`).toBeLessThan(1e-6 * scale);
        }
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
});

/** What fluctuates of a device, by its names in `sensitivity`. */
function preciseReadings(p: Numbers, lmin: number, lmax: number) {
  const found = preciseFluctuations(p, lmin, lmax);
  const { current, noise, entropy } = found;
  const readings = {
    'currents.loadAngularMomentum': current,
    'noise.loadAngularMomentum': noise,
    'entropyProduction.sum': entropy,
    TUR_L: noise.times(entropy).div(current.times(current)),
  };
  return { found, readings };
}

test('random devices: noise, entropy, their relation and information as 40 digits say, to 1e-9 and within errors', async () => {
  await fc.assert(
    fc.asyncProperty(
      devices,
      fc.integer({ min: -2, max: 0 }),
      fc.shuffledSubarray([...BY], { minLength: 3, maxLength: 3 }),
      async (p, lmin, names) => {
        const lmax = lmin + 2;
        const { observables, fisherInformation } = await millSensitivity(
          deviceParameters(p),
          truncation({ lmin, lmax }),
        );
        const here = preciseReadings(p, lmin, lmax);
        const keys = Object.keys(here.readings) as (keyof typeof here.readings)[];
        for (const name of names) {
          const x = p[name];
          const step = 2 ** (Math.floor(Math.log2(Math.abs(x) || 1)) - 44);
          const [after, before] = [x + step, x - step].map((there) =>
            preciseReadings({ ...p, [name]: there }, lmin, lmax),
          );
          const slopeOf = (key: (typeof keys)[number]) =>
            after.readings[key]
              .minus(before.readings[key])
              .div(2 * step)
              .toNumber();
          for (const key of keys) {
            const slope = slopeOf(key);
            const { value: own, error: lost, by } = observables[key];
            const wanted = here.readings[key].toNumber();
            expect(Math.abs(own - wanted), key).toBeLessThanOrEqual(lost);
            const { value = Number.NaN, error = Number.NaN } = by[name] ?? {};
            const size = Math.max(Math.abs(slope), Math.abs(wanted / (x || 1)));
            const off = Math.abs(value - slope);
            expect(off, `${key} by ${name} beside its error`).toBeLessThanOrEqual(error);
            // A relation is as badly known as the current that it is by the square of.
            const { value: current, error: lostOfIt } = observables['currents.loadAngularMomentum'];
            const most = key === 'TUR_L' ? 1e-9 + (4 * lostOfIt) / Math.abs(current) : 1e-9;
            expect(off, `${key} by ${name}`).toBeLessThan(most * size);
            // What the load brings and takes back loses digits by all of it.
            const gross = 1e-9 * (here.found.activity.toNumber() / (Math.abs(x) || 1));
            // The changes of what a relation is made of may all but cancel, and their errors do not.
            const parts =
              key === 'TUR_L'
                ? keys.map((of) => Math.abs((wanted * slopeOf(of)) / here.readings[of].toNumber()))
                : [];
            const whole = Math.max(size, ...parts);
            expect(error, `error of ${key} by ${name}`).toBeLessThan(1e3 * most * whole + gross);
          }
          const states = [after.found, before.found] as const;
          const information = preciseInformation(
            here.found,
            states,
            2 * step,
            4 * (lmax - lmin + 1),
          );
          const { value = Number.NaN, error = Number.NaN } = fisherInformation[name] ?? {};
          const off = Math.abs(value - information);
          expect(off, `information about ${name}`).toBeLessThanOrEqual(error + 1e-12 * information);
          expect(error, `error of information about ${name}`).toBeLessThan(1e-8 * information);
        }
      },
    ),
    { numRuns: 2, endOnFailure: true },
  );
});

/** Derivatives of what is solved at each number, by central differences. */
async function slopesOf(at: (x: number) => Promise<Read>, x: number): Promise<Read> {
  const step = 0.01 * x;
  const slopes: Record<string, number> = {};
  for (const [k, weight] of CENTRAL[8].entries()) {
    for (const side of [1, -1]) {
      for (const [key, value] of Object.entries(await at(x + side * (k + 1) * step))) {
        slopes[key] = (slopes[key] ?? 0) + (side * weight * value) / step;
      }
    }
  }
  return slopes;
}

test('on a wide window every observable changes as states do that are solved beside it', async () => {
  const device = {
    ...{ V: 1, V2: 0.5, beta1: 0.5, beta2: 0.2, betaR: 0.4, gamma: 0.05, chi: 0.2 },
    ...{ lambda: 0.5, I: 2, B1: 1, B2: 2, g: 0.5, kappa1: 0.02 },
  };
  const window = rotorWindow(-14, 14);
  const { lmin, lmax } = window;
  const found = await millSensitivity(deviceParameters(device), truncation({ lmin, lmax }));
  const at = async (changed: DeviceInput): Promise<Read> => {
    const values = deviceParameters(changed);
    const { state } = await solveSteadyOn(values, window, choice, cpuBackend());
    const { heat, work, rotor, power } = steadyObservables(state, truncation({ lmin, lmax }));
    return {
      ...{ 'heat.Q1': heat.Q1, 'heat.Q2': heat.Q2, 'heat.Qr': heat.Qr },
      ...{ 'work.WQ': work.WQ, 'work.Wr': work.Wr, 'work.V': work.V },
      ...{ 'rotor.Lz': rotor.Lz, 'rotor.Lz2': Number(rotor.Lz2) },
      ...{ 'power.intrinsic': power.intrinsic, 'ratio.efficiency': -work.WQ / heat.Q2 },
    };
  };
  const here = await at(device);
  for (const name of ['beta2', 'V'] as const) {
    const x = device[name];
    const slopes = await slopesOf((value) => at({ ...device, [name]: value }), x);
    for (const [key, slope] of Object.entries(slopes)) {
      const { value = Number.NaN, error = Number.NaN } = found.observables[key].by[name] ?? {};
      const scale = Math.max(Math.abs(slope), Math.abs(here[key] / x));
      expect(Math.abs(value - slope), `${key} by ${name}`).toBeLessThan(1e-9 * scale);
      expect(error, `error of ${key} by ${name}`).toBeLessThan(1e-9 * scale);
    }
  }
});

test('on a wide window noise, entropy and their relation change as those of states beside it do', async () => {
  const device = {
    ...{ V: 1, V2: 0.5, beta1: 0.5, beta2: 0.2, betaR: 0.4, gamma: 0.05, chi: 0.2 },
    ...{ lambda: 0.5, I: 2, B1: 1, B2: 2, g: 0.5, kappa1: 0.02 },
  };
  const lmin = -12;
  const lmax = 12;
  const chosen = ['currents.loadAngularMomentum', 'noise.loadAngularMomentum'];
  const found = await millSensitivity(deviceParameters(device), truncation({ lmin, lmax }), [
    ...chosen,
    'entropyProduction.sum',
    'TUR_L',
  ]);
  const at = async (beta2: number): Promise<Read> => {
    const values = deviceParameters({ ...device, beta2 });
    const limits = { lmin, lmax, edgeTolerance: 1 };
    const { baths, entropyProduction } = await millFluctuationsOf(values, limits, 2, undefined);
    const load = baths.find(({ name }) => name === 'load');
    return {
      'currents.loadAngularMomentum': load?.quanta?.mean.value ?? Number.NaN,
      'noise.loadAngularMomentum': load?.quanta?.noise.value ?? Number.NaN,
      'entropyProduction.sum': entropyProduction?.value ?? Number.NaN,
      TUR_L: load?.quanta?.uncertainty ?? Number.NaN,
    };
  };
  const here = await at(device.beta2);
  for (const [key, slope] of Object.entries(await slopesOf(at, device.beta2))) {
    const { value: own, error: lost, by } = found.observables[key];
    expect(Math.abs(own - here[key]), key).toBeLessThanOrEqual(2 * lost);
    const { value = Number.NaN, error = Number.NaN } = by.beta2 ?? {};
    const scale = Math.max(Math.abs(slope), Math.abs(here[key] / device.beta2));
    expect(Math.abs(value - slope), key).toBeLessThan(1e-9 * scale);
    expect(error, `error of ${key}`).toBeLessThan(1e-8 * scale);
  }
});

test('without dephasing, derivatives by its rates are what those with a little of it tend to', async () => {
  const device = {
    ...{ V: 1, beta1: 0.5, beta2: 0.2, betaR: 0.4, gamma: 0.05, chi: 0.2 },
    ...{ lambda: 0.5, I: 2, B1: 1, B2: 2, g: 0.5 },
  };
  const window = truncation({ lmin: -6, lmax: 6 });
  const step = 1e-3;
  // Weights by which a polynomial of the fifth degree goes on to 0.
  const weights = [6, -15, 20, -15, 6, -1];
  for (const name of ['kappa1', 'kappa2'] as const) {
    const at = async (rate: number) => {
      const { observables } = await millSensitivity(
        deviceParameters({ ...device, [name]: rate }),
        window,
      );
      return observables;
    };
    const here = await at(0);
    const beside = await Promise.all(weights.map((_, k) => at((k + 1) * step)));
    const keys = Object.keys(here);
    expect(keys.length).toBeGreaterThan(8);
    for (const key of keys) {
      const limit = weights.reduce(
        (sum, weight, k) => sum + weight * (beside[k][key].by[name]?.value ?? Number.NaN),
        0,
      );
      const { value = Number.NaN, error = Number.NaN } = here[key].by[name] ?? {};
      expect(Math.abs(value - limit), key).toBeLessThan(1e-9 * Math.abs(limit) + 1e-12);
      // Two solutions stand behind a derivative of the noise, and a third behind its error.
      const told = key.startsWith('noise') ? 1e-8 : 1e-9;
      expect(error, key).toBeLessThan(told * Math.abs(limit) + 1e-12);
    }
  }
});

test('a solution is told how far it is, stops where it is asked to, and is refused where memory is short', async () => {
  const parameters = deviceParameters({ V: 1 });
  const limits = truncation({ lmin: -14, lmax: 14 });
  let told = 0;
  const counted = { onIteration: async () => ++told > 0 };
  await millSensitivity(parameters, limits, ['rotor.Lz'], counted);
  expect(told).toBeGreaterThan(20);
  const most = told - 5;
  told = 0;
  const stopped = millSensitivity(parameters, limits, ['rotor.Lz'], {
    onIteration: async () => ++told < most,
  });
  await expect(stopped).rejects.toThrow(StoppedError);
  expect(told).toBeLessThan(most + 3);
  const short = millSensitivity(parameters, limits, ['rotor.Lz'], { memory: 1e6 });
  await expect(short).rejects.toThrow(/^lmax = 14: must be nearer to lmin: .* of memory, /);
});

test('a described machine without a charge: heat and work change as states do', async () => {
  const piston = galleryMachine('piston');
  const values = defaultValues(piston);
  const window = rotorWindow(-12, 12);
  const { observables } = await machineSensitivity(piston, values, window);
  const system = new MachineSystem(piston);
  const at = async (T: number): Promise<Read> => {
    const given = { ...values, T };
    const { flows } = await machineSteady(system, given, window, choice, 1, cpuBackend());
    const { hot, cold } = flows.heat;
    return { 'heat.hot': hot, 'heat.cold': cold, 'work.load': flows.work.load };
  };
  for (const [key, slope] of Object.entries(await slopesOf(at, values.T))) {
    const { value: here, by } = observables[key];
    const { value = Number.NaN, error = Number.NaN } = by.T ?? {};
    const scale = Math.max(Math.abs(slope), Math.abs(here / values.T));
    expect(Math.abs(value - slope), key).toBeLessThan(1e-9 * scale);
    expect(error, key).toBeLessThan(1e-9 * scale);
  }
});
