/** How many points a second a sweep is expected to solve, from which the size of its batches follows. */
import { afterEach, expect, test, vi } from 'vitest';
import { batchSize, enoughFor, type SolveSome, throughputOf } from '../../src/sweep/run.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A solver that starts for a while, and then takes so long for each point; by a clock of its own. */
function solverOf(startMs: number, pointMs: number) {
  let now = 1;
  let points = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const solve = async (asked: ArrayLike<number>) => {
    now += (points === 0 ? startMs : 0) + asked.length * pointMs;
    points += asked.length;
  };
  return { solve: solve as unknown as SolveSome, spent: () => ({ now, points }) };
}

for (const startMs of [0, 500, 4000]) {
  test(`a start of ${startMs} ms is no work of points`, async () => {
    const { solve } = solverOf(startMs, 2);
    const rate = await throughputOf(2000, solve);
    expect(rate).toBeCloseTo(500, 6);
    expect(batchSize({ count: 2000 }, { index: 0, of: 1 }, rate)).toBe(250);
  });
}

test('points that take seconds are not tried for longer than a few of them take', async () => {
  const { solve, spent } = solverOf(1000, 3000);
  expect(await throughputOf(2000, solve)).toBeCloseTo(1 / 3, 9);
  expect(spent().points).toBeLessThanOrEqual(10);
});

test('a grid of a few points is measured beside its start', async () => {
  const { solve, spent } = solverOf(4000, 1);
  expect(await throughputOf(8, solve)).toBeCloseTo(1000, 6);
  expect(spent().points).toBeLessThanOrEqual(16);
});

test('a grid whose largest batch is soon solved is measured no longer than that takes to see', async () => {
  const plan = { count: 4000 };
  const whole = { index: 0, of: 1 };
  const { solve, spent } = solverOf(100, 0.1);
  const rate = await throughputOf(plan.count, solve, enoughFor(plan));
  expect(spent().points).toBeLessThanOrEqual(24);
  expect(batchSize(plan, whole, rate)).toBe(500);

  // A rate at which batches would be smaller is measured to the end.
  const slow = solverOf(100, 10);
  const measured = await throughputOf(plan.count, slow.solve, enoughFor(plan));
  expect(batchSize(plan, whole, measured)).toBe(100);
});
