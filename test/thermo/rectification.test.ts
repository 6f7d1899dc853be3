import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  angularRectification,
  heatRectification,
  performance,
} from '../../src/thermo/rectification.js';
import { between } from '../support/arbitrary.js';

const units = { lambda: 0.1, g: 0.5 };
const flow = between(-50, 50).filter((x) => Math.abs(x) > 1e-3);

describe('heat, Eqs. (39) and (40)', () => {
  test('by hand', () => {
    const { R, J } = heatRectification(0.03, 0.01, units);
    expect(R).toBeCloseTo(0.5, 14);
    expect(J).toBeCloseTo(0.03 / (0.1 * 0.25), 14);
  });

  test('equal flows are not rectified, a blocked one wholly', () => {
    expect(heatRectification(0.2, 0.2, units).R).toBe(0);
    expect(heatRectification(0.2, 0, units).R).toBe(1);
    expect(heatRectification(0, 0.2, units).R).toBe(1);
  });

  test('the sign of λ does not make J negative', () => {
    expect(heatRectification(0.03, 0.01, { lambda: -0.1, g: 0.5 }).J).toBeCloseTo(1.2, 14);
  });
});

describe('angular momentum, Eqs. (42) and (43)', () => {
  test('by hand: |⟨L_z⟩| 6 one way round and 2 the other', () => {
    for (const definition of ['signed', 'magnitude'] as const) {
      expect(angularRectification(6, 2, definition)).toEqual({ R: 0.5, J: 6 });
      expect(angularRectification(-2, -6, definition)).toEqual({ R: 0.5, J: 6 });
    }
    expect(angularRectification(6, -2, 'signed')).toEqual({ R: 2, J: 6 });
    expect(angularRectification(6, -2, 'magnitude')).toEqual({ R: 0.5, J: 6 });
  });

  test('as printed exceeds 1 exactly where ⟨L_z⟩ changes sign on swapping', () => {
    fc.assert(
      fc.property(flow, flow, (a, b) => {
        fc.pre(a !== -b);
        const { R } = angularRectification(a, b, 'signed');
        expect(R > 1).toBe(a * b < 0);
      }),
    );
  });

  test('of magnitudes it lies in [0, 1] and equals the printed one where the sign is kept', () => {
    fc.assert(
      fc.property(flow, flow, (a, b) => {
        const { R } = angularRectification(a, b, 'magnitude');
        expect(R).toBeGreaterThanOrEqual(0);
        expect(R).toBeLessThanOrEqual(1);
        if (a * b > 0) expect(R).toBe(angularRectification(a, b, 'signed').R);
      }),
    );
  });

  test('one definition is the other’s inverse where the sign changes', () => {
    fc.assert(
      fc.property(flow, flow, (a, b) => {
        fc.pre(a * b < 0 && Math.abs(a + b) > 1e-6);
        const product =
          angularRectification(a, b, 'signed').R * angularRectification(a, b, 'magnitude').R;
        expect(product).toBeCloseTo(1, 12);
      }),
    );
  });
});

test('exchanging the two directions changes neither R nor J', () => {
  fc.assert(
    fc.property(flow, flow, (a, b) => {
      fc.pre(a !== -b);
      expect(heatRectification(a, b, units)).toEqual(heatRectification(b, a, units));
      for (const definition of ['signed', 'magnitude'] as const) {
        expect(angularRectification(a, b, definition)).toEqual(
          angularRectification(b, a, definition),
        );
      }
    }),
  );
});

test('Γ_α, Eqs. (41) and (44), goes from J at α = 0 to R at α = 1, linearly', () => {
  const found = { R: 0.8, J: 1.4 };
  expect(performance(found, 0)).toBe(1.4);
  expect(performance(found, 1)).toBe(0.8);
  expect(performance(found, 0.25)).toBeCloseTo(0.25 * 0.8 + 0.75 * 1.4, 14);
});
