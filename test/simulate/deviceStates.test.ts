/** Steady states by elimination on the software adapter, many at once, against independent values and the CPU's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Precision } from '../../src/backend/backend.js';
import type { OpenChains } from '../../src/backend/batches.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { PrecisionError } from '../../src/backend/webgpu/errors.js';
import { NoSectorError } from '../../src/lindblad/sectorParts.js';
import { device } from '../../src/model/device.js';
import { globalCutoff } from '../../src/model/global.js';
import {
  type DeviceInput,
  type DeviceParameters,
  deviceParameters,
} from '../../src/model/parameters.js';
import { rotorWindow, type Window } from '../../src/operators/window.js';
import type { DevicePoint, DeviceState } from '../../src/simulate/deviceStates.js';
import { digitsCheck, isFaint } from '../../src/simulate/digits.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import type { SteadyState } from '../../src/simulate/steadyState.js';
import { observableNames } from '../../src/sweep/observables.js';
import entries from '../reference/steady_states.json' with { type: 'json' };
import { between, decades, drivenDevices, resonantDevices } from '../support/arbitrary.js';
import { deviceChains, devicesOn, solvedOn } from '../support/deviceChains.js';

const { opened, chains } = deviceChains();

const MODELS = ['local', 'global'] as const;
const PRECISIONS = ['f64', 'f32'] as const;

/** Every number that is compared, all read at once. */
function readingOf({ state }: DeviceState) {
  const { heat, work, Lz, Lz2, qubitPopulations, edges } = new SteadyReading(state);
  const { WQ, Wr, interaction } = work;
  return {
    heat,
    work: { WQ, Wr, interaction },
    Lz,
    Lz2,
    qubitPopulations,
    edges,
    residual: state.residual,
  };
}

const observe = async (precision: Precision, points: readonly DevicePoint[]) =>
  (await solvedOn(chains, precision, points)).map(readingOf);

const largest = (values: Iterable<number>) => Math.max(...[...values].map(Math.abs));

describe.each(PRECISIONS)('independent values of the steady states, %s', (precision) => {
  const tolerance = precision === 'f64' ? 1e-9 : 5e-6;

  test.each(MODELS)('%s', async (model) => {
    const wanted = entries.filter((entry) => entry.model === model);
    expect(wanted.length).toBeGreaterThan(5);
    const windows = new Set(wanted.map(({ lmin, lmax }) => `${lmin} ${lmax}`));
    for (const window of windows) {
      const group = wanted.filter(({ lmin, lmax }) => `${lmin} ${lmax}` === window);
      const [{ lmin, lmax }] = group;
      const points = group.map((entry) => {
        const Omega = 'cutoff' in entry ? entry.cutoff : null;
        const { parameters } = entry;
        const cutoff =
          Omega === 2 * Math.max(parameters.B1, parameters.B2) ? 'max-qubit' : 'max-bohr';
        const input = { ...parameters, model, ...(model === 'global' ? { cutoff } : {}) };
        return {
          parameters: deviceParameters(input as DeviceInput),
          window: rotorWindow(lmin, lmax),
        };
      });
      const found = await observe(precision, points);
      group.forEach((entry, p) => {
        const o = found[p];
        const near = (value: number, exact: number, what: string, scale = Math.abs(exact)) =>
          expect(Math.abs(value - exact), what).toBeLessThanOrEqual(tolerance * scale);
        const flow = largest(Object.values(entry.heat));
        // In f32 a current far below its rates keeps fewer digits; the flows keep theirs together.
        const ofFlow = precision === 'f64' ? undefined : flow;
        for (const name of ['Q1', 'Q2', 'Qr'] as const) {
          near(o.heat[name], entry.heat[name], name, ofFlow);
        }
        near(o.work.interaction, entry.work.WQ, 'WQ', model === 'local' ? ofFlow : flow);
        near(o.work.Wr, entry.work.Wr, 'Wr', flow);
        near(o.Lz, entry.Lz, 'Lz', precision === 'f64' ? undefined : Math.sqrt(entry.Lz2));
        near(o.Lz2, entry.Lz2, 'Lz2');
        o.qubitPopulations.forEach((population, s) => {
          near(population, entry.qubits[s], `qubits ${s}`);
        });
      });
    }
  });
});

/** Weakly and strongly coupled, with and without load: as extreme as the solver is meant for. */
const anyDevice = fc.record({
  beta1: decades(0.01, 1),
  beta2: decades(0.01, 1),
  betaR: decades(0.01, 1),
  B1: between(0.5, 10),
  B2: between(0.5, 10),
  g: decades(0.2, 2),
  chi: between(-0.9, 0.9),
  lambda: decades(1e-4, 1),
  gamma: decades(1e-8, 1e-2),
  I: decades(0.5, 5),
});

const pointsOf = (
  devices: fc.Arbitrary<DeviceInput>,
  model: 'local' | 'global',
  count: number,
  window: Window,
): DevicePoint[] =>
  fc
    .sample(devices, { numRuns: count, seed: 20240611, unbiased: true })
    .map((input) => ({ parameters: deviceParameters({ ...input, model }), window }));
const samples = (model: 'local' | 'global', count: number, window: Window) =>
  pointsOf(anyDevice, model, count, window);

describe.each(PRECISIONS)('random devices agree with the CPU, %s', (precision) => {
  describe.each(MODELS)('%s', (model) => {
    test.each([
      { lmin: 0, levels: 2, count: 40 },
      { lmin: -2, levels: 5, count: 100 },
      { lmin: -20, levels: 61, count: 48 },
      { lmin: -60, levels: 200, count: 16 },
    ])('N = $levels', async ({ lmin, levels, count }) => {
      const points = samples(model, count, rotorWindow(lmin, lmin + levels - 1));
      const all = await devicesOn(chains, precision, points);
      let compared = 0;
      all.forEach((found, p) => {
        if (typeof found === 'string') return;
        compared++;
        const { parameters, window } = points[p];
        const exact = steadyStateOn(parameters, window);
        comparePopulations(precision, exact, found.state);
        compareFlows(precision, parameters, exact, readingOf(found));
      });
      // One in a hundred may be beyond f32's range and says so.
      expect(compared).toBeGreaterThanOrEqual(precision === 'f64' ? count : count - 1);
    });
  });
});

/**
 * Rounding adds up along the levels. In f32 ω and β have errors of 6e-8, and so has βω: n(ω) in the global
 * model βω times as much, for populations above 1e-12 some 30 times.
 */
const POPULATION_ERROR = {
  f32: (levels: number) => ({ local: 2e-6 + 1e-7 * levels, global: 1e-5 + 1e-7 * levels }),
  f64: () => ({ local: 2e-12, global: 2e-12 }),
};

/** Those above 1e-12 in f32, and far into the tails in f64, each relative to itself. */
function comparePopulations(
  precision: 'f32' | 'f64',
  { rho: { space, elements } }: SteadyState,
  found: SteadyState,
  tolerance = POPULATION_ERROR[precision](space.window.size)[found.device.parameters.model],
) {
  let worst = 0;
  for (let s = 0; s < 4; s++) {
    const { offset, length } = space.classes[space.find(s, s, 0)];
    for (let i = 0; i < length; i++) {
      const exact = elements[2 * (offset + i)];
      if (exact < (precision === 'f32' ? 1e-12 : 1e-24)) continue;
      worst = Math.max(worst, Math.abs(found.rho.elements[2 * (offset + i)] / exact - 1));
    }
  }
  expect(worst).toBeLessThan(tolerance);
}

function compareFlows(
  precision: 'f32' | 'f64',
  { model, beta1, beta2, B1, B2, g, I, lambda }: DeviceParameters,
  state: SteadyState,
  o: ReturnType<typeof readingOf>,
) {
  const read = new SteadyReading(state);
  const { heat, work } = read;
  const flow = largest(Object.values(heat));
  // What a bath exchanges in both directions, the kinetic energy of each level included. In the global model
  // it counts with the energy by which the interaction shifts it.
  const exchange = g * g * (1 / beta1 + 1 / beta2) * (B1 + B2 + read.Lz2 / (2 * I));
  const shifted = model === 'local' ? 0 : Math.min(1, lambda) * exchange;
  const allowed =
    precision === 'f64' ? 2e-11 * flow + 1e-15 * shifted : 1e-5 * flow + 1e-7 * shifted;
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    expect(Math.abs(o.heat[name] - heat[name]), name).toBeLessThan(allowed);
  }
  for (const name of ['WQ', 'Wr'] as const) {
    expect(Math.abs(o.work[name] - work[name]), name).toBeLessThan(allowed);
  }
  const digits = precision === 'f64' ? 1e-11 : 1e-5;
  expect(Math.abs(o.Lz - read.Lz)).toBeLessThan(digits * Math.sqrt(read.Lz2));
  expect(Math.abs(o.Lz2 / read.Lz2 - 1)).toBeLessThan(digits);
  expect(o.residual).toBeLessThan(precision === 'f64' ? 1e-11 : 1e-4);
}

describe.each(PRECISIONS)(
  'cold devices of the global model agree with the CPU, %s',
  (precision) => {
    test.each([
      { lmin: -2, levels: 5, count: 100 },
      { lmin: -30, levels: 60, count: 20 },
    ])('N = $levels', async ({ lmin, levels, count }) => {
      const cold = drivenDevices(decades(1, 30), decades(1e-6, 0.1));
      const points = pointsOf(cold, 'global', count, rotorWindow(lmin, lmin + levels - 1));
      const whyLeft = digitsCheck(observableNames(['heat']), precision);
      let kept = 0;
      (await solvedOn(chains, precision, points)).forEach(({ state: found, lost }, p) => {
        const { parameters, window } = points[p];
        const state = steadyStateOn(parameters, window);
        const { heat } = new SteadyReading(state);
        const flow = largest(Object.values(heat));
        const read = new SteadyReading(found);
        if (isFaint(read)) {
          expect(flow).toBeLessThan(1e-26);
          return;
        }
        // What cancels to fewer digits is left to the CPU, and is off by no more than it says.
        const isKept = whyLeft(read, lost) === null;
        if (isKept) kept++;
        comparePopulations(precision, state, found, isKept ? undefined : lost.relative);
        const digits = precision === 'f64' ? 2e-11 : 1e-4;
        for (const name of ['Q1', 'Q2', 'Qr'] as const) {
          const stated = read.flowEstimates.heat[name].error;
          const error = Math.abs(read.heat[name] - heat[name]);
          expect(error, name).toBeLessThan(isKept ? digits * flow : stated);
        }
      });
      expect(kept).toBeGreaterThan(count / 2);
    });
  },
);

/** Devices of either model, all of which are solved. */
async function comparePopulationsOf(
  precision: 'f32' | 'f64',
  devices: fc.Arbitrary<DeviceInput>,
  window: Window,
) {
  for (const model of MODELS) {
    const points = pointsOf(devices, model, 30, window);
    (await solvedOn(chains, precision, points)).forEach(({ state }, p) => {
      comparePopulations(precision, steadyStateOn(points[p].parameters, window), state);
    });
  }
}

test.each(PRECISIONS)('near resonance, however weak the coupling, %s', (precision) =>
  comparePopulationsOf(precision, resonantDevices, rotorWindow(-2, 2)),
);

test('where the load hardly passes a level, in double-float', () => {
  // 1 − β_r l/4I, the amplitude of its jump up from the level `balance`, is `rest` there.
  const stopping = fc
    .record({
      betaR: decades(0.3, 3),
      balance: fc.integer({ min: 1, max: 4 }),
      rest: decades(1e-7, 0.1).chain((x) => fc.constantFrom(x, -x)),
      beta2: decades(0.05, 1),
      lambda: decades(1e-3, 0.1),
      gamma: decades(1e-4, 1),
    })
    .map(({ balance, rest, ...values }) => ({
      ...values,
      I: (values.betaR * balance * (1 + rest)) / 4,
    }));
  return comparePopulationsOf('f64', stopping, rotorWindow(-5, 5));
});

test('the cutoff from the ends of the window is the largest Bohr frequency', () => {
  for (const { parameters, window } of samples('global', 200, rotorWindow(-12, 20))) {
    const { cutoff } = device(parameters, window);
    expect(Math.abs(globalCutoff(window, parameters) / (cutoff ?? 0) - 1)).toBeLessThan(1e-14);
  }
});

describe('a batch', () => {
  test.each(PRECISIONS)('is its points one by one, each different: %s', async (precision) => {
    const points = samples('local', 150, rotorWindow(-8, 8));
    const together = await observe(precision, points);
    expect(new Set(together.map(({ Lz }) => Lz)).size).toBe(points.length);
    for (const p of [0, 63, 64, 149]) {
      const [alone] = await observe(precision, [points[p]]);
      expect(together[p]).toEqual(alone);
    }
  });

  test('takes windows at different places, and devices with different terms', async () => {
    const points = [-20, -15, -25].map((lmin, p) => ({
      parameters: deviceParameters({ kappa1: p === 1 ? 0.3 : 0 }),
      window: rotorWindow(lmin, lmin + 40),
    }));
    (await observe('f64', points)).forEach((found, p) => {
      const { parameters, window } = points[p];
      const exact = new SteadyReading(steadyStateOn(parameters, window));
      expect(Math.abs(found.heat.Q1 / exact.heat.Q1 - 1)).toBeLessThan(1e-10);
      expect(Math.abs(found.edges[1] / exact.edges[1] - 1)).toBeLessThan(1e-10);
    });
  });

  test('calls may overlap', async () => {
    const points = samples('local', 90, rotorWindow(-8, 8));
    const one = await observe('f32', points);
    const both = await Promise.all([observe('f32', points), observe('f32', points)]);
    expect(both).toEqual([one, one]);
  });

  test('a device without a unique steady state is marked, the others are solved', async () => {
    const closed = deviceParameters({ gamma: 0, lambda: 0 });
    const open = deviceParameters({});
    const window = rotorWindow(-3, 3);
    for (const precision of PRECISIONS) {
      const points = [open, closed, open].map((parameters) => ({ parameters, window }));
      const [first, marked, last] = await devicesOn(chains, precision, points);
      expect(marked).toBe('closed');
      if (typeof first === 'string' || typeof last === 'string') throw new Error('not solved');
      expect(readingOf(last)).toEqual(readingOf(first));
    }
  });

  test('a peak far from l = 0 is found', async () => {
    // Without load the rotor runs to one edge: 90 decades from the other.
    const parameters = deviceParameters({ gamma: 1e-7, beta2: 0.02, lambda: 1 });
    for (const lmin of [-60, -119, 0]) {
      const window = rotorWindow(lmin, lmin + 119);
      const [{ Lz }] = await observe('f32', [{ parameters, window }]);
      const state = steadyStateOn(parameters, window);
      expect(Math.abs(Lz / new SteadyReading(state).Lz - 1)).toBeLessThan(1e-5);
    }
  });

  test('V ≠ 0 has no sector', async () => {
    const point = { parameters: deviceParameters({ V: 1 }), window: rotorWindow(-3, 3) };
    await expect(devicesOn(chains, 'f32', [point])).rejects.toThrow(NoSectorError);
  });
});

test('f64 without a right double-float variant is refused, f32 is not', async () => {
  const gpu = await opened;
  const none = { variant: null, candidates: [] };
  const without: OpenChains = async (precision, form) => webgpuChains(gpu, precision, form, none);
  const points = samples('local', 1, rotorWindow(-3, 3));
  await expect(devicesOn(without, 'f64', points)).rejects.toThrow(PrecisionError);
  await expect(solvedOn(without, 'f32', points)).resolves.toHaveLength(1);
});
