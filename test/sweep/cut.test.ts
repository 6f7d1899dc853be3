/** Lines and maps through a small grid whose numbers tell their own places. */
import { describe, expect, test } from 'vitest';
import { cut, variableNamed } from '../../src/sweep/cut.js';
import { coordinatesOf, variablesOf } from '../../src/sweep/layout.js';
import { planRecord, readPlan } from '../../src/sweep/plan.js';
import type { Results, ResultVariable } from '../../src/sweep/results.js';

const plan = readPlan({
  axes: {
    chi: [0.2, -0.5, 0],
    'beta2/beta1': { logspace: { from: 0.1, to: 10, count: 5 } },
    lambda: [1, 2],
  },
  observables: ['heat.Q1', 'operation'],
});

/** 100 i + 10 j + k at the place (i, j, k). */
const numbers = Float64Array.from({ length: 30 }, (_, at) => {
  const [i, j, k] = [Math.floor(at / 10), Math.floor(at / 2) % 5, at % 2];
  return 100 * i + 10 * j + k;
});

const results = {
  identity: { plan: planRecord(plan) },
  dimensions: [
    { name: 'chi', length: 3 },
    { name: 'beta2_over_beta1', length: 5 },
    { name: 'lambda', length: 2 },
  ],
  coordinates: coordinatesOf(plan),
  variables: variablesOf(plan).map(
    (variable): ResultVariable => ({
      ...variable,
      shape: [3, 5, 2],
      values: variable.type === 'float64' ? numbers : new Int8Array(30).fill(-1),
    }),
  ),
} as unknown as Results;

const heat = variableNamed(results, 'heat.Q1');

describe('a line', () => {
  test('has its axis in rising order, and each value at its place', () => {
    const line = cut(results, ['chi'], new Map([['lambda', 1.7]]));
    expect(line.axes).toEqual([
      {
        name: 'chi',
        unit: '1',
        values: [-0.5, 0, 0.2],
        places: [1, 2, 0],
        isLogarithmic: false,
      },
    ]);
    // λ = 2 is nearest to 1.7, and β2/β1 in its middle.
    expect(line.at).toEqual({ 'beta2/beta1': plan.dimensions[1].axes[0].values[2], lambda: 2 });
    expect([0, 1, 2].map((i) => line.value(heat, i))).toEqual([121, 221, 21]);
  });

  test('takes the nearest place, from below, from above and beyond the ends', () => {
    const at = (chi: number) => cut(results, ['lambda'], new Map([['chi', chi]])).at.chi;
    expect([-9, -0.3, -0.2, 0.09, 0.11, 9].map(at)).toEqual([-0.5, -0.5, 0, 0, 0.2, 0.2]);
  });

  test('of what is not named is in the middle, the later one of two', () => {
    expect(cut(results, ['chi'], new Map()).at.lambda).toBe(2);
    expect(cut(results, ['lambda'], new Map()).at.chi).toBe(-0.5);
  });
});

test('a map has its axes in the order that is asked for', () => {
  const map = cut(results, ['lambda', 'beta2/beta1'], new Map([['chi', 0]]));
  expect(map.axes.map(({ name, unit, isLogarithmic }) => [name, unit, isLogarithmic])).toEqual([
    ['lambda', 'energy', false],
    ['beta2/beta1', '1', true],
  ]);
  expect(map.value(heat, 0, 3)).toBe(230);
  expect(map.value(heat, 1, 0)).toBe(201);
  expect(cut(results, ['beta2_over_beta1', 'lambda'], new Map()).value(heat, 3, 0)).toBe(130);
});

test('what is absent is no number', () => {
  const line = cut(results, ['chi'], new Map());
  expect(line.value(variableNamed(results, 'operation'), 0)).toBeNaN();
  const holes = { ...heat, values: new Float64Array(30).fill(Number.NaN) };
  expect(line.value(holes, 0)).toBeNaN();
});

test('names that are not there are refused, with the one that may be meant', () => {
  expect(variableNamed(results, 'heat_Q1')).toBe(heat);
  expect(() => variableNamed(results, 'heat.Q2')).toThrow("did you mean 'heat.Q1'?");
  expect(() => cut(results, ['chy'], new Map())).toThrow("unknown key 'chy': did you mean 'chi'?");
  expect(() => cut(results, ['chi'], new Map([['lambada', 1]]))).toThrow("'lambada'");
  expect(() => cut(results, ['chi'], new Map([['chi', 1]]))).toThrow(
    'at = "chi": must be an axis that is not plotted',
  );
});
