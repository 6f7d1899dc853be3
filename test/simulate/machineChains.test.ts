/** Machines of the gallery, eliminated many at once on the software adapter, against the CPU's float64. */
import { afterAll, describe, expect, test } from 'vitest';
import type { OpenChains } from '../../src/backend/batches.js';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { countedOnDevice, eliminatedOnDevice } from '../../src/simulate/machineChains.js';
import { type MachineFlows, machineReadingOf } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { readMachinePlan } from '../../src/sweep/machinePlan.js';
import { machinePoints } from '../../src/sweep/machinePoint.js';
import { hardDevices } from '../support/hardDevices.js';
import { galleryMachine, steadyOf } from '../support/machines.js';
import { expectReadWithinErrors } from '../support/stateReadings.js';

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => {
  await probe;
  (await device).close();
});

const chains: OpenChains = async (precision, form) =>
  webgpuChains(await device, precision, form, await probe);

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
  const states = await eliminatedOnDevice(system, window, points, chains);
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

test('of a machine in which σx is conserved no state is told', async () => {
  const described = describedMachine(
    'm.yaml',
    'name: m\nsubsystems: {q: 2}\nladder: {kind: rotor, window: [-2, 2]}\n' +
      'hamiltonian: {e: sx(q), l: L^2}\nbaths:\n' +
      '  b: {temperature: none, jumps: ["0.5*sx(q)"]}\n' +
      '  r: {temperature: none, jumps: ["0.5*exp(i*phi)", "0.7*exp(-i*phi)"]}\n',
  );
  const window = { lmin: -2, lmax: 2, size: 5 };
  const system = new MachineSystem(described);
  expect(await eliminatedOnDevice(system, window, [{}], chains)).toEqual([null]);
});

test('without a sector, or with a population that reaches no other, there is another way', async () => {
  for (const name of ['pendulum', 'effective-rotor']) {
    const { states } = await eliminated(name, [{}]);
    expect(states).toEqual([null]);
  }
});

const few = [-2, 2] as const;

test('no flow is further off than it says, of random, driven, resonant and wild devices', async () => {
  const inputs = hardDevices('local', 70);
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

describe('what fluctuates', () => {
  test('is no further off than it says, of such devices', async () => {
    const inputs = hardDevices('local', 40);
    const { system, points, states } = await eliminated('quantum-mill', inputs, few);
    const readings = states.flatMap((state, k) => {
      const reading = state && machineReadingOf(system, points[k], state, 1e-8);
      return state === null || reading === null ? [] : [{ numbers: reading.numbers, state }];
    });
    const asked = new Set(['noise', 'means', 'heat'] as const);
    const counted = await countedOnDevice(readings, asked, chains);
    let compared = 0;
    counted.forEach((one, k) => {
      if (typeof one === 'string') return;
      const { described, values, window, betas } = readings[k].numbers;
      const { machine } = described;
      const exact = new FluctuationReading({ machine, of: localEquation, values, window, betas });
      for (const bath of exact.counted) {
        for (const kind of ['quanta', 'heat'] as const) {
          const [found, wanted] = [one[kind](bath), exact[kind](bath)];
          for (const what of ['mean', 'noise'] as const) {
            const [a, b] = [found?.[what], wanted?.[what]];
            if (a === undefined || b === undefined) continue;
            const off = Math.abs(a.value - b.value);
            expect(off, `${kind} ${what} ${bath} of ${JSON.stringify(values)}`).toBeLessThanOrEqual(
              a.error + b.error,
            );
            compared++;
          }
        }
      }
    });
    expect(compared).toBeGreaterThan(inputs.length);
  });

  test('what is read off a state is no further off than it says, of such devices', async () => {
    const inputs = hardDevices('local', 40);
    const { described, points, states } = await eliminated('quantum-mill', inputs, few);
    const { machine } = described;
    const window = { lmin: few[0], lmax: few[1], size: 5 };
    let [compared, sharp] = [0, 0];
    states.forEach((state, k) => {
      if (state === null) return;
      const device = { machine, of: localEquation, values: points[k], window, betas: {} };
      const held = expectReadWithinErrors(device, state, 1e-9);
      compared += held.compared;
      sharp += held.sharp;
    });
    expect(compared).toBeGreaterThan(inputs.length);
    // Bounds that say nothing would hold, too.
    expect(sharp).toBeGreaterThan(inputs.length / 4);
  });

  /** A table of the valve between baths. */
  const swept = (observables: readonly string[]) =>
    readMachinePlan(
      {
        machine: 'two-qubit-rectifier',
        model: 'local',
        // The last of them is so weak that next to nothing of what goes to and fro is left as noise.
        axes: { g: [0.1, 0.7, 1e-6] },
        parameters: { Th: 2 },
        observables,
      },
      galleryMachine,
    );
  const solved = async (observables: readonly string[], on: OpenChains | null) => {
    const plan = swept(observables);
    const system = new MachineSystem(plan.described);
    return machinePoints(plan, system, [0, 1, 2], cpuBackend(), on);
  };

  test('is counted there, and beside the CPU is off by no more than double-float promises', async () => {
    const names = ['currents', 'noise', 'heatNoise', 'fano'];
    const found = await solved(names, chains);
    const exact = await solved(names, null);
    let different = 0;
    exact.forEach(({ columns }, p) => {
      for (const [name, wanted] of Object.entries(columns)) {
        const value = found[p].columns[name];
        if (!names.includes(name.split('.')[0]) || wanted === null) continue;
        expect(Math.abs((value as number) / wanted - 1), `${name} of ${p}`).toBeLessThan(1e-9);
        different += Number(value !== wanted);
      }
    });
    // Had the CPU counted them, they were the same to the last bit.
    expect(different).toBeGreaterThan(0);
    expect(found.map(({ message }) => message)).toEqual([
      null,
      null,
      'fluctuations on the CPU: it has fewer digits on the GPU than the precision promises',
    ]);
  });

  test('and so is what uncertainty relations take of a state', async () => {
    const names = ['TUR', 'KUR', 'entropyProduction.hot', 'entropyProduction.sum'];
    const found = await solved(names, chains);
    const exact = await solved(names, null);
    let [compared, different] = [0, 0];
    for (const p of [0, 1]) {
      expect(found[p].message).toBeNull();
      for (const [name, wanted] of Object.entries(exact[p].columns)) {
        if (wanted === null || !names.some((one) => name.startsWith(one))) continue;
        const value = found[p].columns[name] as number;
        // A noise, a mean twice, and what they cost.
        expect(Math.abs(value / wanted - 1), `${name} of ${p}`).toBeLessThan(4e-9);
        compared++;
        different += Number(value !== wanted);
      }
    }
    expect(compared).toBeGreaterThan(10);
    expect(different).toBeGreaterThan(0);
    expect(found[2].message).toContain('fluctuations on the CPU');
    for (const name of names) {
      expect(found[2].columns[name]).toBe(exact[2].columns[name]);
    }
  });
});
