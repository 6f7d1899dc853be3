/** Noise that is counted on the software adapter: against 80 decimal digits, and against the CPU. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FluctuatingDevice, FluctuationReading } from '../../src/fluctuations/reading.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { type DeviceParameters, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  type CountingOptions,
  fluctuationsOnDevice,
} from '../../src/simulate/deviceFluctuations.js';
import { deviceRounding } from '../../src/simulate/deviceRounding.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { fluctuatingDevice, millFluctuations } from '../../src/simulate/millFluctuations.js';
import { PRECISION_PATHS } from '../../src/sweep/batchSolver.js';
import { batchSolverOn } from '../../src/sweep/deviceSolver.js';
import { ownThreadSolver } from '../../src/sweep/ownThreadSolver.js';
import { readPlan } from '../../src/sweep/plan.js';
import { solvePoints } from '../../src/sweep/solvePoints.js';
import { highPrecisionLocal } from '../solve/highPrecision.js';
import { numbers } from '../support/arbitrary.js';
import { deviceChains } from '../support/deviceChains.js';
import { galleryMachine } from '../support/machines.js';

const { probe, chains } = deviceChains();

const PROMISED = { f32: 1e-3, f64: 1e-9 } as const;

const samples = (count: number) => fc.sample(numbers, { numRuns: count, seed: 7, unbiased: true });

/** What was counted of devices of the mill on the GPU; null of those that it left to the CPU. */
async function counted(
  precision: 'f32' | 'f64',
  devices: readonly DeviceParameters[],
  [lmin, lmax]: readonly [number, number],
  options: CountingOptions,
) {
  const window = rotorWindow(lmin, lmax);
  const found = await fluctuationsOnDevice(
    chains,
    precision,
    devices.map((parameters) => fluctuatingDevice(parameters, window)),
    options,
    (p) => deviceRounding(devices[p], window, precision).ofNumbers,
  );
  return found.map((one) => (typeof one === 'string' ? null : one));
}

describe.each(['f64', 'f32'] as const)('%s', (precision) => {
  test('currents and noise of the local model are off by no more than their errors', async () => {
    const [lmin, lmax] = [-2, 2];
    const devices = samples(8).map((input) => deviceParameters({ ...input, model: 'local' }));
    const found = await counted(precision, devices, [lmin, lmax], { heat: false, means: true });
    let compared = 0;
    found.forEach((state, p) => {
      if (state === null) return;
      compared++;
      const { values } = fluctuatingDevice(devices[p], rotorWindow(lmin, lmax));
      const input = values as unknown as Parameters<typeof highPrecisionLocal>[0];
      const { cumulants } = highPrecisionLocal(input, lmin, lmax).counted(2);
      const { mean, noise } = state.quanta('load') as { mean: Estimate; noise: Estimate };
      [mean, noise].forEach(({ value, error }, k) => {
        const off = cumulants[k].minus(value).abs().toNumber();
        expect(off).toBeLessThanOrEqual(error);
        // A bound that says nothing would hold, too.
        expect(error).toBeLessThanOrEqual(PROMISED[precision] * Math.abs(value));
      });
    });
    expect(compared).toBeGreaterThan(devices.length / 2);
  });

  test('and those of the global one, beside the CPU', async () => {
    const [lmin, lmax] = [-7, 8];
    const devices = samples(24).map((input) => deviceParameters({ ...input, model: 'global' }));
    const found = await counted(precision, devices, [lmin, lmax], { heat: false, means: true });
    let compared = 0;
    found.forEach((state, p) => {
      if (state === null) return;
      compared++;
      const exact = millFluctuations(devices[p], rotorWindow(lmin, lmax)).quanta('load');
      const current = state.quanta('load');
      for (const what of ['mean', 'noise'] as const) {
        const [one, other] = [current?.[what] as Estimate, exact?.[what] as Estimate];
        const off = Math.abs(one.value - other.value);
        expect(off).toBeLessThanOrEqual(one.error + other.error);
        expect(one.error).toBeLessThanOrEqual(PROMISED[precision] * Math.abs(one.value));
      }
    });
    expect(compared).toBeGreaterThan(devices.length / 2);
  });
});

test('the heat of a bath that is no multiple of its quanta has a noise of its own', async () => {
  const inputs = [{ beta2: 0.4 }, { lambda: 0.3, I: 2 }];
  const devices = inputs.map((input) => deviceParameters({ ...input, model: 'local' }));
  const found = await counted('f64', devices, [-7, 8], { heat: true, means: false });
  devices.forEach((parameters, p) => {
    const exact = millFluctuations(parameters, rotorWindow(-7, 8));
    for (const bath of exact.baths) {
      const [heat, wanted] = [found[p], exact].map((state) => state?.heat(bath)?.noise.value ?? 0);
      expect(Math.abs(heat / wanted - 1), bath).toBeLessThan(1e-9);
    }
  });
});

test('the covariance of two baths follows from what charges allow', async () => {
  const parameters = deviceParameters({ beta2: 0.4 });
  const [found] = await counted('f64', [parameters], [-7, 8], { heat: false, means: true });
  const exact = millFluctuations(parameters, rotorWindow(-7, 8));
  for (const pair of [['bath1', 'bath2'] as const, ['bath2', 'load'] as const]) {
    const [first, second] = pair;
    const [value, wanted] = [found, exact].map(
      (state) => state?.covariance(first, second)?.value ?? 0,
    );
    expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-9);
  }
  // What was not counted there is solved for here.
  const [third, exactly] = [found, exact].map((state) => state?.cumulants('load', 3)[2] ?? 0);
  expect(third).toBe(exactly);
});

/** The least that is asked of numbers of equations with exponentials of a level in them. */
const UNIT = 2 ** -47 * (16 + 32 * 76);

test.each(['jaynes-cummings'])('random devices of a described machine: %s', async (name) => {
  const { machine, ladder, parameters, baths } = galleryMachine(name, 'local');
  const defaults = defaultValues(galleryMachine(name, 'local'));
  const factor = fc.double({ min: 0.7, max: 1.4, noNaN: true });
  const factors = fc.array(factor, {
    minLength: parameters.length,
    maxLength: parameters.length,
  });
  const drawn = fc.sample(factors, { numRuns: 6, seed: 11 });
  const lmax = Math.min(ladder.lmax, ladder.lmin + 12);
  const window = { lmin: ladder.lmin, lmax, size: lmax - ladder.lmin + 1 };
  const betas = Object.fromEntries(baths.map((bath) => [bath.name, null]));
  const devices = drawn.map((factorOf): FluctuatingDevice => {
    const values = Object.fromEntries(
      parameters.map((one, k) => [one.name, defaults[one.name] * factorOf[k]]),
    );
    return { machine, of: localEquation, values, window, betas };
  });
  const options = { heat: false, means: true };
  const found = await fluctuationsOnDevice(chains, 'f64', devices, options, () => UNIT);
  let compared = 0;
  devices.forEach((device, p) => {
    const state = found[p];
    if (typeof state === 'string') return;
    compared++;
    const exact = new FluctuationReading(device);
    for (const bath of exact.counted) {
      const [one, other] = [state.quanta(bath), exact.quanta(bath)];
      for (const what of ['mean', 'noise'] as const) {
        const [value, wanted] = [one, other].map((current) => current?.[what].value ?? NaN);
        expect(Math.abs(value / wanted - 1), `${what} of ${bath}`).toBeLessThan(1e-9);
      }
    }
  });
  expect(compared).toBeGreaterThan(devices.length / 2);
});

test('a sweep says where it was counted, and why not on the GPU', async () => {
  const gpu = { adapter: 'here', chains, probe: () => probe };
  const first = await batchSolverOn('webgpu', 'f32', gpu, async () => {});
  const host = ownThreadSolver(async () => {});
  const read = (observables: readonly string[]) =>
    readPlan({
      parameters: { model: 'local', beta2: 0.4 },
      // Far from resonance next to nothing of what goes to and fro is left as noise.
      axes: { lambda: [0.5, 1e-5] },
      observables,
      precision: 'f32',
      truncation: { lmin: -7, lmax: 8 },
    });
  const plan = read(['noise']);
  const { values, messages } = await solvePoints(plan, [0, 1], { first, fallback: host });
  const exact = await solvePoints(plan, [0, 1], { first: host, fallback: null });
  expect(Array.from(values.fluctuationsPath, (code) => PRECISION_PATHS[code])).toEqual([
    'webgpu_f32',
    'cpu_f64',
  ]);
  expect(messages.filter((message) => message.startsWith('fluctuations on the CPU'))).toEqual([
    'fluctuations on the CPU: it has fewer digits on the GPU than the precision promises',
  ]);
  for (const name of ['noise_N1', 'noise_N2', 'noise_L']) {
    expect(Math.abs(values[name][0] / exact.values[name][0] - 1)).toBeLessThan(PROMISED.f32);
    expect(values[name][1]).toBe(exact.values[name][1]);
  }
  // Entropy takes the state's factors on the CPU, and noise is counted with them.
  const other = await solvePoints(read(['TUR.L']), [0], { first, fallback: host });
  expect(PRECISION_PATHS[other.values.fluctuationsPath[0]]).toBe('cpu_f64');
  expect(other.messages).toEqual([]);
  const without = await solvePoints(read(['heat']), [0], { first, fallback: host });
  expect(without.values).not.toHaveProperty('fluctuationsPath');
});
