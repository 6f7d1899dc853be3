import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import { type Plan, placeOf, planRecord, readPlan, writePoint } from '../../src/sweep/plan.js';
import { differences } from '../../src/sweep/root.js';
import { between } from '../support/arbitrary.js';

const pointOf = (plan: Plan, point: number): Record<string, number> => {
  const out = new Float64Array(BATCH_PARAMETERS.length);
  writePoint(plan, point, out, 0);
  return Object.fromEntries(BATCH_PARAMETERS.map((name, k) => [name, out[k]]));
};

describe('axes', () => {
  const valuesOf = (range: unknown) =>
    Array.from(readPlan({ axes: { beta1: range } }).dimensions[0].axes[0].values);

  test('lists keep their order', () => {
    expect(valuesOf([3, 1, 2])).toEqual([3, 1, 2]);
    expect(valuesOf({ list: [0.5] })).toEqual([0.5]);
  });

  test('linspace has equal steps and exact ends', () => {
    fc.assert(
      fc.property(
        between(0.01, 5),
        between(6, 50),
        fc.integer({ min: 2, max: 200 }),
        (from, to, count) => {
          const values = valuesOf({ linspace: { from, to, count } });
          expect(values).toHaveLength(count);
          expect([values[0], values[count - 1]]).toEqual([from, to]);
          const step = (to - from) / (count - 1);
          for (let i = 1; i < count; i++) expect(values[i] - values[i - 1]).toBeCloseTo(step, 12);
        },
      ),
    );
  });

  test('logspace has equal ratios and exact ends', () => {
    const values = valuesOf({ logspace: { from: 1e-3, to: 10, count: 9 } });
    expect([values[0], values[8]]).toEqual([1e-3, 10]);
    for (let i = 1; i < 9; i++) expect(values[i] / values[i - 1]).toBeCloseTo(10 ** 0.5, 12);
  });
});

describe('points', () => {
  test('axes are crossed, the last one fastest; a ratio multiplies whatever its denominator is', () => {
    const plan = readPlan({
      axes: { 'beta2/beta1': [0.5, 2], beta1: [0.1, 0.2, 0.4], chi: [0, 0.5] },
    });
    expect(plan.count).toBe(12);
    const all = Array.from({ length: 12 }, (_, p) => pointOf(plan, p));
    expect(all.map(({ chi }) => chi)).toEqual(Array(6).fill([0, 0.5]).flat());
    expect(all[7]).toMatchObject({ beta1: 0.1, beta2: 0.2, chi: 0.5 });
    expect(all[4]).toMatchObject({ beta1: 0.4, beta2: 0.2, chi: 0 });
    expect(new Set(all.map((point) => JSON.stringify(point))).size).toBe(12);
  });

  test('zipped axes advance together, as one dimension', () => {
    const plan = readPlan({
      axes: { B1: [1, 2, 3], g: [0.5, 1], B2: [4, 5, 6] },
      zip: [['B1', 'B2']],
    });
    expect(plan.dimensions.map(({ name, length }) => [name, length])).toEqual([
      ['B1', 3],
      ['g', 2],
    ]);
    expect(pointOf(plan, 3)).toMatchObject({ B1: 2, B2: 5, g: 1 });
  });

  test('every point has a place of its own', () => {
    const plan = readPlan({ axes: { B1: [1, 2, 3], g: [0.5, 1], B2: [4, 5, 6, 7] } });
    const places = Array.from({ length: plan.count }, (_, p) => placeOf(plan, p).join());
    expect(new Set(places).size).toBe(24);
  });
});

describe('observables', () => {
  const observables = (...names: string[]) =>
    readPlan({ axes: { chi: [0] }, observables: names }).observables;

  test('groups stand for their members', () => {
    expect(observables('power', 'heat.Q2')).toEqual([
      'heat.Q2',
      'power.kinetic',
      'power.intrinsic',
      'power.backAction',
      'power.net',
    ]);
    expect(observables('qubits.populations')).toEqual(observables('qubits'));
  });
});

describe('a plan that is wrong is refused with the field, the value and what is allowed', () => {
  const axes = { chi: [0, 0.5] };
  test.each<[object, string]>([
    [{ axes: { chi: [0, 1] } }, 'axes.chi = 1: must be a number with −1 < chi < 1'],
    [{ axes: { chy: [0] } }, "unknown key 'chy': did you mean 'chi'?"],
    [{ axes: { 'beta2/beta9': [1] } }, "unknown key 'beta9': did you mean 'beta1'?"],
    [{ axes, observables: ['heat.Q3'] }, "unknown key 'heat.Q3': did you mean 'heat.Q1'?"],
    [
      { axes, observables: ['rotor.populations'] },
      'observables = "rotor.populations": must be numbers',
    ],
    [{ axes, lmin: -9 }, "unknown key 'lmin': must be one of model, parameters, axes, "],
    [{ axes, tolerence: 1 }, "unknown key 'tolerence': did you mean 'tolerance'?"],
    [{ axes, parameters: { bta1: 1 } }, "unknown key 'bta1': did you mean 'beta1'?"],
    [{ axes, parameters: { beta1: -1 } }, 'parameters.beta1 = -1: must be a number > 0'],
    [{ axes, parameters: { chi: 0.1 } }, 'chi is set in parameters'],
    [{ axes: { beta2: [1], 'beta2/beta1': [0.5] } }, 'beta2 is set in axis beta2'],
    [{ axes: { 'beta2/beta1': [1], 'beta1/betaR': [0.5] } }, 'which beta1/betaR sets itself'],
    [
      { axes: { chi: { linspace: { from: 0, to: 0.5 } } } },
      'axes.chi.linspace.count is missing: must be an integer from 2 to 1000000',
    ],
    [{ axes: { chi: { linspce: {} } } }, "unknown key 'linspce': did you mean 'linspace'?"],
    [
      { axes: { g: { logspace: { from: -1, to: 1, count: 3 } } } },
      'axes.g.logspace.from = -1: must be a number > 0',
    ],
    [{ axes: { chi: [0.1, 0.2, 0.1] } }, 'axes.chi = "0.1": must be there once only'],
    [
      { axes: { chi: [0, 0], g: [1, 1] }, zip: [['chi', 'g']] },
      'axes.chi, g = "0, 1": must be there once only',
    ],
    [{ axes: { chi: [0], g: [1, 2] }, zip: [['chi', 'g']] }, 'with which it is zipped: 1'],
    [{ axes, zip: [['chi', 'ga']] }, "unknown key 'ga'"],
    [{ axes, truncation: { lmin: -3 } }, 'truncation.lmax is missing: must be an integer ≥ 0'],
    [{ axes, truncation: 'auto', edgeTolerance: 2 }, 'edgeTolerance = 2: must be'],
    [{ axes, precision: 'f16' }, 'precision = "f16": must be one of f64, f32'],
    [{ axes, model: 'lokal' }, 'model = "lokal": must be one of local, global'],
    [
      { model: 'global', axes: { V: [0, 1] } },
      'truncation.lmax is missing: must be given with lmin, at most lmin + 12, with model = global',
    ],
    [
      { model: 'global', axes: { V: [0, 1] }, truncation: { lmin: -6, lmax: 7 } },
      'truncation.lmax = 7: must be at most lmin + 12, with lmin = -6, model = global',
    ],
    [{ axes: {} }, 'must be a mapping with at least one axis'],
    [
      { axes: { chi: { linspace: { from: -0.9, to: 0.9, count: 1e9 } } } },
      'axes.chi.linspace.count = 1000000000: must be an integer from 2 to 1000000',
    ],
    [
      {
        axes: {
          lambda: { linspace: { from: 1, to: 2, count: 1e5 } },
          chi: { linspace: { from: 0, to: 0.5, count: 1e5 } },
        },
      },
      'axes = "10000000000 points": must be at most 1000000000 points in all',
    ],
    [{}, 'axes is missing: must be a mapping'],
  ])('%j', (content, message) => {
    expect(() => readPlan(content)).toThrow(message);
  });
});

test('plans that say the same are the same; others show where they differ', () => {
  const plan = readPlan({ axes: { chi: [0, 0.5] }, parameters: { B1: 4 }, batch: 10 });
  const same = readPlan({ axes: { chi: { list: [0, 0.5] } }, model: 'local' });
  expect(differences(planRecord(plan), planRecord(same))).toEqual([]);
  const other = readPlan({ axes: { chi: [0, 0.5] }, parameters: { B1: 5 } });
  expect(differences(planRecord(plan), planRecord(other))).toEqual([
    'parameters.B1: 4 there, 5 here',
  ]);
});
