/** Machines of the gallery, eliminated many at once on the software adapter, against the CPU's float64. */
import { afterAll, expect, test } from 'vitest';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import { eliminatedOnDevice } from '../../src/simulate/machineChains.js';
import { machineReadingOf } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => {
  await probe;
  (await device).close();
});

/** Points of a machine on its own window, by what differs from its defaults. */
async function eliminated(name: string, changes: readonly Record<string, number>[]) {
  const described = galleryMachine(name, 'local');
  const { lmin, lmax } = described.ladder;
  const defaults = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
  const points = changes.map((own) => ({ ...defaults, ...own }));
  const system = new MachineSystem(described);
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  const states = await eliminatedOnDevice(system, window, points, async (precision, form) =>
    webgpuChains(await device, precision, form, await probe),
  );
  return { described, system, points, states };
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
    for (const kind of ['heat', 'work'] as const) {
      for (const [bath, value] of Object.entries(exact.flows[kind])) {
        const errors = [found, exact].map(({ flows }) => flows[`${kind}Errors`][bath] ?? Infinity);
        const off = Math.abs(found.flows[kind][bath] - value);
        expect(off, `${kind} ${bath}`).toBeLessThanOrEqual(errors[0] + errors[1]);
        // A bound that says nothing would hold, too.
        expect(errors[0]).toBeLessThan(1e-9);
      }
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
