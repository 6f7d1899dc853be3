/** Many jump operators collected are the same map as one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullSpace } from '../../src/generator/classes.js';
import { collectedRules, isCollected } from '../../src/generator/collectedJumps.js';
import { generatorOf } from '../../src/generator/generator.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { jumpRules, sandwiches } from '../../src/generator/rules.js';
import { Dense } from '../support/dense.js';
import { denseOfFactors, factors, projectOperator, windows } from '../support/denseModel.js';
import { denseGenerator, denseOperator } from '../support/generators.js';
import { denseLindbladian } from '../support/openSystems.js';

/** Half as wide as the widest: superoperators grow with the fourth power. */
const narrow = windows.filter(({ size }) => size <= 3);
const some = fc.array(factors, { minLength: 2, maxLength: 4 });

describe('collected terms', () => {
  test('are Σ factor · AρB†, of operators that need not be the same on both sides', () => {
    fc.assert(
      fc.property(narrow, some, some, (window, lefts, rights) => {
        const count = Math.min(lefts.length, rights.length);
        const factorsOf = Array.from({ length: count }, (_, j) => (j % 2 === 0 ? 0.7 : -1.3));
        const terms = factorsOf.map((factor, j) => ({
          left: projectOperator(window, lefts[j]),
          right: projectOperator(window, rights[j]),
          factor,
        }));
        const space = fullSpace({ states: 4, window });
        const found = denseGenerator(generatorOf(space, collectedRules(terms)));
        const wanted = factorsOf.reduce((sum, factor, j) => {
          const [a, b] = [denseOfFactors(window, lefts[j]), denseOfFactors(window, rights[j])];
          return sum.plus(a.kron(b.conjugate()), factor);
        }, new Dense(found.n));
        expect(found.plus(wanted, -1).max()).toBeLessThan(1e-13 * Math.max(1, wanted.max()));
      }),
      { numRuns: 40 },
    );
  });

  test('are dissipators where a bath has many jumps of the same transitions', () => {
    fc.assert(
      fc.property(narrow, factors, fc.integer({ min: 1, max: 1000 }), (window, own, seed) => {
        const one = projectOperator(window, own);
        const many = Array.from({ length: 40 }, (_, j) => ({
          window,
          transitions: one.transitions.map((t, k) => ({
            ...t,
            coefficient: { re: Math.sin(seed + 3 * j + 7 * k), im: Math.cos(seed * j + k) },
          })),
        }));
        const jumps = { bath: { operators: many, resolved: [] } };
        const system = { states: 4, window, hamiltonian: { window, transitions: [] }, jumps };
        if (one.transitions.length > 0) {
          expect(isCollected(many.map((a) => ({ left: a, right: a, factor: 1 })))).toBe(true);
          expect(jumpRules(many).every(({ delta }) => delta !== null)).toBe(true);
        }
        const found = denseGenerator(lindbladian(system, 'full').total);
        const wanted = denseLindbladian(system);
        expect(found.plus(wanted, -1).max()).toBeLessThan(1e-12 * Math.max(1, wanted.max()));
      }),
      { numRuns: 20 },
    );
  });

  test('of a few are left as they are', () => {
    const window = { lmin: -1, lmax: 1, size: 3 };
    const x = projectOperator(window, {
      qubits: [{ to: 0, from: 2, value: { re: 1, im: 0 } }],
      rotor: [{ shift: 1, f: null }],
    });
    const rules = sandwiches([
      { left: x, right: x, factor: 1 },
      { left: x, right: x, factor: 2 },
    ]);
    expect(rules.map(({ delta }) => delta)).toEqual([null, null]);
    expect(denseOperator(x).max()).toBe(1);
  });
});
