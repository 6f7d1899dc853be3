/** Machines in time, in collisions and in both directions: against the paper's own device, and closed forms. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  collide,
  evolve,
  MachineError,
  machineFromYaml,
  machineSteadyState,
  NonUniqueSteadyStateError,
  ParameterError,
  rectify,
  sweep,
  trajectories,
  UnknownKeyError,
} from '../../src/index.js';

const ofGallery = (name: string) =>
  machineFromYaml(readFileSync(new URL(`../../machines/${name}.yaml`, import.meta.url), 'utf8'));
const mill = ofGallery('quantum-mill');
const window = { lmin: -10, lmax: 16, edgeTolerance: 0.1 };
const own = { truncation: window, threads: 1 };

/** A signal that is aborted the first time that something is told. */
function abortedAtOnce() {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new RangeError('enough'));
  return { signal: controller.signal, onProgress };
}

test('a machine in time is the device in time, and goes to its steady state', async () => {
  const reached: number[] = [];
  const parameters = { gamma: 0.5 };
  const found = await evolve(mill, {
    ...own,
    parameters,
    times: [1, 2000],
    onProgress: ({ t }) => reached.push(t),
  });
  const { snapshots } = await evolve(parameters, {
    ...own,
    times: [1, 2000],
    qubit1: 'down',
    qubit2: 'down',
  });
  found.snapshots.forEach(({ heat, ladder, work }, i) => {
    const device = snapshots[i];
    expect(heat.bath1).toBeCloseTo(device.heat.Q1, 12);
    expect(heat.load).toBeCloseTo(device.heat.Qr, 12);
    expect(work.bath1 + work.bath2).toBeCloseTo(device.work.WQ, 12);
    expect(ladder?.mean).toBeCloseTo(device.rotor.Lz, 12);
    expect(ladder?.populations).toHaveLength(27);
  });
  const steady = await machineSteadyState(mill, { ...own, parameters });
  expect(found.snapshots[1].heat.bath2).toBeCloseTo(steady.heat.bath2, 9);
  expect(reached.at(-1)).toBe(2000);
  expect(found).toMatchObject({ converged: true, solver: { method: 'rational' } });
  expect(found.backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
  expect(found.parameters).toMatchObject({ gamma: 0.5, beta1: 0.1 });
  const stopped = evolve(mill, { ...own, times: 'lin:1:5:5', ...abortedAtOnce() });
  await expect(stopped).rejects.toThrow('enough');
});

test('collisions charge a ladder as the closed form says', async () => {
  const ladder = ofGallery('ladder-charging');
  const [theta, q, k] = [0.9, 0.6, 7];
  const parameters = { theta, q };
  const { collisions, tau, converged } = await collide(ladder, {
    parameters,
    collisions: k,
    threads: 1,
  });
  const p = Math.sin(theta / 2) ** 2;
  expect(collisions).toHaveLength(k);
  expect(collisions[k - 1].ladder?.mean).toBeCloseTo(k * p * (1 - 2 * q), 12);
  expect(collisions[k - 1].ladder?.variance).toBeCloseTo(k * p * (1 - (1 - 2 * q) ** 2 * p), 12);
  expect(tau).toBeCloseTo(theta / 2, 15);
  expect(converged).toBe(true);
  await expect(collide(ladder, { threads: 1, ...abortedAtOnce() })).rejects.toThrow('enough');
  await expect(collide(mill, own)).rejects.toThrow(MachineError);
});

test('trajectories scatter about the evolution', async () => {
  const run = { ...own, times: [1], parameters: { gamma: 0.5 } };
  const [exact] = (await evolve(mill, run)).snapshots;
  const found = await trajectories(mill, { ...run, count: 400, seed: 3 });
  const [{ heat, populations }] = found.snapshots;
  expect(Math.abs(heat.bath1.mean - exact.heat.bath1)).toBeLessThan(5 * Number(heat.bath1.error));
  const [, up] = populations.q1;
  expect(Math.abs(up.mean - exact.populations.q1[1])).toBeLessThan(5 * Number(up.error));
  expect(found).toMatchObject({ seed: 3, count: 400, converged: true });
  const again = await trajectories(mill, { ...run, count: 400, seed: 3 });
  expect(again.snapshots).toEqual(found.snapshots);
  const stopped = trajectories(mill, { ...run, count: 1e6, ...abortedAtOnce() });
  await expect(stopped).rejects.toThrow('enough');
});

test('a machine in both directions is the device in both', async () => {
  const { heat, angular, forward, hot, exchanged, converged } = await rectify(mill, own);
  const device = await rectify({}, { truncation: window });
  expect(heat.R).toBeCloseTo(device.heat.R, 12);
  expect(heat.J).toBeCloseTo(Math.max(device.forward.Q2, device.swapped.Q1), 12);
  expect(angular?.signed.R).toBeCloseTo(device.angular.R, 10);
  expect(forward.heat.bath1).toBeCloseTo(device.forward.Q1, 12);
  expect([hot, exchanged]).toEqual([
    ['bath2', 'bath1'],
    ['beta1', 'beta2'],
  ]);
  expect(converged).toBe(true);
  const valve = ofGallery('two-qubit-rectifier');
  const asked = await rectify(valve, { model: 'local', baths: ['cold', 'hot'], threads: 1 });
  expect(asked.baths).toEqual(['cold', 'hot']);
  expect(asked.angular).toBeNull();
  expect(asked.heat.R).not.toBeCloseTo((await rectify(valve, { threads: 1 })).heat.R, 6);
});

test.each([
  [
    'a qubit that its file says',
    () => evolve(mill, { times: [1], qubit1: 'up' } as never),
    UnknownKeyError,
  ],
  ['falling times', () => evolve(mill, { times: [2, 1] }), ParameterError],
  [
    'a parameter that there is not',
    () => trajectories(mill, { times: [1], parameters: { mass: 1 } }),
    ParameterError,
  ],
  ['a bath that there is not', () => rectify(mill, { baths: ['bath1', 'bath3'] }), ParameterError],
  ['equal temperatures', () => rectify(mill, { parameters: { beta2: 0.1 } }), ParameterError],
  ['a search', () => rectify(mill, { over: ['chi'] } as never), UnknownKeyError],
  [
    'no load',
    () => rectify(mill, { ...own, parameters: { gamma: 0, lambda: 0 } }),
    NonUniqueSteadyStateError,
  ],
])('%s is refused', async (_, run, kind) => {
  await expect(run()).rejects.toThrow(kind);
});

test('a sweep has the steady state of each point, in memory and in a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  const plan = {
    machine: mill,
    parameters: { chi: 0.25 },
    axes: { beta2: [0.02, 0.06], gamma: [0.1, 0.5, 2] },
    observables: ['heat.bath2', 'ladder.mean'],
    truncation: { lmin: -10, lmax: 16 },
    edgeTolerance: 0.1,
  };
  const told: number[] = [];
  const found = await sweep(plan, { threads: 1, onProgress: ({ done }) => told.push(done) });
  expect(found).toMatchObject({ count: 6, converged: true, messages: [] });
  expect(told.at(-1)).toBe(6);
  expect(found.dimensions).toEqual([
    { name: 'beta2', length: 2 },
    { name: 'gamma', length: 3 },
  ]);
  expect(found.coordinates.gamma.unit).toBe('energy');
  const parameters = { chi: 0.25, beta2: 0.06, gamma: 0.5 };
  const steady = await machineSteadyState(mill, { ...own, parameters });
  expect(found.variables.heat_bath2.values[4]).toBe(steady.heat.bath2);
  expect(found.variables.ladder_mean.values[4]).toBe(steady.ladder?.mean);
  try {
    const kept = await sweep(plan, { threads: 1, folder: join(folder, 'store') });
    expect(kept.variables.heat_bath2).toEqual(found.variables.heat_bath2);
    expect(kept.coordinates).toEqual(found.coordinates);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const stopped = sweep(plan, { threads: 1, signal: AbortSignal.abort(new RangeError('enough')) });
  await expect(stopped).rejects.toThrow('enough');
});

test('a sweep of a machine refuses by name what it cannot do', async () => {
  const axes = { gamma: [1, 2] };
  const misspelt = sweep({ machine: mill, axes: { gama: [1] } } as never);
  await expect(misspelt).rejects.toThrow(UnknownKeyError);
  const notOne = sweep({ machine: 'piston', axes } as never);
  await expect(notOne).rejects.toThrow('machineFromYaml');
  const onGpu = sweep({ machine: mill, axes }, { backend: 'gpujs' });
  await expect(onGpu).rejects.toThrow(ParameterError);
});
