/** The data set of a plan: dimensions, coordinates and variables. */
import { describe, expect, test } from 'vitest';
import {
  coordinatesOf,
  dimensionNames,
  hasOwnCutoff,
  NO_VALUE,
  STATUSES,
  variablesOf,
} from '../../src/sweep/layout.js';
import { readPlan } from '../../src/sweep/plan.js';

describe('coordinates', () => {
  test('a ratio and the parameter that it sets, over the dimensions on which that depends', () => {
    const plan = readPlan({
      axes: { chi: [0, 0.5], 'beta2/beta1': [0.5, 2, 3], lambda: [1, 2], beta1: [0.1, 0.4] },
    });
    expect(dimensionNames(plan)).toEqual(['chi', 'beta2_over_beta1', 'lambda', 'beta1']);
    const coordinates = coordinatesOf(plan);
    expect(coordinates.map(({ name, dimensions }) => [name, ...dimensions])).toEqual([
      ['chi', 'chi'],
      ['beta2_over_beta1', 'beta2_over_beta1'],
      ['beta2', 'beta2_over_beta1', 'beta1'],
      ['lambda', 'lambda'],
      ['beta1', 'beta1'],
    ]);
    const [chi, ratio, beta2, lambda, beta1] = coordinates;
    expect(beta2.shape).toEqual([3, 2]);
    const wanted = [0.5, 2, 3].flatMap((r) => [0.1, 0.4].map((b) => r * b));
    expect([...beta2.values]).toEqual(wanted);
    expect([chi.shape, ratio.shape]).toEqual([[2], [3]]);
    expect([...lambda.values]).toEqual([1, 2]);
    expect(ratio.attributes).toEqual({ long_name: 'beta2/beta1', units: '1' });
    expect(chi.attributes.units).toBe('1');
    expect(beta1.attributes.units).toBe(beta2.attributes.units);
    expect(beta1.attributes.units).not.toBe('1');
    for (const { type, fill } of coordinates) expect([type, fill]).toEqual(['float64', Number.NaN]);
  });

  test('a ratio to a parameter that stays the same depends on its own dimension alone', () => {
    const plan = readPlan({
      axes: { lambda: [1, 2], 'beta2/beta1': [0.5, 2] },
      parameters: { beta1: 0.2 },
    });
    const beta2 = coordinatesOf(plan).find(({ name }) => name === 'beta2');
    expect(beta2?.dimensions).toEqual(['beta2_over_beta1']);
    expect([...(beta2?.values ?? [])]).toEqual([0.1, 0.4]);
  });

  test('a ratio that advances with another axis, of a parameter that does so too', () => {
    const plan = readPlan({
      axes: { lambda: [1, 2], 'beta2/beta1': [0.5, 2], beta1: [0.1, 0.4, 0.8], g: [1, 2, 3] },
      zip: [
        ['lambda', 'beta2/beta1'],
        ['beta1', 'g'],
      ],
    });
    const beta2 = coordinatesOf(plan).find(({ name }) => name === 'beta2');
    expect(beta2?.dimensions).toEqual(['lambda', 'beta1']);
    const wanted = [0.5, 2].flatMap((r) => [0.1, 0.4, 0.8].map((b) => r * b));
    expect([...(beta2?.values ?? [])]).toEqual(wanted);
  });

  test('axes that advance together share a dimension', () => {
    const plan = readPlan({ axes: { B1: [1, 2], g: [3, 4], B2: [5, 6] }, zip: [['B1', 'B2']] });
    expect(dimensionNames(plan)).toEqual(['B1', 'g']);
    expect(coordinatesOf(plan).map(({ name, dimensions }) => [name, ...dimensions])).toEqual([
      ['B1', 'B1'],
      ['B2', 'B1'],
      ['g', 'g'],
    ]);
    const [first] = variablesOf(plan);
    expect(first.attributes.coordinates).toBe('B2');
  });
});

describe('variables', () => {
  const variables = () =>
    variablesOf(readPlan({ axes: { chi: [0, 0.5] }, observables: ['operation', 'heat'] }));
  const variable = (name: string) => variables().find((one) => one.name === name);

  test('are the observables, then how each point was solved, its status last', () => {
    expect(variables().map(({ name }) => name)).toEqual([
      ...['heat_Q1', 'heat_Q2', 'heat_Qr', 'operation'],
      ...['validity_load', 'validity_weakCoupling', 'validity_local', 'validity'],
      ...['residual', 'relativeResidual', 'edgeLow', 'edgeHigh', 'lmin', 'lmax', 'path', 'status'],
    ]);
    for (const { dimensions, attributes } of variables()) {
      expect(dimensions).toEqual(['chi']);
      expect(attributes).not.toHaveProperty('coordinates');
    }
  });

  test('say what they are and in which units', () => {
    const units: Record<string, string> = {
      ...{ heat_Q1: 'energy/time', heat_Q2: 'energy/time', heat_Qr: 'energy/time' },
      ...{ residual: 'energy', relativeResidual: '1', edgeLow: '1', edgeHigh: '1' },
      ...{ lmin: 'hbar', lmax: 'hbar' },
      ...{ validity_load: '1', validity_weakCoupling: '1', validity_local: '1' },
    };
    for (const { name, attributes } of variables()) {
      expect(String(attributes.long_name ?? '').length, name).toBeGreaterThan(5);
      expect(attributes.units, name).toBe(units[name]);
    }
    const names = new Set(variables().map(({ attributes }) => attributes.long_name));
    expect(names.size).toBe(variables().length);
  });

  test('name what stands for no value, of integers', () => {
    expect(variable('heat_Q1')?.fill).toBeNaN();
    expect(variable('heat_Q1')?.attributes).not.toHaveProperty('_FillValue');
    expect(variable('lmin')).toMatchObject({ type: 'int32', fill: NO_VALUE.int32 });
    expect(variable('lmin')?.attributes._FillValue).toBe(-(2 ** 31));
    expect(variable('operation')).toMatchObject({ type: 'int8', fill: -1 });
    expect(variable('operation')?.attributes).toMatchObject({
      flag_values: [0, 1, 2, 3],
      flag_meanings: 'other engine refrigerator accelerator',
      _FillValue: -1,
    });
  });

  test('the status of a point that is not there is 0, pending', () => {
    expect(variable('status')).toMatchObject({ type: 'int8', fill: 0 });
    expect(STATUSES.indexOf('pending')).toBe(0);
    expect(String(variable('status')?.attributes.flag_meanings).split(' ')).toEqual([...STATUSES]);
  });

  test('Ω is among them in the global model, unless it is an axis', () => {
    const axes = { chi: [0, 0.5] };
    const names = (content: object) => variablesOf(readPlan(content)).map(({ name }) => name);
    expect(names({ axes })).not.toContain('cutoff');
    expect(names({ axes, model: 'global' })).toContain('cutoff');
    const own = readPlan({ axes: { ...axes, cutoff: [3, 7] }, model: 'global' });
    expect(hasOwnCutoff(own)).toBe(false);
    expect(variablesOf(own).filter(({ name }) => name === 'cutoff')).toEqual([]);
    const together = { chi: [0, 0.5], cutoff: [3, 7] };
    const zipped = readPlan({ axes: together, zip: [['chi', 'cutoff']], model: 'global' });
    expect(hasOwnCutoff(zipped)).toBe(false);
  });
});
