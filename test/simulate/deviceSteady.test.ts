/** One steady state by elimination on the software adapter, against the CPU's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOnDevice } from '../../src/simulate/deviceSteady.js';
import { steadyObservables, steadyState, steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import type { SteadyState } from '../../src/simulate/steadyState.js';
import { verdictOf } from '../../src/simulate/verdict.js';
import { between, decades, drivenDevices, resonantDevices } from '../support/arbitrary.js';
import { deviceChains } from '../support/deviceChains.js';

const { chains } = deviceChains();

const MODELS = ['local', 'global'] as const;
const PRECISIONS = ['f64', 'f32'] as const;

test.each(MODELS)(
  'flows below what float32 reaches are refused with the reason: %s',
  async (model) => {
    const parameters = deviceParameters({ model, beta1: 40, beta2: 35, B1: 1, B2: 1.2, I: 100 });
    const truncation = { lmin: -2, lmax: 3, edgeTolerance: 1e-8 };
    const { heat } = new SteadyReading(steadyStateOn(parameters, rotorWindow(-2, 3)));
    expect(Math.abs(heat.Q1)).toBeLessThan(1e-28);
    expect(heat.Q1).not.toBe(0);
    const solving = steadyStateOnDevice(chains, 'f64', parameters, truncation);
    await expect(solving).rejects.toThrow('flows are smaller than float32');
    // Without a load that one is 0, which is right.
    const still = deviceParameters({ model, gamma: 0 });
    const state = await steadyStateOnDevice(chains, 'f64', still, truncation);
    expect(new SteadyReading(state).heat.Qr).toBe(0);
  },
);

test.each(MODELS)('a state that is read back has every observable: %s', async (model) => {
  const parameters = deviceParameters({ model });
  const truncation = { edgeTolerance: 1e-12 };
  const state = await steadyStateOnDevice(chains, 'f64', parameters, truncation);
  const found = steadyObservables(state, truncation);
  const exact = steadyObservables(steadyState(parameters, truncation), truncation);
  expect(found.truncation.lmin).toBe(exact.truncation.lmin);
  expect(found.truncation.lmax).toBe(exact.truncation.lmax);
  expect(found.residual).toBeLessThan(1e-12);
  for (const part of ['total', 'qubits', 'rotor'] as const) {
    const error = Math.abs(found.ergotropy[part] - exact.ergotropy[part]);
    expect(error, part).toBeLessThan(1e-9 * exact.ergotropy.total);
  }
  found.rotor.populations.forEach((population, l) => {
    expect(Math.abs(population - exact.rotor.populations[l])).toBeLessThan(1e-13);
  });
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    expect(Math.abs(found.heat[name] / exact.heat[name] - 1), name).toBeLessThan(1e-9);
  }
  expect(Math.abs(found.power.intrinsic - exact.power.intrinsic)).toBeLessThan(1e-12);
});

test.each(MODELS)(
  'in float32 it has the digits of that, and not those of float64: %s',
  async (model) => {
    const truncation = { edgeTolerance: 1e-8 };
    const state = await steadyStateOnDevice(chains, 'f32', deviceParameters({ model }), truncation);
    expect(verdictOf(new SteadyReading(state), 'f32')).toMatchObject({
      converged: true,
      problems: [],
    });
    expect(verdictOf(new SteadyReading(state), 'f64').converged).toBe(false);
  },
);

test('a device that may not have a unique steady state is refused with the reason', async () => {
  const parameters = deviceParameters({ gamma: 0, lambda: 0 });
  const solving = steadyStateOnDevice(chains, 'f32', parameters, {
    lmin: -3,
    lmax: 3,
    edgeTolerance: 1e-8,
  });
  await expect(solving).rejects.toThrow('may not be unique');
});

/** Hot and cold, weakly and strongly coupled, with hardly a load and a strong one. */
const wildDevices = fc.record({
  ...{ beta1: decades(1e-3, 30), beta2: decades(1e-3, 30), betaR: decades(1e-3, 30) },
  ...{ B1: decades(1e-3, 30), B2: decades(1e-3, 30), g: decades(1e-3, 30) },
  ...{ chi: between(-0.99, 0.99), lambda: decades(1e-6, 30), gamma: decades(1e-8, 1) },
  I: decades(0.1, 100),
});
const KINDS: Readonly<Record<string, fc.Arbitrary<DeviceInput>>> = {
  wild: wildDevices,
  cold: drivenDevices(decades(1, 10), decades(1e-6, 0.1)),
  resonant: resonantDevices,
};

/** What is told with an error. */
function estimatesOf(state: SteadyState): Record<string, Estimate> {
  const { heat, work, intrinsic } = new SteadyReading(state).flowEstimates;
  const { interaction, Wr } = work;
  if (state.mean === undefined) throw new Error('no means');
  return { ...heat, interaction, Wr, intrinsic, Lz: state.mean('level') };
}

/** Of populations that are compared, how far each is off in units of both errors. */
function farthestPopulation(found: SteadyState, exact: SteadyState): number {
  let farthest = 0;
  for (let s = 0; s < 4; s++) {
    const [a, b] = [found, exact].map(({ elements }) => elements?.read(s, s, 0));
    if (a === null || b === null || a === undefined || b === undefined) throw new Error('none');
    a.re.forEach((population, i) => {
      const off = Math.abs(population - b.re[i]);
      if (off > 0) farthest = Math.max(farthest, off / (a.error[i] + b.error[i]));
    });
  }
  return farthest;
}

describe.each(PRECISIONS)('%s: numbers are off by no more than their errors', (precision) => {
  describe.each(MODELS)('%s', (model) => {
    test.each(Object.keys(KINDS))('%s devices', async (kind) => {
      const window = rotorWindow(-12, 18);
      const { lmin, lmax } = window;
      const samples = fc.sample(KINDS[kind], { numRuns: 12, seed: 20261130, unbiased: true });
      let telling = 0;
      for (const input of samples) {
        const parameters = deviceParameters({ ...input, model });
        const truncation = { lmin, lmax, edgeTolerance: 1e-8 };
        const found = await steadyStateOnDevice(chains, precision, parameters, truncation);
        const exact = steadyStateOn(parameters, window);
        expect(farthestPopulation(found, exact)).toBeLessThan(1);
        const [ours, theirs] = [found, exact].map(estimatesOf);
        for (const [name, { value, error }] of Object.entries(theirs)) {
          const off = Math.abs(ours[name].value - value);
          expect(off, name).toBeLessThanOrEqual(ours[name].error + error);
        }
        // A bound that says nothing would hold, too.
        const largest = Math.max(Math.abs(theirs.Q1.value), Math.abs(theirs.Q2.value));
        if (ours.Q1.error < (precision === 'f64' ? 1e-8 : 0.1) * largest) telling++;
      }
      expect(telling).toBeGreaterThan(samples.length / 2);
    });
  });
});
