import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { type Operation, performanceOf } from '../../src/thermo/operation.js';
import { decades, device } from '../support/arbitrary.js';

const baths = { beta1: 0.1, beta2: 0.03 };

test.each([
  ['engine', -7, 10, -2],
  ['accelerator', -13, 10, 2],
  ['refrigerator', 3, -5, 2],
  ['other', 3, -5, -2],
  ['other', -3, -5, 8],
  ['other', 3, 5, -8],
  ['other', -10, 10, 0],
  // A third bath, the load, lets two positive heats and a positive work be; the hot bath then is not heated.
  ['other', 3, 5, 2],
  // A flow that is 0 has no direction.
  ['other', 0, 10, -2],
  ['other', 0, 10, 2],
  ['other', -7, 0, -2],
  ['other', -7, 0, 2],
  ['other', 0, -5, 2],
  ['other', 3, 0, 2],
  ['other', 3, -5, 0],
] as const)('%s: Q1 = %d, Q2 = %d, W = %d', (operation, Q1, Q2, WQ) => {
  const found = performanceOf(baths, { Q1, Q2, Qr: 0 }, WQ);
  expect(found.operation).toBe(operation);
  // The hot bath is named by its temperature, and not by the qubit.
  const mirrored = performanceOf({ beta1: 0.03, beta2: 0.1 }, { Q1: Q2, Q2: Q1, Qr: 0 }, WQ);
  expect(mirrored).toEqual(found);
});

test('efficiency, COP and their bounds, by hand', () => {
  const engine = performanceOf(baths, { Q1: -7, Q2: 10, Qr: 0 }, -3);
  expect(engine.efficiency).toBeCloseTo(0.3, 15);
  expect(engine.cop).toBeNull();
  expect(engine.carnotEfficiency).toBeCloseTo(0.7, 15);
  expect(engine.carnotCop).toBeCloseTo(10 / 7, 14);
  expect(engine.refrigeratorBound).toBeCloseTo(3 / 7, 14);
  const refrigerator = performanceOf(baths, { Q1: 3, Q2: -13, Qr: 0 }, 10);
  expect(refrigerator.cop).toBeCloseTo(0.3, 15);
  expect(refrigerator.efficiency).toBeNull();
});

test('at equal temperatures no bath is hot', () => {
  const found = performanceOf({ beta1: 0.1, beta2: 0.1 }, { Q1: 3, Q2: -5, Qr: 0 }, 2);
  expect(found).toMatchObject({ operation: 'other', cop: null, efficiency: null });
  expect(found).toMatchObject({ carnotEfficiency: 0, carnotCop: null, refrigeratorBound: null });
});

test('what is above its bound is marked', () => {
  const exceeded = (Q1: number, Q2: number, WQ: number) =>
    performanceOf(baths, { Q1, Q2, Qr: 0 }, WQ).boundExceeded;
  expect(exceeded(-2.9, 10, -7.1)).toBe(true);
  expect(exceeded(-3.1, 10, -6.9)).toBe(false);
  expect(exceeded(4.3, -14, 10)).toBe(true);
  expect(exceeded(4.2, -14, 10)).toBe(false);
});

test('a device at its bound, as a reversible one is, does not exceed it', () => {
  const reversible = { beta1: 0.5, beta2: 0.25 };
  const engine = performanceOf(reversible, { Q1: -5, Q2: 10, Qr: 0 }, -5);
  expect(engine).toMatchObject({ efficiency: 0.5, carnotEfficiency: 0.5, boundExceeded: false });
  const refrigerator = performanceOf(reversible, { Q1: 5, Q2: -10, Qr: 0 }, 5);
  expect(refrigerator).toMatchObject({ cop: 1, refrigeratorBound: 1, boundExceeded: false });
});

test('the three bounds of two temperatures are one: a heat pump’s is 1/η_C, a refrigerator’s 1 less', () => {
  fc.assert(
    fc.property(decades(0.01, 10), decades(0.01, 10), (beta1, beta2) => {
      fc.pre(Math.abs(beta1 - beta2) > 1e-3 * beta1);
      const found = performanceOf({ beta1, beta2 }, { Q1: 0, Q2: 0, Qr: 0 }, 0);
      const { carnotEfficiency, carnotCop, refrigeratorBound } = found;
      expect(carnotEfficiency).toBeGreaterThan(0);
      expect(carnotEfficiency).toBeLessThan(1);
      expect(Number(carnotCop) * carnotEfficiency).toBeCloseTo(1, 12);
      expect(Number(refrigeratorBound) / (Number(carnotCop) - 1)).toBeCloseTo(1, 8);
      // As temperatures: T_cold/(T_hot − T_cold).
      const [cold, hot] = [1 / Math.max(beta1, beta2), 1 / Math.min(beta1, beta2)];
      expect(Number(refrigeratorBound) / (cold / (hot - cold))).toBeCloseTo(1, 8);
    }),
  );
});

test('a device and its mirror image do the same: magnitudes equal, the rotor reversed', () => {
  const chosen = truncation({});
  const seen = new Set<Operation>();
  fc.assert(
    fc.property(device('local'), (values) => {
      const { beta1, beta2, B1, B2, chi } = deviceParameters(values);
      const original = deviceParameters(values);
      const mirrored = deviceParameters({
        ...values,
        ...{ beta1: beta2, beta2: beta1, B1: B2, B2: B1 },
        chi: -(chi ?? 0),
      });
      const [a, b] = [original, mirrored].map((p) =>
        steadyObservables(steadyState(p, chosen), chosen),
      );
      const largest = Math.max(...[a.heat.Q1, a.heat.Q2, a.work.WQ].map(Math.abs));
      for (const [x, y] of [
        [a.heat.Q1, b.heat.Q2],
        [a.heat.Q2, b.heat.Q1],
        [a.work.WQ, b.work.WQ],
      ]) {
        expect(Math.abs(x - y)).toBeLessThan(1e-9 * largest);
      }
      expect(Math.abs(a.rotor.Lz + b.rotor.Lz)).toBeLessThan(1e-9 * Math.sqrt(Number(a.rotor.Lz2)));
      // Flows without digits have no sign to be told apart by.
      if (Math.min(...[a.heat.Q1, a.heat.Q2, a.work.WQ].map(Math.abs)) < 1e-9 * largest) return;
      seen.add(a.operation);
      expect(b.operation).toBe(a.operation);
      expect(b.carnotEfficiency).toBe(a.carnotEfficiency);
      expect(b.carnotCop).toBe(a.carnotCop);
      expect(b.refrigeratorBound).toBe(a.refrigeratorBound);
      expect(b.boundExceeded).toBe(a.boundExceeded);
      for (const name of ['efficiency', 'cop'] as const) {
        if (a[name] === null) expect(b[name]).toBeNull();
        else expect(Math.abs(Number(b[name]) / a[name] - 1)).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 60 },
  );
  expect(seen.size).toBeGreaterThan(2);
});
