import { describe, expect, test } from 'vitest';
import {
  deviceParameters,
  ParameterError,
  truncation,
  UnknownKeyError,
} from '../../src/model/parameters.js';

/** What reading throws. */
function refusal(read: () => unknown): Error {
  try {
    read();
  } catch (error) {
    return error as Error;
  }
  throw new Error('was accepted');
}

const device = (input: object) => refusal(() => deviceParameters(input));
const window = (input: object) => refusal(() => truncation(input));

const NOT_NUMBERS: readonly (readonly [unknown, string])[] = [
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  ['1', '"1"'],
  [null, 'null'],
  [true, 'true'],
  [[1], '[1]'],
];

describe('every wrong value of a device is refused in one line that names field, value and what is allowed', () => {
  const positive = ['beta1', 'beta2', 'betaR', 'B1', 'B2', 'g', 'I'] as const;

  test.each(positive)('%s', (field) => {
    for (const [value, shown] of [[0, '0'], [-1, '-1'], [-1e-300, '-1e-300'], ...NOT_NUMBERS]) {
      const error = device({ [field as string]: value });
      expect(error).toBeInstanceOf(ParameterError);
      expect(error.message).toBe(`${field} = ${shown}: must be a number > 0`);
      expect(error).toMatchObject({ field, allowed: 'a number > 0' });
    }
    expect(deviceParameters({ [field]: Number.MIN_VALUE })[field]).toBe(Number.MIN_VALUE);
  });

  test('chi', () => {
    for (const [value, shown] of [[1, '1'], [-1, '-1'], [1.5, '1.5'], [-2, '-2'], ...NOT_NUMBERS]) {
      expect(device({ chi: value }).message).toBe(
        `chi = ${shown}: must be a number with −1 < chi < 1`,
      );
    }
    expect(deviceParameters({ chi: -0.999999 }).chi).toBe(-0.999999);
  });

  test('gamma, of which 0 is allowed', () => {
    for (const [value, shown] of [[-1e-12, '-1e-12'], ...NOT_NUMBERS]) {
      expect(device({ gamma: value }).message).toBe(`gamma = ${shown}: must be a number ≥ 0`);
    }
    expect(deviceParameters({ gamma: 0 }).gamma).toBe(0);
  });

  test.each(['lambda', 'V'] as const)('%s, which may have either sign and vanish', (field) => {
    for (const [value, shown] of NOT_NUMBERS) {
      expect(device({ [field]: value }).message).toBe(
        `${field} = ${shown}: must be a finite number`,
      );
    }
    for (const value of [-3, 0, 3]) expect(deviceParameters({ [field]: value })[field]).toBe(value);
  });

  test('model', () => {
    expect(device({ model: 'exact' }).message).toBe(
      'model = "exact": must be one of local, global',
    );
  });

  test('what is no object of parameters', () => {
    for (const input of [null, 3, 'beta1', [1]]) {
      expect(device(input as object).message).toMatch(
        /^parameters = .*: must be an object with keys among model, beta1, beta2, /,
      );
    }
  });

  test.each([
    ['beta3', 'beta1'],
    ['betar', 'betaR'],
    ['b1', 'B1'],
    ['gama', 'gamma'],
    ['Lambda', 'lambda'],
    ['xchi', 'chi'],
  ])('the unknown key %s, with the nearest known one', (key, nearest) => {
    const error = device({ [key]: 1 });
    expect(error).toBeInstanceOf(UnknownKeyError);
    expect(error.message).toBe(`unknown key '${key}': did you mean '${nearest}'?`);
  });

  test('a message is a single line, whatever the value', () => {
    expect(device({ beta1: 'a\nb' }).message).toBe('beta1 = "a\\nb": must be a number > 0');
  });
});

describe('what a device does not say is Fig. 2’s', () => {
  test('defaults', () => {
    expect(deviceParameters()).toEqual({
      model: 'local',
      beta1: 0.1,
      beta2: 0.03,
      betaR: 0.09,
      B1: 4,
      B2: 10,
      g: 1,
      chi: 0,
      lambda: 0.1,
      gamma: 5e-5,
      I: 1,
      V: 0,
      V2: 0,
      kappa1: 0,
      kappa2: 0,
    });
  });

  test('what is given is kept, the rest filled in', () => {
    const given = { beta2: 0.05, chi: -0.3, lambda: 0 };
    expect(deviceParameters(given)).toEqual({ ...deviceParameters(), ...given });
  });
});

describe('a window of the rotor', () => {
  const low = 'an integer ≤ 0, given together with lmax';
  const high = 'an integer ≥ 0, given together with lmin';

  test.each([
    [{ lmin: 1, lmax: 5 }, `lmin = 1: must be ${low}`],
    [{ lmin: -5, lmax: -1 }, `lmax = -1: must be ${high}`],
    [{ lmin: -5 }, `lmax is missing: must be ${high}`],
    [
      { lmin: -10, lmax: 1e7 },
      'lmax = 10000000: must be less than lmin + 1048576, with lmin = -10',
    ],
    [{ lmax: 5 }, `lmin is missing: must be ${low}`],
    [{ lmin: 0, lmax: 0 }, 'lmax = 0: must be greater than lmin = 0'],
    [{ lmin: -1.5, lmax: 5 }, `lmin = -1.5: must be ${low}`],
    [{ lmin: -1, lmax: 5.5 }, `lmax = 5.5: must be ${high}`],
    [{ lmin: Number.NaN, lmax: 5 }, `lmin = NaN: must be ${low}`],
    [{ lmin: Number.NEGATIVE_INFINITY, lmax: 5 }, `lmin = -Infinity: must be ${low}`],
    [{ lmin: -5, lmax: Number.POSITIVE_INFINITY }, `lmax = Infinity: must be ${high}`],
    [{ lmin: '-5', lmax: 5 }, `lmin = "-5": must be ${low}`],
  ])('%o is refused', (input, message) => {
    const error = window(input);
    expect(error).toBeInstanceOf(ParameterError);
    expect(error.message).toBe(message);
  });

  test('the edge tolerance lies strictly between 0 and 1', () => {
    for (const edgeTolerance of [0, 1, -1e-9, 2, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(window({ edgeTolerance }).message).toBe(
        `edgeTolerance = ${edgeTolerance}: must be a number with 0 < edgeTolerance < 1`,
      );
    }
  });

  test('an unknown key, with the nearest known one', () => {
    expect(window({ lmaximum: 3 }).message).toBe("unknown key 'lmaximum': did you mean 'lmax'?");
  });

  test('neither bound, or both with 0 between them, is accepted', () => {
    expect(truncation()).toEqual({ lmin: undefined, lmax: undefined, edgeTolerance: 1e-12 });
    expect(truncation({ lmin: 0, lmax: 1 })).toEqual({ lmin: 0, lmax: 1, edgeTolerance: 1e-8 });
    expect(truncation({ lmin: -1, lmax: 0, edgeTolerance: 1e-3 })).toEqual({
      lmin: -1,
      lmax: 0,
      edgeTolerance: 1e-3,
    });
  });
});
