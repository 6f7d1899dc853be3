/** Local optima under constraints, where they are known. */
import { expect, test } from 'vitest';
import {
  type Evaluation,
  type LocalOptimum,
  sequentialQuadratic,
} from '../../src/solve/sequentialQuadratic.js';

type Function = (x: readonly number[]) => readonly [value: number, gradient: readonly number[]];

function solved(
  start: readonly number[],
  f: Function,
  constraints: readonly Function[] = [],
): LocalOptimum & { readonly evaluations: number } {
  const search = sequentialQuadratic(start);
  let evaluations = 0;
  for (let step = search.next(); ; ) {
    if (step.done) {
      if (step.value === null) throw new Error('no start');
      return { ...step.value, evaluations };
    }
    evaluations++;
    const { at } = step.value;
    const answer = (): Evaluation | null => {
      const [value, gradient] = f(at);
      if (!Number.isFinite(value)) return null;
      const found = constraints.map((c) => c(at));
      return {
        value,
        error: 0,
        gradient,
        constraints: found.map(([c]) => c),
        jacobian: found.map(([, slopes]) => slopes),
      };
    };
    step = search.next(answer());
  }
}

const rosenbrock: Function = ([u, v]) => {
  const [x, y] = [4 * u - 2, 4 * v - 2];
  const off = y - x * x;
  return [
    1 + 100 * off * off + (1 - x) ** 2,
    [4 * (-400 * off * x - 2 * (1 - x)), 4 * (200 * off)],
  ];
};

test('the bottom of a curved valley, and its corner where a bound cuts it off', () => {
  const free = solved([0.1, 0.9], rosenbrock);
  expect(free.ended).toBe('converged');
  expect(free.at[0]).toBeCloseTo(0.75, 7);
  expect(free.at[1]).toBeCloseTo(0.75, 7);
  expect(free.evaluations).toBeLessThan(120);
  const [value, gradient] = [1, [0.3, -0.2, 0]];
  const corner = solved([0.5, 0.5, 0.5], (x) => [
    value + gradient.reduce((sum, g, i) => sum + g * x[i], 0) + (x[2] - 0.4) ** 2,
    [gradient[0], gradient[1], 2 * (x[2] - 0.4)],
  ]);
  expect(corner.at[0]).toBe(0);
  expect(corner.at[1]).toBe(1);
  expect(corner.at[2]).toBeCloseTo(0.4, 8);
});

test('under curved constraints, from outside them, with multipliers', () => {
  // The least x + y within a disc of radius 0.3 about (0.5, 0.5): multiplier 1/(√2 · 0.3 · 2).
  const found = solved([0.95, 0.1], ([x, y]) => [1 + x + y, [1, 1]], [
    ([x, y]) => [0.09 - (x - 0.5) ** 2 - (y - 0.5) ** 2, [-2 * (x - 0.5), -2 * (y - 0.5)]],
  ]);
  const at = 0.5 - 0.3 / Math.SQRT2;
  expect(found.at[0]).toBeCloseTo(at, 8);
  expect(found.at[1]).toBeCloseTo(at, 8);
  expect(found.multipliers[0]).toBeCloseTo(1 / (2 * 0.3 * (Math.SQRT2 / 2)), 6);
  expect(found.violation).toBeLessThan(1e-9);
  expect(found.ended).toBe('converged');
});

test('steps over points without a value are shortened, and values of any size do', () => {
  for (const size of [1e-12, 1e12]) {
    const found = solved([0.9], ([x]) => [
      x < 0.2 ? Number.NaN : size * (x - Math.log(x - 0.19)),
      [size * (1 - 1 / (x - 0.19))],
    ]);
    expect(found.at[0]).toBe(1);
    const inside = solved([0.9], ([x]) => [
      x < 0.2 ? Number.NaN : size * (4 * x - Math.log(x - 0.19)),
      [size * (4 - 1 / (x - 0.19))],
    ]);
    expect(inside.at[0]).toBeCloseTo(0.44, 7);
  }
});
