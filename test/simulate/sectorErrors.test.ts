/** What a GPU's kernels say that their numbers may be off by, beside the numbers of the CPU. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Precision } from '../../src/backend/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuSectors } from '../../src/backend/webgpu/sectors.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { digitsCheck } from '../../src/simulate/observeSums.js';
import { type SectorObservables, sectorObservables } from '../../src/simulate/sectorObservables.js';
import { type SectorSolver, sectorSolver } from '../../src/simulate/sectorSolver.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { decades, drivenDevices, numbers, resonantDevices } from '../support/arbitrary.js';
import { wildDevices } from '../wild/devices.js';

const opened = openDevice();
const solverOf = async (precision: Precision) =>
  sectorSolver(await webgpuSectors(await opened, precision));
const solvers = { f32: solverOf('f32'), f64: solverOf('f64') };
afterAll(async () => {
  await Promise.all(Object.values(solvers));
  (await opened).close();
});

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

function* pairsOf(found: SectorObservables, read: SteadyReading): Generator<Pair> {
  const { heat, work, intrinsic } = read.flowEstimates;
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    yield [name, found.flows.heat[name], heat[name]];
  }
  for (const name of ['interaction', 'Wr'] as const) {
    yield [name, found.flows.work[name], work[name]];
  }
  yield ['intrinsic', found.flows.intrinsic, intrinsic];
  const exact = (value: number): Estimate => ({ value, error: 1e-12 * Math.abs(value) });
  const { relative, absolute } = found.lost;
  const mean = (value: number): Estimate => ({ value, error: relative * value + absolute });
  yield ['Lz', { value: found.Lz, error: found.LzError }, exact(read.Lz)];
  yield ['Lz2', mean(found.Lz2), exact(read.Lz2)];
  for (const [s, population] of read.qubitPopulations.entries()) {
    yield [`population ${s}`, mean(found.qubitPopulations[s]), exact(population)];
  }
}

/** How many of the points were compared. */
async function compare(
  solver: SectorSolver,
  model: 'local' | 'global',
  inputs: readonly DeviceInput[],
  [lmin, levels]: readonly [lmin: number, levels: number],
): Promise<number> {
  const points = inputs.map((input) => ({
    parameters: deviceParameters({ ...input, model }),
    lmin,
  }));
  const solutions = await solver.solve(points, levels);
  const hasDigits = digitsCheck(['qubits.p00'], solver.precision);
  let compared = 0;
  points.forEach((point, p) => {
    if (solutions.verdicts[p] !== 'solved') return;
    const found = sectorObservables(point, solutions, p);
    if (found.lost.relative === NOTHING) {
      expect(hasDigits(found, point.parameters)).toBe(false);
      return;
    }
    const read = readOnHost(point.parameters, lmin, levels);
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
  lmin: number,
  levels: number,
): SteadyReading | null {
  try {
    return new SteadyReading(steadyStateOn(parameters, rotorWindow(lmin, lmin + levels - 1)));
  } catch (error) {
    if (error instanceof NoSteadyStateError) return null;
    throw error;
  }
}

const small = [-2, 5] as const;

test.each([
  ['local', 'f64'],
  ['global', 'f64'],
  ['local', 'f32'],
  ['global', 'f32'],
] as const)(
  'no number of the %s model is further off than it says, %s',
  async (model, precision) => {
    const solver = await solvers[precision];
    const inputs = [
      between,
      cold,
      ...random(numbers, 60),
      ...random(drivenDevices(decades(0.1, 30), decades(1e-6, 1)), 60),
      ...random(resonantDevices, 100),
    ];
    const compared = await compare(solver, model, inputs, small);
    expect(compared).toBeGreaterThan(0.8 * inputs.length);
    const larger = random(resonantDevices, 16);
    expect(await compare(solver, model, larger, [-20, 41])).toBeGreaterThan(0);
    const seed = fc.readConfigureGlobal().seed ?? Date.now();
    const wild = wildDevices(model, 60, seed).map(({ values }) => values);
    expect(await compare(solver, model, wild, small)).toBeGreaterThan(0);
  },
);
