/** Machines of the gallery, eliminated many at once on the software adapter, against the CPU's float64. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import { eliminatedOnDevice } from '../../src/simulate/machineChains.js';
import { type MachineFlows, machineReadingOf } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { decades, drivenDevices, numbers, resonantDevices } from '../support/arbitrary.js';
import { galleryMachine, steadyOf } from '../support/machines.js';
import { wildDevices } from '../wild/devices.js';

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => {
  await probe;
  (await device).close();
});

/** Points of a machine on its own window, by what differs from its defaults. */
async function eliminated(
  name: string,
  changes: readonly Record<string, number>[],
  among?: readonly [lmin: number, lmax: number],
) {
  const described = galleryMachine(name, 'local');
  const [lmin, lmax] = among ?? [described.ladder.lmin, described.ladder.lmax];
  const defaults = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
  const points = changes.map((own) => ({ ...defaults, ...own }));
  const system = new MachineSystem(described);
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  const states = await eliminatedOnDevice(system, window, points, async (precision, form) =>
    webgpuChains(await device, precision, form, await probe),
  );
  return { described, system, points, states };
}

function expectWithinErrors(found: MachineFlows, exact: MachineFlows, of: string): void {
  for (const kind of ['heat', 'work'] as const) {
    for (const [bath, value] of Object.entries(exact[kind])) {
      const errors = [found, exact].map((flows) => flows[`${kind}Errors`][bath] ?? Infinity);
      const off = Math.abs(found[kind][bath] - value);
      expect(off, `${kind} ${bath} of ${of}`).toBeLessThanOrEqual(errors[0] + errors[1]);
    }
  }
}

test.each([
  ['two-qubit-rectifier', [{ g: 0.1 }, { g: 1.5 }, { kh: 0.02 }]],
  ['jaynes-cummings', [{}, { g: 0.3 }]],
  ['quantum-mill', [{}, { lambda: 0.4 }, { lambda: 0.05, gamma: 0.1 }]],
])('%s', async (name, changes) => {
  const { described, system, points, states } = await eliminated(name, changes);
  for (const [k, state] of states.entries()) {
    if (state === null) throw new Error('not solved');
    const found = machineReadingOf(system, points[k], state, 1e-8);
    const exact = await steadyOf(described, points[k]);
    if (found === null) throw new Error('no solution');
    expect(found.problems).toEqual(exact.problems);
    expect(found.solution.solver.refinement).toBe('double-float on the GPU');
    expectWithinErrors(found.flows, exact.flows, name);
    // A bound that says nothing would hold, too.
    for (const errors of [found.flows.heatErrors, found.flows.workErrors]) {
      for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-9);
    }
    for (const [observable, value] of Object.entries(exact.observables)) {
      const off = Math.abs((found.observables[observable] as number) - (value as number));
      expect(off, observable).toBeLessThan(1e-11 * Math.abs(value as number));
    }
    for (const [subsystem, levels] of Object.entries(exact.populations)) {
      levels.forEach((population, level) => {
        const ratio = found.populations[subsystem][level] / population;
        expect(Math.abs(ratio - 1), subsystem).toBeLessThan(1e-11);
      });
    }
  }
});

test('points of one machine may have different equations; without its load nothing flows', async () => {
  const { system, points, states } = await eliminated('quantum-mill', [{}, { gamma: 0 }]);
  const readings = states.map(
    (state, k) => state && machineReadingOf(system, points[k], state, 1e-8),
  );
  expect(readings[0]?.problems).toEqual([]);
  // What is no more than rounding is not told.
  expect(states[1]).not.toBeNull();
  expect(readings[1]).toBeNull();
});

test('without a sector, or with a population that reaches no other, there is another way', async () => {
  for (const name of ['pendulum', 'effective-rotor']) {
    const { states } = await eliminated(name, [{}]);
    expect(states).toEqual([null]);
  }
});

test('no flow is further off than it says, of random, driven, resonant and wild devices', async () => {
  const random = (devices: fc.Arbitrary<Record<string, number>>, count: number) =>
    fc.sample(devices, { numRuns: count, unbiased: true });
  const seed = fc.readConfigureGlobal().seed ?? Date.now();
  const inputs = [
    ...random(numbers, 60),
    ...random(drivenDevices(decades(0.1, 30), decades(1e-6, 1)), 60),
    ...random(resonantDevices, 100),
    ...wildDevices('local', 60, seed).map(({ values }) => values),
  ].map(({ V, ...rest }) => rest);
  const few = [-2, 2] as const;
  const { described, system, points, states } = await eliminated('quantum-mill', inputs, few);
  let compared = 0;
  for (const [k, state] of states.entries()) {
    const found = state && machineReadingOf(system, points[k], state, 1e-8);
    if (found === null) continue;
    const exact = await steadyOf(described, points[k], few).catch((error: unknown) => {
      if (error instanceof NoSteadyStateError) return null;
      throw error;
    });
    if (exact === null) continue;
    compared++;
    expectWithinErrors(found.flows, exact.flows, JSON.stringify(points[k]));
  }
  expect(compared).toBeGreaterThan(inputs.length / 2);
});
