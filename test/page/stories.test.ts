/** What the stories say of their devices is so. */
import { expect, test } from 'vitest';
import { deviceOf, STORIES } from '../../src/app/content/stories.js';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { truncation } from '../../src/model/parameters.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';

const [engine, equal, rotor] = STORIES.map(({ steps }) => steps.map(deviceOf));
const solve = (device: (typeof engine)[number]) =>
  steadyObservables(steadyState(device, truncation()), truncation());

test('the engine', () => {
  const [first, second, third, fourth] = engine.map(solve);
  expect([first, second, third].map(({ operation }) => operation)).toEqual([
    'refrigerator',
    'accelerator',
    'engine',
  ]);
  expect(first.heat.Q1).toBeGreaterThan(0);
  expect(third.efficiency?.toFixed(3)).toBe('0.187');
  expect(third.carnotEfficiency).toBeCloseTo(0.7, 12);
  expect(fourth.efficiency ?? 0).toBeGreaterThan(third.efficiency ?? 1);
});

test('equal temperatures', () => {
  const [local, same, global] = equal.map(solve);
  expect(local.work.WQ).toBeGreaterThan(5e-4);
  expect(Math.abs(same.heat.Q1)).toBeLessThan(1e-12 * same.work.WQ);
  expect(same.work.WQ).toBeGreaterThan(0);
  // Up to the small work of the load itself.
  expect(Math.abs(same.heat.Qr / same.work.WQ + 1)).toBeLessThan(1e-6);
  expect(global.work.WQ).toBe(0);
  expect(Math.abs(global.heat.Q2)).toBeLessThan(0.01 * Math.abs(local.heat.Q2));
});

test('the rotor in potentials', async () => {
  const window = truncation({ lmin: -14, lmax: 14, edgeTolerance: 0.1 });
  const means = [];
  for (const device of rotor.slice(1)) {
    const choice = { space: 'auto', method: 'auto' } as const;
    const { state } = await solveSteady(device, window, choice, cpuBackend());
    means.push(steadyObservables(state, window).rotor);
  }
  const [one, two] = means;
  expect(solve(rotor[0]).rotor.Lz).toBeGreaterThan(1);
  expect(one.cos).toBeLessThan(-0.4);
  expect(Math.abs(one.Lz)).toBeLessThan(1);
  expect(Math.abs(two.cos)).toBeLessThan(0.05);
});
