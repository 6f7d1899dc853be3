import { expect, test } from 'vitest';
import { ownThreadSolver } from '../../src/sweep/ownThreadSolver.js';
import { readPlan } from '../../src/sweep/plan.js';
import { closeSolvers, faster, openSolvers } from '../../src/sweep/solvers.js';

const plan = (count: number) =>
  readPlan({ axes: { lambda: { linspace: { from: 0.1, to: 1, count } } } });

const solver = (name: 'cpu' | 'webgpu', closed: string[]) => ({
  ...ownThreadSolver(async () => {}),
  name,
  close: async () => void closed.push(name),
});

test.each([
  [10, 30, 'webgpu', ['cpu']],
  [30, 10, 'cpu', ['webgpu', 'fallback']],
] as const)('of %d and %d points a second the faster is taken', async (cpu, gpu, name, left) => {
  const closed: string[] = [];
  const fallback = { ...solver('cpu', closed), close: async () => void closed.push('fallback') };
  const host = { first: solver('cpu', closed), fallback: null };
  const device = { first: solver('webgpu', closed), fallback };
  const chosen = await faster(plan(10), host, device, async (_, { first }) =>
    first.name === 'cpu' ? cpu : gpu,
  );
  expect(chosen.first.name).toBe(name);
  expect(chosen.reason).toBe(`auto, measured: ${cpu} points/s on cpu, ${gpu} points/s on webgpu`);
  expect(closed).toEqual(left);
});

test('a GPU is looked for where a sweep takes long alone', async () => {
  let looked = 0;
  const look = async () => {
    looked++;
    return 'there is no GPU';
  };
  const short = await openSolvers('auto', plan(10), 1, look);
  expect([looked, short.first.name, short.isNews]).toEqual([0, 'cpu', false]);
  await closeSolvers(short);
  const long = await openSolvers('auto', plan(100_000), 1, look);
  expect([looked, long.first.name, long.isNews]).toEqual([1, 'cpu', true]);
  expect(long.reason).toMatch(/^auto: about \d+ s on 1 threads, by a model; there is no GPU$/);
  await closeSolvers(long);
  await expect(openSolvers('gpujs', plan(10), 1)).rejects.toThrow(/one of auto, cpu, webgpu/);
});
