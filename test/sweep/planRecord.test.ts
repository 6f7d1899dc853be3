/** A plan's record, which is a store's identity, and the plan that is read back from it. */
import { describe, expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import {
  machinePlanOfRecord,
  machineRecord,
  readMachinePlan,
} from '../../src/sweep/machinePlan.js';
import {
  arranged,
  type Plan,
  planHasPotential,
  planOfRecord,
  planRecord,
  readPlan,
  unordered,
  writePoint,
} from '../../src/sweep/plan.js';

const content = {
  model: 'global',
  parameters: { B1: 4, chi: 0.2, cutoff: 7 },
  axes: { 'beta2/beta1': [0.5, 2], beta1: [0.1, 0.2, 0.4], lambda: [1, 2], g: [1, 3] },
  zip: [['lambda', 'g']],
  observables: ['heat.Q1'],
  truncation: { lmin: -3, lmax: 5 },
  edgeTolerance: 1e-9,
  tolerance: 1e-7,
  precision: 'f32',
};
// Read in each test, where what fails has a name.
const plan = () => readPlan(content);
const record = () => planRecord(plan());

describe('a record', () => {
  test('says every choice in its words', () => {
    expect(record()).toMatchObject({
      model: 'global',
      axes: { 'beta2/beta1': { list: [0.5, 2] }, g: { list: [1, 3] } },
      dimensions: [['beta2/beta1'], ['beta1'], ['lambda', 'g']],
      observables: ['heat.Q1'],
      truncation: { lmin: -3, lmax: 5 },
      edgeTolerance: 1e-9,
      tolerance: 1e-7,
      precision: 'f32',
    });
    expect(record().parameters).toMatchObject({ B1: 4, chi: 0.2 });
    expect(record().parameters).not.toHaveProperty('beta2');
    expect(record().parameters).not.toHaveProperty('beta1');
    expect(record().parameters).not.toHaveProperty('model');
  });

  test('says Ω of the global model, its default too, and of the local one none', () => {
    const cutoffOf = (more: object) =>
      (planRecord(readPlan({ axes: { lambda: [1] }, ...more })).parameters as { cutoff?: unknown })
        .cutoff;
    expect(cutoffOf({ model: 'global', parameters: { cutoff: 7 } })).toBe(7);
    expect(cutoffOf({ model: 'global' })).toBe('max-qubit');
    expect(cutoffOf({ model: 'global', axes: { cutoff: [3, 4] } })).toBeUndefined();
    expect(cutoffOf({})).toBeUndefined();
  });

  test('says auto where no window is given', () => {
    expect(planRecord(readPlan({ axes: { chi: [0] } })).truncation).toBe('auto');
  });

  test('gives the plan back', () => {
    const read = planOfRecord(JSON.parse(JSON.stringify(record())));
    expect(planRecord(read)).toEqual(record());
    expect(read).toEqual({ ...plan(), batch: null });
  });

  test.each<[string, (good: ReturnType<typeof record>) => unknown]>([
    ['no object', () => 3],
    ['null', () => null],
    ['no dimensions', (good) => ({ ...good, dimensions: undefined })],
    ['an empty dimension', (good) => ({ ...good, dimensions: [[], ...good.dimensions] })],
    ['a dimension too few', (good) => ({ ...good, dimensions: good.dimensions.slice(1) })],
    ['an axis twice', (good) => ({ ...good, dimensions: [['beta1'], ...good.dimensions] })],
    ['a zipped axis that is none', (good) => ({ ...good, dimensions: [['lambda', 'x']] })],
    ['an observable that is none', (good) => ({ ...good, observables: ['heat.Q9'] })],
  ])('of no plan is refused: %s', (_, change) => {
    expect(() => planOfRecord(change(record()))).toThrow(Error);
  });
});

describe('the order of axes', () => {
  const axes = { g: [1, 3], beta1: [0.1, 0.2, 0.4], lambda: [1, 2], 'beta2/beta1': [0.5, 2] };
  const other = () => readPlan({ ...content, axes });

  test('is taken from a record, axis by axis', () => {
    expect(planRecord(other()).dimensions).not.toEqual(record().dimensions);
    const again = arranged(other(), record().dimensions);
    expect(planRecord(again)).toEqual(record());
    expect(again.dimensions.map(({ name, length }) => [name, length])).toEqual([
      ['beta2/beta1', 2],
      ['beta1', 3],
      ['lambda', 2],
    ]);
    const numbers = (of: Plan, point: number) => {
      const out = new Float64Array(BATCH_PARAMETERS.length + 2);
      writePoint(of, point, out, 2);
      return [...out];
    };
    for (let point = 0; point < 12; point++) {
      expect(numbers(again, point)).toEqual(numbers(plan(), point));
    }
  });

  test('is all that two plans of the same dimensions may differ in', () => {
    expect(unordered(planRecord(other()).dimensions)).toEqual(unordered(record().dimensions));
    expect(unordered([['b', 'a'], ['c']])).toEqual(unordered([['c'], ['a', 'b']]));
    expect(unordered([['a'], ['b'], ['c']])).not.toEqual(unordered([['a', 'b'], ['c']]));
  });
});

test('a potential is one wherever it is set', () => {
  const has = (more: object) => planHasPotential(readPlan({ axes: { chi: [0] }, ...more }));
  expect(has({})).toBe(false);
  expect(has({ parameters: { V: 0 } })).toBe(false);
  expect(has({ parameters: { V: 1 } })).toBe(true);
  expect(has({ axes: { chi: [0], V2: [0, 1] } })).toBe(true);
  expect(has({ axes: { chi: [0], lambda: [1] } })).toBe(false);
});

test('a plan of defaults', () => {
  const read = readPlan({ axes: { chi: [0, 0.5], g: [1, 2, 3] } });
  expect(read).toMatchObject({ count: 6, batch: null, precision: 'f64', tolerance: 1e-10 });
  expect(read.observables).toContain('heat.Q1');
  const single = readPlan({ axes: { chi: [0] }, precision: 'f32', batch: 17 });
  expect(single).toMatchObject({ tolerance: 1e-3, batch: 17 });
  const groups = [
    ['chi', 'g'],
    ['g', 'B1'],
  ];
  const zipped = { axes: { chi: [0], g: [1], B1: [1] }, zip: groups };
  expect(() => readPlan(zipped)).toThrow('zip = "g": must be each axis in one group only');
});

test('the record of a machine keeps a window on one side of 0, and another than its own', () => {
  const rotor = describedMachine(
    'm.yaml',
    'name: m\nladder: {kind: rotor, window: [-7, -2]}\nparameters: {I: 1, k: 1}\n' +
      'hamiltonian: {h: L^2/(2*I)}\nbaths: {b: {temperature: none, jumps: [sqrt(k)*exp(i*phi)]}}\n',
  );
  const read = (more: object) =>
    readMachinePlan({ machine: 'm', axes: { k: [1, 2] }, ...more }, () => rotor);
  for (const more of [{}, { truncation: { lmin: -3, lmax: 4 } }]) {
    const { window } = read(more);
    const kept = JSON.parse(JSON.stringify(machineRecord(read(more))));
    expect(machinePlanOfRecord(kept).window).toEqual(window);
  }
});
