/** What an axis may say, and where an axis would make a device that does not exist. */
import { describe, expect, test } from 'vitest';
import { deviceParameters, ParameterError, UnknownKeyError } from '../../src/model/parameters.js';
import { checkAxes, readAxis, within } from '../../src/sweep/axes.js';

describe('an axis', () => {
  test('is of a parameter, or of a ratio of two', () => {
    expect(readAxis('beta2', [1, 2])).toMatchObject({ parameter: 'beta2', per: null });
    const ratio = readAxis('beta2 / beta1', [0.5]);
    expect(ratio).toMatchObject({ name: 'beta2 / beta1', parameter: 'beta2', per: 'beta1' });
    expect(() => readAxis('beta2/beta1/betaR', [1])).toThrow('a ratio of two such as beta2/beta1');
  });

  test('says its values in one of three ways', () => {
    const linspace = { from: 3, to: -1, count: 5 };
    expect([...readAxis('V', { linspace }).values]).toEqual([3, 2, 1, 0, -1]);
    expect(readAxis('V', { linspace }).range).toEqual({ linspace });
    const logspace = { from: 8, to: 0.5, count: 3 };
    const { values, range } = readAxis('g', { logspace });
    expect(values[0]).toBe(8);
    expect(values[1]).toBeCloseTo(2, 14);
    expect(values[2]).toBe(0.5);
    expect(range).toEqual({ logspace });
    expect(readAxis('g', [2, 1]).range).toEqual({ list: [2, 1] });
  });

  test.each<[unknown, string]>([
    [3, 'axes.g = 3: must be a list, or one of list, linspace, logspace'],
    [null, 'axes.g = null: must be a list, or one of list, linspace, logspace'],
    [{}, 'must be exactly one of list, linspace, logspace'],
    [{ list: [1], linspace: { from: 1, to: 2, count: 2 } }, 'must be exactly one of'],
    [[], 'axes.g.list'],
    [{ linspace: { from: 1, to: 1, count: 2 } }, 'axes.g.linspace.to = 1: must be different'],
    [{ linspace: { from: 1, to: 2, count: 1 } }, 'axes.g.linspace.count = 1'],
    [{ linspace: { from: 1, to: 2, count: 2.5 } }, 'axes.g.linspace.count = 2.5'],
    [{ logspace: { from: 0, to: 2, count: 2 } }, 'axes.g.logspace.from = 0: must be a number > 0'],
    [{ logspace: { from: 1, to: 0, count: 2 } }, 'axes.g.logspace.to = 0: must be a number > 0'],
  ])('%j is refused', (given, message) => {
    expect(() => readAxis('g', given)).toThrow(message);
  });
});

describe('a reader within a mapping', () => {
  const failing = (error: Error) => () =>
    within('outer', () => {
      throw error;
    });

  test('names the way to a field, or the mapping where the field is the whole of it', () => {
    expect(failing(new ParameterError('inner', 1, 'x'))).toThrow('outer.inner = 1: must be x');
    expect(failing(new ParameterError('parameters', 1, 'x'))).toThrow('outer = 1: must be x');
    expect(within('outer', () => 7)).toBe(7);
  });

  test('leaves other errors as they are', () => {
    for (const error of [new UnknownKeyError('a', 'b'), new RangeError('c')]) {
      expect(failing(error)).toThrow(error);
    }
  });
});

describe('axes are checked at their ends', () => {
  const check = (axes: Record<string, unknown>, fixed: object = {}) =>
    checkAxes(
      Object.entries(axes).map(([name, range]) => readAxis(name, range)),
      fixed,
    );

  test('the lowest and the highest value, wherever in the list they are', () => {
    expect(() => check({ chi: [0, -0.9, 0.9, 0.1] })).not.toThrow();
    expect(() => check({ chi: [0, -1, 0.9, 0.1] })).toThrow('axes.chi = -1: must be');
    expect(() => check({ chi: [0, -0.9, 1, 0.1] })).toThrow('axes.chi = 1: must be');
  });

  test('of ratios: times the other parameter’s default, its fixed value, or both its ends', () => {
    const { gamma } = deviceParameters();
    expect(gamma).toBeGreaterThan(0);
    // χ = ratio · γ stays within (−1, 1).
    expect(() => check({ 'chi/gamma': [0, 0.9 / gamma] })).not.toThrow();
    expect(() => check({ 'chi/gamma': [0, 1.1 / gamma] })).toThrow('axes.chi/gamma = 1.1');
    expect(() => check({ 'chi/gamma': [-1.1 / gamma, 0] })).toThrow('axes.chi/gamma = -1.1');
    expect(() => check({ 'chi/gamma': [0, 0.4] }, { gamma: 2 })).not.toThrow();
    expect(() => check({ 'chi/gamma': [0, 0.75] }, { gamma: 2 })).toThrow('axes.chi/gamma = 1.5');
    expect(() => check({ 'chi/gamma': [0.4], gamma: [1, 2] })).not.toThrow();
    expect(() => check({ 'chi/gamma': [0.4], gamma: [1, 3, 2] })).toThrow('axes.chi/gamma = 1.2');
    expect(() => check({ gamma: [3, 1], 'chi/gamma': [-0.4] })).toThrow('axes.chi/gamma = -1.2');
  });

  test('with the parameters that stay the same', () => {
    expect(() => check({ cutoff: [20, 30] }, { model: 'local' })).toThrow('axes.cutoff = 20: must');
    expect(() => check({ cutoff: [20, 30] }, { model: 'global' })).not.toThrow();
  });
});
