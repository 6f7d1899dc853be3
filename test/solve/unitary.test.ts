import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SparseSymmetric } from '../../src/operators/sparseSymmetric.js';
import {
  besselFunctions,
  type Unitary,
  unitary,
  unitaryByChebyshev,
  unitaryByEigenvectors,
} from '../../src/solve/unitary.js';
import { between } from '../support/arbitrary.js';
import { preciseUnitary } from '../support/preciseUnitary.js';

/** Numbers of a size that energies have: the library's eigensolver fails at the smallest of float64. */
const energy = (most: number) => between(-most, most).map((x) => (Math.abs(x) < 1e-12 ? 0 : x));

/** Chains with couplings to neighbours and next neighbours, some of them 0. */
const chain = fc
  .integer({ min: 1, max: 14 })
  .chain((size) =>
    fc.record({
      diagonal: fc.array(energy(20), { minLength: size, maxLength: size }),
      near: fc.array(fc.oneof(fc.constant(0), energy(3)), {
        minLength: 2 * size,
        maxLength: 2 * size,
      }),
    }),
  )
  .map(({ diagonal, near }) => ({
    diagonal: Float64Array.from(diagonal),
    couplings: near
      .map((value, at) => ({ i: at >> 1, j: (at >> 1) + 1 + (at & 1), value }))
      .filter(({ j, value }) => value !== 0 && j < diagonal.length),
  }));

/** U_ij, e^{−i·phase} included. */
function entry({ size, phase, re, im }: Unitary, i: number, j: number): [number, number] {
  const [a, b] = [re[i * size + j], im[i * size + j]];
  const [c, s] = [Math.cos(phase), Math.sin(phase)];
  return [c * a + s * b, c * b - s * a];
}

describe('e^{−iHt}', () => {
  /** What rounding may leave: that of the phases of the largest energies there are. */
  const rounding = ({ diagonal, couplings }: SparseSymmetric, t: number) => {
    const sizes = Array.from(diagonal, Math.abs);
    for (const { i, j, value } of couplings) {
      sizes[i] += Math.abs(value);
      sizes[j] += Math.abs(value);
    }
    return 1e-15 * (10 + Math.max(...sizes) * t);
  };

  test.each([
    ['Chebyshev polynomials', unitaryByChebyshev],
    ['eigenvectors', unitaryByEigenvectors],
  ])('by %s, against 40 digits', (_, way) => {
    fc.assert(
      fc.property(chain, between(0, 20), (h, t) => {
        const found = way(h, t);
        preciseUnitary(h, t).forEach((row, i) => {
          row.forEach(([re, im], j) => {
            const [a, b] = entry(found, i, j);
            expect(Math.hypot(a - re, b - im)).toBeLessThan(rounding(h, t));
          });
        });
      }),
      { numRuns: 20 },
    );
  });

  test('by Chebyshev polynomials is that by eigenvectors', () => {
    fc.assert(
      fc.property(chain, between(0, 20), (h, t) => {
        const a = unitaryByChebyshev(h, t);
        const b = unitaryByEigenvectors(h, t);
        for (let i = 0; i < a.size; i++) {
          for (let j = 0; j < a.size; j++) {
            const [x, y] = [entry(a, i, j), entry(b, i, j)];
            expect(Math.hypot(x[0] - y[0], x[1] - y[1])).toBeLessThan(2 * rounding(h, t));
          }
        }
      }),
    );
  });

  test('is unitary, and its narrowed rows hold all that is not rounding', () => {
    fc.assert(
      fc.property(chain, fc.oneof(between(0, 0.2), between(0, 500)), (h, t) => {
        const u = unitary(h, t);
        for (let i = 0; i < u.size; i++) {
          let norm = 0;
          for (let j = u.first[i]; j < u.end[i]; j++) {
            norm += u.re[i * u.size + j] ** 2 + u.im[i * u.size + j] ** 2;
          }
          expect(Math.abs(norm - 1)).toBeLessThan(1e-13);
        }
      }),
    );
  });

  test('of two levels is Rabi’s oscillation', () => {
    const h = { diagonal: Float64Array.of(1, 1), couplings: [{ i: 0, j: 1, value: 0.5 }] };
    for (const t of [0.1, 1, 30]) {
      const [re, im] = entry(unitary(h, t), 0, 1);
      expect(re).toBeCloseTo(-Math.sin(0.5 * t) * Math.sin(t), 14);
      expect(im).toBeCloseTo(-Math.sin(0.5 * t) * Math.cos(t), 14);
    }
  });
});

describe('Bessel functions', () => {
  test('to 15 digits', () => {
    // Abramowitz and Stegun, table 9.1.
    const tabulated: readonly [number, number, number][] = [
      [0, 1, 0.765197686557967],
      [1, 1, 0.440050585744934],
      [0, 10, -0.245935764451348],
      [1, 5, -0.327579137591465],
    ];
    for (const [k, z, value] of tabulated) expect(besselFunctions(z)[k]).toBeCloseTo(value, 14);
  });

  test('J_0² + 2 Σ J_k² = 1, and no term that matters is missing', () => {
    for (const z of [0, 1e-9, 0.3, 7, 120, 4000]) {
      const values = besselFunctions(z);
      const sum = values.reduce((total, j, k) => total + (k === 0 ? 1 : 2) * j * j, 0);
      expect(sum).toBeCloseTo(1, 12);
      expect(values.length).toBeGreaterThan(z);
    }
  });
});
