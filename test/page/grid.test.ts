import { describe, expect, test, vi } from 'vitest';
import { CURVE_POINTS, pieces } from '../../src/app/curves/curves.js';
import { type Axis, along, reachesPotential, spanned, tasks } from '../../src/app/map/grid.js';
import { Pace } from '../../src/app/map/pace.js';
import { deviceParameters } from '../../src/model/parameters.js';

describe('a map draws each point as a cell with the point in its middle', () => {
  const axes: readonly Axis[] = [
    { name: 'beta2', from: 0.005, to: 0.1, spacing: 'linear' },
    { name: 'gamma', from: 1e-6, to: 1e-2, spacing: 'logarithmic' },
  ];
  test.each(axes)('on a $spacing axis', (axis) => {
    for (const size of [16, 33, 400]) {
      const [from, to] = spanned(axis, size);
      const drawn = { ...axis, from, to };
      for (const i of [0, 5, size - 1]) {
        const point = along(axis, i / (size - 1));
        expect(Math.abs(along(drawn, (i + 0.5) / size) / point - 1)).toBeLessThan(1e-9);
      }
    }
  });
});

describe('every point comes once', () => {
  test('of a map, coarse grids before fine ones, whatever the sizes of tasks', () => {
    for (const size of [16, 33, 400]) {
      let asked = 0;
      const all = [...tasks(size, () => 1 + (asked++ % 200))];
      const places = all.flatMap((task) => [...task.places]);
      expect(new Set(places).size).toBe(size * size);
      expect(places).toHaveLength(size * size);
      const strides = all.map(({ stride }) => stride);
      expect(strides).toEqual([...strides].sort((a, b) => b - a));
    }
  });

  test('of curves, their ends and what is far apart first', () => {
    for (const most of [1, 7, 100]) {
      const places = [...pieces(() => most)].flatMap((piece) => [...piece]);
      expect([...places].sort((a, b) => a - b)).toEqual(
        Array.from({ length: CURVE_POINTS }, (_, p) => p),
      );
      expect(places.slice(0, 9)).toContain(CURVE_POINTS - 1);
      expect(places.slice(0, 9)).toContain(0);
    }
  });
});

test('tasks have fewer points where these take long', async () => {
  vi.useFakeTimers();
  const pace = new Pace();
  const first = pace.points;
  const took = (milliseconds: number) =>
    pace.timed(10, async () => vi.advanceTimersByTime(milliseconds));
  await took(10);
  const quick = pace.points;
  for (let task = 0; task < 20; task++) await took(10_000);
  expect(quick).toBeGreaterThan(first);
  expect(pace.points).toBe(1);
  for (let task = 0; task < 60; task++) await took(0);
  expect(pace.points).toBeGreaterThan(quick);
  vi.useRealTimers();
});

test('a potential is that of the device, or of an axis', () => {
  const axes = [{ name: 'beta2' }, { name: 'B1' }] as const;
  expect(reachesPotential(deviceParameters({}), axes)).toBe(false);
  expect(reachesPotential(deviceParameters({ V2: 0.1 }), axes)).toBe(true);
  expect(reachesPotential(deviceParameters({}), [...axes, { name: 'V' }])).toBe(true);
});
