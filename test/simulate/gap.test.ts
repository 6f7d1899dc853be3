/** The gap as a number that is asked for, as an objective, and where it has no value or no derivatives. */
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { modes, QuantumMachine } from '../../src/index.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { loadCodeFor, withAsked } from '../../src/simulate/loadObservables.js';
import { askedNumbers } from '../../src/simulate/machineAsked.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { numberOf } from '../../src/simulate/observe.js';
import { ObservedDescribed } from '../../src/simulate/observedDescribed.js';
import { ObservedMill } from '../../src/simulate/observedMill.js';
import { optimisationOf } from '../../src/simulate/optimisation.js';
import { optimise } from '../../src/simulate/optimise.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { readMachinePlan } from '../../src/sweep/machinePlan.js';
import { machinePoint } from '../../src/sweep/machinePoint.js';
import { ownThreadSolver } from '../../src/sweep/ownThreadSolver.js';
import { readPlan } from '../../src/sweep/plan.js';
import { solvePoints } from '../../src/sweep/solvePoints.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

const AUTO = { space: 'auto', method: 'auto' } as const;

const gapOf = async (described: DescribedMachine, set: Readonly<Record<string, number>> = {}) =>
  (await askedNumbers(described, ['gap'], await steadyOf(described, set))).gap;

const sensitivityOf = (described: DescribedMachine, set: Readonly<Record<string, number>>) =>
  machineSensitivity(described, { ...defaultValues(described), ...set }, machineWindow(described), [
    'gap',
  ]);

/** −2k ± √(k² − 4g²) are the slow eigenvalues of two qubits with mean quanta 1 and 0. */
const qubits = galleryMachine('exchange-qubits');

test.each(['local', 'global'] as const)(
  'a device has that of its slowest mode: %s',
  async (model) => {
    await loadCodeFor(['gap']);
    const device = { model, beta2: 0.3, gamma: 0.01 };
    const reading = new SteadyReading(
      steadyStateOn(deviceParameters(device), rotorWindow(-12, 12)),
    );
    const { gap } = await modes(device, { truncation: { lmin: -12, lmax: 12 } });
    expect(numberOf('gap', reading)).toBe(gap?.rate);
  },
);

test('in a potential it is found with a solution of its own', async () => {
  const device = { beta1: 1, beta2: 0.4, betaR: 2, B1: 0.8, B2: 0.5, gamma: 0.05, V: 0.3 };
  const window = truncation({ lmin: -2, lmax: 2, edgeTolerance: 0.9 });
  const { state } = await solveSteady(deviceParameters(device), window, AUTO, cpuBackend());
  const { gap } = await modes(device, { truncation: { lmin: -2, lmax: 2 } });
  await loadCodeFor(['gap']);
  expect(() => numberOf('gap', new SteadyReading(state))).toThrow('the gap is not loaded');
  const asked = new SteadyReading(await withAsked(state, ['gap']));
  expect(numberOf('gap', asked)).toBe(gap?.rate);
});

test('a sweep records it, with a potential and without', async () => {
  const parameters = { beta1: 1, beta2: 0.4, betaR: 2, B1: 0.8, B2: 0.5, gamma: 0.05 };
  const plan = readPlan({
    parameters,
    axes: { V: [0, 0.3] },
    observables: ['gap', 'noise.L'],
    truncation: { lmin: -2, lmax: 2 },
  });
  const solvers = { first: ownThreadSolver(async () => {}), fallback: null };
  const { values, messages } = await solvePoints(plan, [0, 1], solvers);
  expect(messages).toEqual([]);
  for (const [k, V] of [0, 0.3].entries()) {
    const { gap } = await modes({ ...parameters, V }, { truncation: { lmin: -2, lmax: 2 } });
    expect(values.gap[k]).toBe(gap?.rate);
    expect(values.noise_L[k]).toBeGreaterThan(0);
  }
});

test('a sweep of a machine records it', async () => {
  const plan = readMachinePlan(
    { machine: 'single-level', axes: { kh: [0.5, 0.7] }, observables: ['gap'] },
    () => galleryMachine('single-level'),
  );
  const system = new MachineSystem(plan.described);
  for (const [k, kh] of [0.5, 0.7].entries()) {
    const { columns } = await machinePoint(plan, system, k, cpuBackend());
    expect(columns.gap).toBeCloseTo(kh + 0.1, 12);
  }
});

test('of two qubits it is known in closed form, on either side of where modes coalesce', async () => {
  for (const g of [0.1, 0.3, 0.45, 0.7]) {
    const wanted = 2 - Math.sqrt(Math.max(0, 1 - 4 * g * g));
    expect(await gapOf(qubits, { g })).toBeCloseTo(wanted, 12);
  }
});

test.each(['effective-rotor', 'flywheel'])('%s has none that is known', async (name) => {
  // Of a drift in one direction eigenvalues are known to no digit.
  const described = galleryMachine(name);
  expect(await gapOf(described)).toBeNull();
  const { gap } = await modes(new QuantumMachine(described));
  expect(gap?.error).toBeGreaterThan(1e-6 * (gap?.rate ?? 0));
});

test('its derivatives are those of the closed form', async () => {
  const set = { g: 0.3, k: 1.1 };
  const root = Math.sqrt(set.k ** 2 - 4 * set.g ** 2);
  const { gap } = (await sensitivityOf(qubits, set)).observables;
  expect(gap.value).toBeCloseTo(2 * set.k - root, 12);
  expect(gap.by.g?.value).toBeCloseTo((4 * set.g) / root, 11);
  expect(gap.by.k?.value).toBeCloseTo(2 - set.k / root, 11);
});

test('as an objective it is followed by its derivatives', async () => {
  const observed = new ObservedDescribed(
    qubits,
    defaultValues(qubits),
    machineWindow(qubits),
    1e-9,
  );
  const request = optimisationOf(observed, {
    minimise: 'gap - 2*g',
    over: { g: { from: 0.05, to: 0.48 } },
    where: ['gap > 1.1'],
    starts: 2,
  });
  const result = await optimise(request, async () => true);
  expect(request.problem.gradients).toBe('adjoint');
  // 4g/√(1 − 4g²) = 2
  const best = result?.best.parameters.g ?? Number.NaN;
  expect(best).toBeCloseTo(1 / Math.sqrt(8), 6);
});

test('of the device it is an objective, too', async () => {
  const mill = new ObservedMill(
    deviceParameters({ gamma: 0.01 }),
    truncation({ lmin: -8, lmax: 9, edgeTolerance: 0.5 }),
  );
  const at = async (gamma: number) => {
    const point = await mill.at({ gamma }, true);
    const found = await point?.read('gap');
    if (!found) throw new Error('no gap');
    return found;
  };
  const [left, middle, right] = [await at(0.0099), await at(0.01), await at(0.0101)];
  const slope = slopesOf(middle).get('gamma')?.value ?? Number.NaN;
  const difference = (right.value.value - left.value.value) / 2e-4;
  expect(Math.abs(slope / difference - 1)).toBeLessThan(1e-3);
  const plain = await (await mill.at({ gamma: 0.01 }, false))?.read('gap');
  expect(Math.abs((plain?.value.value ?? 0) / middle.value.value - 1)).toBeLessThan(1e-10);
});

/**
 * A driven qubit in resonance, by its Bloch equations: one component of the coherence decays by itself with the rate
 * down/2 + dephasing; the other one and the populations turn into each other.
 */
const driven = describedMachine(
  'driven.yaml',
  `
name: driven qubit
subsystems: {q: 2}
parameters:
  drive: {default: 10, unit: energy}
  down: {default: 1, unit: energy}
  dephasing: {default: 2, unit: energy}
hamiltonian:
  drive: drive*(sp(q) + sm(q))/2
baths:
  decay: {temperature: none, jumps: [sqrt(down)*sm(q)]}
  noise: {temperature: none, jumps: [sqrt(dephasing/2)*sz(q)]}
`,
);

test('where the slowest mode oscillates it has its rate, and so have its derivatives', async () => {
  // Nearer to 0 there is a real eigenvalue, −2.5.
  expect(await gapOf(driven)).toBeCloseTo((1 + 2.5) / 2, 12);
  const { by } = (await sensitivityOf(driven, {})).observables.gap;
  expect(by.down?.value).toBeCloseTo(0.75, 12);
  expect(by.dephasing?.value).toBeCloseTo(0.5, 12);
  expect(by.drive?.value).toBeCloseTo(0, 12);
});

test('where the slowest mode is real they are those of its rate', async () => {
  const set = { dephasing: 0.1 };
  expect(await gapOf(driven, set)).toBeCloseTo(0.6, 12);
  const { by } = (await sensitivityOf(driven, set)).observables.gap;
  expect(by.down?.value).toBeCloseTo(0.5, 12);
  expect(by.dephasing?.value).toBeCloseTo(1, 12);
  expect(by.drive?.value).toBeCloseTo(0, 12);
});

test('where two modes are as slow it has none', async () => {
  // −2 and −2 ± i√3
  await expect(sensitivityOf(qubits, { g: 1 })).rejects.toThrow(/oscillates|about as slow/);
  await expect(sensitivityOf(qubits, { g: 0.5 })).rejects.toThrow(/six digits|about as slow/);
});

test('that of the sensitivities is the same', async () => {
  const window = truncation({ lmin: -6, lmax: 6 });
  const found = await millSensitivity(deviceParameters({ gamma: 0.02 }), window, ['gap']);
  const { gap } = await modes({ gamma: 0.02 }, { truncation: { lmin: -6, lmax: 6 } });
  expect(Math.abs(found.observables.gap.value - (gap?.rate ?? 0))).toBeLessThan(1e-12);
});
