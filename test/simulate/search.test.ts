import { describe, expect, test } from 'vitest';
import {
  answered,
  maximising,
  maximum,
  paretoFront,
  type Range,
} from '../../src/simulate/search.js';

const maximise = (f: (x: readonly number[]) => number, box: readonly Range[]) =>
  answered(maximising(box), f);

test('maximum finds the peak of a unimodal function, inside or at an end', () => {
  expect(maximum((x) => -((x - 0.3) ** 2), 0, 1)).toBeCloseTo(0.3, 7);
  expect(maximum((x) => x, 0, 1)).toBeCloseTo(1, 7);
  expect(maximum((x) => -x * x, -1, 1)).toBeCloseTo(0, 7);
});

describe('maximise', () => {
  test('finds the higher of two peaks, to half the digits', () => {
    const f = ([x]: readonly number[]) =>
      Math.exp(-(((x - 0.7) / 0.05) ** 2)) + 0.9 * Math.exp(-(((x + 0.5) / 0.3) ** 2));
    const { at, value } = maximise(f, [{ from: -1, to: 1 }]);
    expect(at[0]).toBeCloseTo(0.7, 6);
    expect(value).toBeCloseTo(f([0.7]), 12);
  });

  test('climbs a slanted ridge in two parameters', () => {
    const f = ([x, y]: readonly number[]) => -((x + y - 3) ** 2) - 0.1 * (x - y - 1) ** 2;
    const { at } = maximise(f, [
      { from: 0, to: 10 },
      { from: -5, to: 5 },
    ]);
    expect(at[0]).toBeCloseTo(2, 4);
    expect(at[1]).toBeCloseTo(1, 4);
  });

  test('reaches the end of the box', () => {
    expect(maximise(([x]) => x, [{ from: 2, to: 3 }]).at[0]).toBeCloseTo(3, 6);
  });

  test('finds a peak in three parameters against a slope that leads elsewhere', () => {
    const peak = [0.1, 0.85, 0.3];
    const f = (x: readonly number[]) =>
      Math.exp(-x.reduce((r, t, i) => r + ((t - peak[i]) / 0.2) ** 2, 0)) + 0.2 * x[0];
    const { at } = maximise(
      f,
      Array.from(peak, () => ({ from: 0, to: 1 })),
    );
    for (let i = 1; i < 3; i++) expect(at[i]).toBeCloseTo(peak[i], 5);
    expect(at[0]).toBeGreaterThan(0.1);
    expect(at[0]).toBeLessThan(0.12);
  });

  test('passes over places where there is no value', () => {
    const f = ([x]: readonly number[]) => (x < 0.5 ? Number.NaN : -((x - 0.8) ** 2));
    expect(maximise(f, [{ from: 0, to: 1 }]).at[0]).toBeCloseTo(0.8, 6);
  });

  test('ends where the function rises, with a bend, to the end of the box', () => {
    // A library's convex hull never returned from such values.
    const f = ([x]: readonly number[]) => 23.2 * Math.tanh(3 * x) + 0.1 * x;
    const { at, evaluations } = maximise(f, [{ from: 0, to: 1 }]);
    expect(at[0]).toBeCloseTo(1, 6);
    expect(evaluations).toBeLessThan(500);
  });

  test('comes to an end where the function is flat', () => {
    expect(maximise(() => 2, [{ from: 0, to: 1 }])).toMatchObject({ value: 2 });
  });
});

test('a Pareto front holds what no other point beats in both coordinates', () => {
  const points: [number, number][] = [
    [1, 5],
    [2, 4],
    [1.5, 4],
    [3, 1],
    [2.5, 0.5],
    [Number.NaN, 9],
    [1, 5],
  ];
  expect(paretoFront(points, (p) => p)).toEqual([
    [1, 5],
    [2, 4],
    [3, 1],
  ]);
});
