/** Noise that is counted on the software adapter: against 80 decimal digits, and against the CPU. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OpenChains } from '../../src/backend/batches.js';
import { OutOfDeviceMemoryError } from '../../src/backend/webgpu/errors.js';
import type { Asked } from '../../src/fluctuations/fluctuatingState.js';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { type DeviceParameters, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  type CountedDevice,
  fluctuationsOnDevice,
  readOffState,
} from '../../src/simulate/deviceFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { fluctuatingDevice, millFluctuations } from '../../src/simulate/millFluctuations.js';
import { PRECISION_PATHS } from '../../src/sweep/batchSolver.js';
import { batchSolverOn } from '../../src/sweep/deviceSolver.js';
import { ownThreadSolver } from '../../src/sweep/ownThreadSolver.js';
import { readPlan } from '../../src/sweep/plan.js';
import { solvePoints } from '../../src/sweep/solvePoints.js';
import { highPrecisionLocal } from '../solve/highPrecision.js';
import { numbers } from '../support/arbitrary.js';
import { deviceChains, devicesOn } from '../support/deviceChains.js';
import { hardDevices } from '../support/hardDevices.js';
import { galleryMachine } from '../support/machines.js';
import { expectReadWithinErrors } from '../support/stateReadings.js';

const { probe, chains } = deviceChains();

/** Of a device of which nothing is asked that is read off its state. */
const UNREAD = { ofState: { activities: null, entropies: null } };

const PROMISED = { f32: 1e-3, f64: 1e-9 } as const;

const samples = (count: number) => fc.sample(numbers, { numRuns: count, seed: 7, unbiased: true });

/** What was counted of devices of the mill on the GPU; null of those that it left to the CPU. */
async function counted(
  precision: 'f32' | 'f64',
  devices: readonly DeviceParameters[],
  [lmin, lmax]: readonly [number, number],
  names: readonly Asked[],
) {
  const window = rotorWindow(lmin, lmax);
  const asked = new Set(names);
  const states = await devicesOn(
    chains,
    precision,
    devices.map((parameters) => ({ parameters, window })),
  );
  const solved = states.map((state, p): CountedDevice => {
    if (typeof state === 'string') throw new Error(`${JSON.stringify(devices[p])}: ${state}`);
    const device = fluctuatingDevice(devices[p], window);
    const ofState = readOffState(device, state.inSector, asked);
    return { ...device, unit: state.lost.ofNumbers, ofState };
  });
  const found = await fluctuationsOnDevice(chains, precision, solved, asked);
  return found.map((one) => (typeof one === 'string' ? null : one));
}

describe.each(['f64', 'f32'] as const)('%s', (precision) => {
  test('currents and noise of the local model are off by no more than their errors', async () => {
    const [lmin, lmax] = [-2, 2];
    const devices = samples(8).map((input) => deviceParameters({ ...input, model: 'local' }));
    const found = await counted(precision, devices, [lmin, lmax], ['noise', 'means']);
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
    const found = await counted(precision, devices, [lmin, lmax], ['noise', 'means']);
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

describe.each([
  ['f64', 'local', 1.5],
  ['f64', 'global', 1.5],
  // Of populations that are known to five digits a small difference has less than three.
  ['f32', 'local', 16],
  ['f32', 'global', 16],
] as const)('what is read off a state in %s, %s model', (precision, model, few) => {
  const devices = samples(24).map((input) => deviceParameters({ ...input, model }));
  const window = rotorWindow(-7, 8);

  test('uncertainty relations take how often it jumps, and the entropy that it produces', async () => {
    const asked = ['noise', 'means', 'activity', 'entropy'] as const;
    const found = await counted(precision, devices, [-7, 8], asked);
    let compared = 0;
    found.forEach((state, p) => {
      if (state === null) return;
      compared++;
      const exact = millFluctuations(devices[p], window);
      const { value, error } = exact.totalEntropyProduction as Estimate;
      // A noise, a mean twice, and what they cost.
      const promised = 4 * PROMISED[precision];
      const expectClose = (one: number | null, wanted: number | null, tolerance: number) =>
        expect(Math.abs((one as number) / (wanted as number) - 1)).toBeLessThan(tolerance);
      expectClose(state.totalActivity, exact.totalActivity, PROMISED[precision]);
      for (const bath of ['bath1', 'bath2', 'load']) {
        const [tur, kur] = [state.uncertainty(bath), state.kineticUncertainty(bath)];
        expectClose(tur, exact.uncertainty(bath), promised + error / value);
        expectClose(kur, exact.kineticUncertainty(bath), promised);
      }
    });
    expect(compared).toBeGreaterThan(devices.length / few);
  });

  test('what each bath produces is off by no more than its error', async () => {
    const found = await counted(precision, devices, [-7, 8], ['entropies']);
    let compared = 0;
    found.forEach((state, p) => {
      if (state === null) return;
      compared++;
      const exact = millFluctuations(devices[p], window);
      for (const bath of exact.baths) {
        const [one, other] = [state.entropyProduction(bath), exact.entropyProduction(bath)];
        const [value, wanted] = [one.value as number, other.value as number];
        const [error, rounding] = [one.error as number, other.error as number];
        expect(Math.abs(value - wanted)).toBeLessThanOrEqual(error + rounding);
        // A bound that says nothing would hold, too.
        expect(error).toBeLessThanOrEqual(PROMISED[precision] * value + 2 * rounding);
      }
    });
    expect(compared).toBeGreaterThan(devices.length / few);
  });
});

test.each([
  ['local', 'f64'],
  ['global', 'f64'],
  ['local', 'f32'],
  ['global', 'f32'],
] as const)(
  'nor is it of random, driven, resonant and wild devices: %s, %s',
  async (model, precision) => {
    const window = rotorWindow(-2, 2);
    const devices = hardDevices(model, 30).map((input) => deviceParameters({ ...input, model }));
    const points = devices.map((parameters) => ({ parameters, window }));
    const states = await devicesOn(chains, precision, points);
    let [compared, sharp] = [0, 0];
    states.forEach((state, p) => {
      if (typeof state === 'string') return;
      const device = fluctuatingDevice(devices[p], window);
      const held = expectReadWithinErrors(device, state.inSector, PROMISED[precision]);
      compared += held.compared;
      sharp += held.sharp;
    });
    expect(compared).toBeGreaterThan(devices.length);
    // Bounds that say nothing would hold, too.
    expect(sharp).toBeGreaterThan(devices.length / 4);
  },
);

test('the heat of a bath that is no multiple of its quanta has a noise of its own', async () => {
  const inputs = [{ beta2: 0.4 }, { lambda: 0.3, I: 2 }];
  const devices = inputs.map((input) => deviceParameters({ ...input, model: 'local' }));
  const found = await counted('f64', devices, [-7, 8], ['heat']);
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
  const [found] = await counted('f64', [parameters], [-7, 8], ['noise', 'means']);
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

test('what does not fit into memory there is left to the CPU, with the reason', async () => {
  const full: OpenChains = async () => {
    throw new OutOfDeviceMemoryError('512 MB are not there');
  };
  const parameters = deviceParameters({});
  const known = fluctuatingDevice(parameters, rotorWindow(-2, 2));
  const device = { ...known, ...UNREAD, unit: 1e-13 };
  const found = await fluctuationsOnDevice(full, 'f64', [device, device], new Set(['noise']));
  expect(found).toEqual(['512 MB are not there', '512 MB are not there']);
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
  const devices = drawn.map((factorOf): CountedDevice => {
    const values = Object.fromEntries(
      parameters.map((one, k) => [one.name, defaults[one.name] * factorOf[k]]),
    );
    return { machine, of: localEquation, values, window, betas, ...UNREAD, unit: UNIT };
  });
  const asked = new Set<Asked>(['noise', 'means']);
  const found = await fluctuationsOnDevice(chains, 'f64', devices, asked);
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
  const without = await solvePoints(read(['heat']), [0], { first, fallback: host });
  expect(without.values).not.toHaveProperty('fluctuationsPath');
});

test('and so it does of what is read off a state, which the GPU has solved for', async () => {
  const gpu = { adapter: 'here', chains, probe: () => probe };
  const first = await batchSolverOn('webgpu', 'f64', gpu, async () => {});
  const host = ownThreadSolver(async () => {});
  for (const name of ['TUR.L', 'KUR.N1', 'entropyProduction.load']) {
    const plan = readPlan({
      parameters: { model: 'global', beta2: 0.4 },
      axes: { lambda: [0.2, 0.5, 1e-5] },
      observables: [name],
      truncation: { lmin: -7, lmax: 8 },
    });
    const places = [0, 1, 2];
    const found = await solvePoints(plan, places, { first, fallback: host });
    const exact = await solvePoints(plan, places, { first: host, fallback: null });
    const paths = Array.from(found.values.fluctuationsPath, (code) => PRECISION_PATHS[code]);
    expect(paths, name).toEqual(['webgpu_df64', 'webgpu_df64', 'cpu_f64']);
    const variable = name.replace('.', '_');
    const ratios = places.map((p) => found.values[variable][p] / exact.values[variable][p]);
    for (const ratio of ratios) expect(Math.abs(ratio - 1), name).toBeLessThan(4e-9);
    expect(ratios.slice(0, 2), name).not.toEqual([1, 1]);
    expect(ratios[2]).toBe(1);
  }
});
