/** What a GPU's kernels say that their numbers may be off by, beside the numbers of the CPU. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Precision } from '../../src/backend/backend.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow, type Window } from '../../src/operators/window.js';
import type { DeviceState } from '../../src/simulate/deviceStates.js';
import { digitsCheck } from '../../src/simulate/digits.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { decades, drivenDevices, numbers, resonantDevices } from '../support/arbitrary.js';
import { deviceChains, devicesOn } from '../support/deviceChains.js';
import { wildDevices } from '../wild/devices.js';

const { chains } = deviceChains();

/** Of the populations, nothing is known there. */
const NOTHING = 1;

const random = (devices: fc.Arbitrary<DeviceInput>, count: number): DeviceInput[] =>
  fc.sample(devices, { numRuns: count, unbiased: true });

/** Nearest to resonance the load brings to a coherence most of what the populations beside it drive. */
const between: DeviceInput = {
  beta1: 0.32063184060651817,
  beta2: 0.2565054628812574,
  betaR: 0.4802913153074124,
  B1: 2.0000001043081284,
  B2: 2.2415486233583235,
  g: 0.24333194215005677,
  chi: 0.8999999765306713,
  lambda: 0.0000015682994071226073,
  gamma: 0.000003458748905068008,
  I: 1.034989270073339,
};
/** The interaction takes nearly all of a qubit's energy, and what is left is still many temperatures. */
const cold: DeviceInput = {
  beta1: 368.49709570552466,
  beta2: 0.09068192519414583,
  betaR: 6.754376667030839,
  B1: 94.4278638602359,
  B2: 0.03230133222482462,
  g: 283.6116757091548,
  chi: -0.9999891426623756,
  lambda: 0.10063964664935622,
  gamma: 5.037379285994637e-7,
  I: 245.33445286344784,
};

/** Numbers of a point off the GPU, and off the CPU. */
type Pair = readonly [name: string, found: Estimate, wanted: Estimate];

function* pairsOf({ state, lost }: DeviceState, read: SteadyReading): Generator<Pair> {
  const found = new SteadyReading(state);
  const [ours, theirs] = [found, read].map(({ flowEstimates }) => flowEstimates);
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    yield [name, ours.heat[name], theirs.heat[name]];
  }
  for (const name of ['interaction', 'Wr'] as const) {
    yield [name, ours.work[name], theirs.work[name]];
  }
  yield ['intrinsic', ours.intrinsic, theirs.intrinsic];
  const exact = (value: number): Estimate => ({ value, error: 1e-12 * Math.abs(value) });
  const { relative, absolute } = lost;
  const mean = (value: number): Estimate => ({ value, error: relative * value + absolute });
  if (found.flowErrors === null) throw new Error('no errors');
  yield ['Lz', { value: found.Lz, error: found.flowErrors.Lz }, exact(read.Lz)];
  yield ['Lz2', mean(found.Lz2), exact(read.Lz2)];
  for (const [s, population] of read.qubitPopulations.entries()) {
    yield [`population ${s}`, mean(found.qubitPopulations[s]), exact(population)];
  }
}

/** How many of the points were compared. */
async function compare(
  precision: Precision,
  model: 'local' | 'global',
  inputs: readonly DeviceInput[],
  window: Window,
): Promise<number> {
  const points = inputs.map((input) => ({
    parameters: deviceParameters({ ...input, model }),
    window,
  }));
  const whyLeft = digitsCheck(['qubits.p00'], precision);
  let compared = 0;
  (await devicesOn(chains, precision, points)).forEach((found, p) => {
    if (typeof found === 'string') return;
    if (found.lost.relative === NOTHING) {
      expect(whyLeft(new SteadyReading(found.state), found.lost)).not.toBeNull();
      return;
    }
    const read = readOnHost(points[p].parameters, window);
    if (read === null) return;
    compared++;
    for (const [name, gpu, cpu] of pairsOf(found, read)) {
      const apart = Math.abs(gpu.value - cpu.value);
      const message = `${name}: ${gpu.value} for ${cpu.value} of ${JSON.stringify(inputs[p])}`;
      expect(apart, message).toBeLessThanOrEqual(gpu.error + cpu.error);
    }
  });
  return compared;
}

function readOnHost(
  parameters: ReturnType<typeof deviceParameters>,
  window: Window,
): SteadyReading | null {
  try {
    return new SteadyReading(steadyStateOn(parameters, window));
  } catch (error) {
    if (error instanceof NoSteadyStateError) return null;
    throw error;
  }
}

const small = rotorWindow(-2, 2);

test.each([
  ['local', 'f64'],
  ['global', 'f64'],
  ['local', 'f32'],
  ['global', 'f32'],
] as const)(
  'no number of the %s model is further off than it says, %s',
  async (model, precision) => {
    const inputs = [
      between,
      cold,
      ...random(numbers, 60),
      ...random(drivenDevices(decades(0.1, 30), decades(1e-6, 1)), 60),
      ...random(resonantDevices, 100),
    ];
    const compared = await compare(precision, model, inputs, small);
    expect(compared).toBeGreaterThan(0.8 * inputs.length);
    const larger = random(resonantDevices, 16);
    expect(await compare(precision, model, larger, rotorWindow(-20, 20))).toBeGreaterThan(0);
    const seed = fc.readConfigureGlobal().seed ?? Date.now();
    const wild = wildDevices(model, 60, seed).map(({ values }) => values);
    expect(await compare(precision, model, wild, small)).toBeGreaterThan(0);
  },
);
