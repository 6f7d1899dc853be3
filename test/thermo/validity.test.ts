import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { validityOf } from '../../src/thermo/deviceValidity.js';
import { type Condition, collisionValidity, describeValidity } from '../../src/thermo/validity.js';
import { numbers } from '../support/arbitrary.js';

const window = rotorWindow(-4, 4);
const of = (input: DeviceInput) => validityOf(deviceParameters(input), window);

const asymmetric = {
  beta1: 0.2,
  beta2: 0.05,
  betaR: 0.5,
  B1: 3,
  B2: 7,
  g: 0.8,
  chi: 0.5,
  lambda: -0.3,
  gamma: 1e-3,
  I: 0.7,
} as const;

describe('the numbers, by hand', () => {
  test('of the local model', () => {
    // g_1 = 0.4, g_2 = 1.2.
    const found = of(asymmetric);
    expect(found.load).toBeCloseTo(0.5 / 2.8, 15);
    expect(found.weakCoupling).toBeCloseTo(Math.max(0.16 / 6, 1.44 / 14), 15);
    expect(found.local).toBeCloseTo(0.3 / 6, 15);
    expect(found).toMatchObject({ localLoad: null, secular: null });
    expect(found).toMatchObject({ verdict: 'doubtful', because: ['load', 'weakCoupling'] });
  });

  test('of the global model', () => {
    const found = of({ ...asymmetric, model: 'global', cutoff: 20 });
    expect(found.load).toBeCloseTo(0.5 / 2.8, 15);
    expect(found.localLoad).toBeCloseTo(1e-3 / 0.3, 15);
    // J(2B)/2B = g_i²/(1 + (2B/Ω)²).
    const [J1, J2] = [0.16 / (1 + 0.3 ** 2), 1.44 / (1 + 0.7 ** 2)];
    expect(found.weakCoupling).toBeCloseTo(J2, 15);
    // J(2B)(2n + 1) = J(2B) coth(βB); h_k = B1 − B2 + (2k + 1)/4I.
    const rate = Math.max((6 * J1) / Math.tanh(0.6), (14 * J2) / Math.tanh(0.35));
    const levels = Array.from({ length: 41 }, (_, i) => i - 20);
    const splitting = Math.min(
      ...levels.map((k) => 2 * Math.hypot(3 - 7 + (2 * k + 1) / 2.8, 0.3)),
    );
    expect(found.secular).toBeCloseTo(rate / splitting, 10);
    expect(found).toMatchObject({
      local: null,
      verdict: 'fails',
      because: ['load', 'weakCoupling', 'secular'],
    });
  });

  test('of collisions, which are exact but for the load', () => {
    expect(collisionValidity(deviceParameters(asymmetric))).toEqual({
      load: 0.5 / 2.8,
      localLoad: null,
      weakCoupling: null,
      local: null,
      secular: null,
      verdict: 'doubtful',
      because: ['load'],
    });
  });

  test('what is not there has no condition', () => {
    const found = of({ model: 'global', gamma: 0, lambda: 0, g: 0.01 });
    expect(found).toMatchObject({ load: null, localLoad: null, secular: null, verdict: 'holds' });
    expect(of({ model: 'global', lambda: 0 }).localLoad).toBeNull();
  });

  test('no window moves them, but by an Ω that follows it', () => {
    const global = deviceParameters({ ...asymmetric, model: 'global' });
    const wide = rotorWindow(-400, 800);
    expect(validityOf(global, wide)).toEqual(validityOf(global, window));
    const following = { ...global, cutoff: 'max-bohr' } as const;
    expect(validityOf(following, wide).weakCoupling).not.toBe(
      validityOf(following, window).weakCoupling,
    );
  });
});

/** A device of which one condition alone is near a border: a little below and above. */
const near: readonly [Condition, (ratio: number) => DeviceInput][] = [
  ['load', (x) => ({ g: 0.01, lambda: 1e-3, betaR: 4 * x })],
  ['weakCoupling', (x) => ({ g: Math.sqrt(8 * x), lambda: 1e-3 })],
  ['local', (x) => ({ g: 0.01, lambda: 8 * x })],
  ['localLoad', (x) => ({ model: 'global', g: 1e-4, lambda: 0.1, gamma: 0.1 * x })],
  // Ω = 2B2, so that J(2B2) = g_2²/2; bath 1, at χ → 1, has next to none.
  ['weakCoupling', (x) => ({ model: 'global', g: Math.sqrt(x / 2), chi: 1 - 1e-9, lambda: 1e4 })],
  [
    'secular',
    (x) => ({
      model: 'global',
      // At B1 − B2 = −1/4I levels are in resonance: the splitting is 2λ.
      I: 1,
      B1: 4,
      B2: 4.25,
      lambda: 0.2,
      chi: 1 - 1e-9,
      beta2: 1,
      // J(2B2) = g_2²B2, and coth(4.25) for n.
      g: Math.sqrt((0.4 * x * Math.tanh(4.25)) / 4.25) / 2,
    }),
  ],
];

describe('the verdict on each side of its borders', () => {
  test.each(near)('%s', (name, input) => {
    for (const [border, below, above] of [
      [0.1, 'holds', 'doubtful'],
      [1, 'doubtful', 'fails'],
    ] as const) {
      const under = of(input(border * (1 - 1e-6)));
      const over = of(input(border * (1 + 1e-6)));
      expect(under[name]).toBeCloseTo(border, 5);
      expect(over[name]).toBeGreaterThan(border);
      expect(under.verdict).toBe(below);
      expect(over.verdict).toBe(above);
      expect(over.because).toEqual([name]);
    }
  });

  test('a border itself is not above it', () => {
    expect(of({ g: 0.01, lambda: 1e-3, betaR: 0.4 })).toMatchObject({ load: 0.1, because: [] });
  });

  test('the worst condition makes it, every one that does not hold is named', () => {
    const found = of({ betaR: 2, lambda: 9 });
    expect(found).toMatchObject({ verdict: 'fails', because: ['load', 'weakCoupling', 'local'] });
  });
});

test('a line has the numbers first, and then the verdict', () => {
  expect(describeValidity(of({}))).toBe(
    'β_r/4I = 0.0225, J/2B = 0.125, |λ|/2B = 0.0125: doubtful, J/2B > 0.1',
  );
  expect(describeValidity(of({ g: 0.1, lambda: 20 }))).toBe(
    'β_r/4I = 0.0225, J/2B = 0.00125, |λ|/2B = 2.5: fails, |λ|/2B > 1',
  );
  expect(describeValidity(of({ g: 0.1 }))).toMatch(/: holds, none above 0\.1$/);
  expect(describeValidity(collisionValidity(deviceParameters({ gamma: 0 })))).toMatch(/^holds/);
});

test('every device has numbers ≥ 0 for what its model has to meet, its mirror image the same', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('local', 'global'), (input, model) => {
      const found = of({ ...input, model });
      const { beta1, beta2, B1, B2, chi } = input;
      const mirrored = { beta1: beta2, beta2: beta1, B1: B2, B2: B1, chi: -chi };
      const mirror = of({ ...input, ...mirrored, model });
      for (const name of ['load', 'localLoad', 'weakCoupling', 'local', 'secular'] as const) {
        const value = found[name];
        if (value === null) {
          expect(mirror[name]).toBeNull();
          continue;
        }
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Math.abs(mirror[name]! - value)).toBeLessThanOrEqual(1e-9 * value);
      }
    }),
  );
});
