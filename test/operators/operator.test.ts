import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { device } from '../../src/model/device.js';
import { angularMomentum, angularMomentumSquared } from '../../src/model/hamiltonian.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { cosine, sine } from '../../src/model/potential.js';
import { identity, isUp, lowering } from '../../src/model/qubits.js';
import {
  adjoint,
  adjointProduct,
  type Operator,
  operator,
  scale,
  sum,
} from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { Dense, hamiltonians, operators } from '../support/dense.js';
import { denseOfFactors, factors, projectOperator, windows } from '../support/denseModel.js';
import { denseOperator } from '../support/generators.js';

/** Sums of a few products of numbers up to 2, each rounded once or twice. */
const ROUNDING = 1e-13;

function expectSame(found: Operator, expected: Dense, tolerance = ROUNDING): void {
  expect(denseOperator(found).plus(expected, -1).max()).toBeLessThanOrEqual(
    tolerance * Math.max(1, expected.max()),
  );
}

function expectMerged({ transitions }: Operator): void {
  const names = transitions.map(({ to, from, shift }) => `${to} ${from} ${shift}`);
  expect(new Set(names).size).toBe(names.length);
}

/** A·B. */
const multiply = (a: Operator, b: Operator): Operator => adjointProduct(adjoint(a), b);

describe('the algebra of operators is that of their truncated matrices', () => {
  test('an operator is the Kronecker product of its factors, f before the shift', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const built = projectOperator(window, a);
        expectSame(built, denseOfFactors(window, a));
        expectMerged(built);
      }),
      { numRuns: 200 },
    );
  });

  test('sum', () => {
    fc.assert(
      fc.property(windows, factors, factors, factors, (window, a, b, c) => {
        const built = sum(window, ...[a, b, c].map((x) => projectOperator(window, x)));
        const expected = [a, b, c]
          .map((x) => denseOfFactors(window, x))
          .reduce((x, y) => x.plus(y));
        expectSame(built, expected);
        expectMerged(built);
      }),
      { numRuns: 100 },
    );
  });

  test('a sum with an operator’s negative is zero', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const built = projectOperator(window, a);
        expect(denseOperator(sum(window, built, scale(built, -1))).max()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('scaling by a real or a complex number', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const built = projectOperator(window, a);
        const expected = denseOfFactors(window, a);
        expectSame(scale(built, -1.5), expected.times(-1.5));
        expectSame(scale(built, { re: 0.5, im: -2 }), expected.times(0.5, -2));
      }),
      { numRuns: 50 },
    );
  });

  test('the adjoint is the conjugate transpose, exactly, and its own inverse', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const built = projectOperator(window, a);
        expectSame(adjoint(built), denseOperator(built).dagger(), 0);
        expectSame(adjoint(adjoint(built)), denseOperator(built), 0);
      }),
      { numRuns: 100 },
    );
  });

  test('the product is that of the matrices: what leaves the window does not come back', () => {
    fc.assert(
      fc.property(windows, factors, factors, (window, a, b) => {
        const built = multiply(projectOperator(window, a), projectOperator(window, b));
        expectSame(built, denseOfFactors(window, a).dot(denseOfFactors(window, b)));
        expectMerged(built);
      }),
      { numRuns: 200 },
    );
  });

  test('products of three, in either order of multiplication', () => {
    fc.assert(
      fc.property(windows, factors, factors, factors, (window, a, b, c) => {
        const [x, y, z] = [a, b, c].map((factor) => projectOperator(window, factor));
        const expected = [a, b, c]
          .map((factor) => denseOfFactors(window, factor))
          .reduce((m, n) => m.dot(n));
        expectSame(multiply(multiply(x, y), z), expected);
        expectSame(multiply(x, multiply(y, z)), expected);
      }),
      { numRuns: 60 },
    );
  });

  test('the truncated shift is not unitary: e^{iφ}e^{−iφ} lacks the lowest level, e^{−iφ}e^{iφ} the highest', () => {
    const window = rotorWindow(-1, 1);
    const up = operator(window, identity, { shift: 1 });
    const diagonal = (x: Operator) => {
      const m = denseOperator(x);
      return [0, 1, 2].map((i) => m.re[i * m.n + i]);
    };
    expect(diagonal(multiply(up, adjoint(up)))).toEqual([0, 1, 1]);
    expect(diagonal(multiply(adjoint(up), up))).toEqual([1, 1, 0]);
  });

  test('a shift as wide as the window is zero', () => {
    for (const shift of [-5, -3, 3, 5]) {
      const x = operator(rotorWindow(-1, 1), identity, { shift });
      expect(denseOperator(x).max()).toBe(0);
      expect(denseOperator(multiply(adjoint(x), x)).max()).toBe(0);
    }
  });

  test('a sum of none has no transitions and adds nothing', () => {
    const window = rotorWindow(-1, 1);
    expect(sum(window).transitions).toEqual([]);
    const x = angularMomentum(window);
    expectSame(sum(window, sum(window), x), denseOperator(x), 0);
    expect(multiply(x, sum(window)).transitions).toEqual([]);
  });
});

describe('the operators of the model are those of the paper', () => {
  const p = {
    beta1: 0.3,
    beta2: 0.07,
    betaR: 0.4,
    B1: 1.5,
    B2: 2.5,
    g: 0.8,
    chi: 0.3,
    lambda: 0.35,
    gamma: 1e-2,
    I: 1.7,
    V: -0.6,
  };

  test.each([
    [-3, 2],
    [0, 1],
    [-1, 0],
    [2, 5],
  ])('on the window [%d, %d]', (lmin, lmax) => {
    const window = rotorWindow(lmin, lmax);
    const { Lz, cos, sin, lower1, lower2 } = operators(lmin, lmax);
    const h = hamiltonians(p, lmin, lmax);
    const exact = (found: Operator, expected: Dense) => expectSame(found, expected, 1e-15);
    exact(angularMomentum(window), Lz);
    exact(angularMomentumSquared(window), Lz.dot(Lz));
    exact(cosine(window), cos);
    exact(sine(window), sin);
    const { energies, system, rotorHamiltonian } = device(deviceParameters(p), window);
    const names = ['qubit1', 'qubit2', 'kinetic', 'interaction', 'potential'] as const;
    for (const name of names) exact(energies[name], h[name]);
    exact(
      system.hamiltonian,
      names.map((name) => h[name]).reduce((x, y) => x.plus(y)),
    );
    expectMerged(system.hamiltonian);
    // On whatever state of the qubits.
    const transitions = identity.flatMap(({ to: s }) =>
      rotorHamiltonian.transitions.map((t) => ({ ...t, to: s, from: s })),
    );
    exact({ window, transitions }, h.kinetic.plus(h.potential));
    exact(operator(window, lowering(1), { shift: 0 }), lower1);
    exact(operator(window, lowering(2), { shift: 0 }), lower2);
  });

  test('[e^{iφ}, L_z] = −e^{iφ}', () => {
    const window = rotorWindow(-3, 4);
    const up = operator(window, identity, { shift: 1 });
    const Lz = angularMomentum(window);
    const commutator = sum(window, multiply(up, Lz), scale(multiply(Lz, up), -1));
    expectSame(commutator, denseOperator(up).times(-1), 0);
  });

  test('index 2·n1 + n2: qubit 1 is up in states 2 and 3, qubit 2 in 1 and 3', () => {
    expect([0, 1, 2, 3].map((s) => isUp(1, s))).toEqual([false, false, true, true]);
    expect([0, 1, 2, 3].map((s) => isUp(2, s))).toEqual([false, true, false, true]);
  });

  test('local jumps are √(g²n) σ⁺ and √(g²(n+1)) σ⁻', () => {
    const { lower1, lower2 } = operators(-1, 1);
    for (const [qubit, lower] of [
      [1, lower1],
      [2, lower2],
    ] as const) {
      const { system } = device(deviceParameters(p), rotorWindow(-1, 1));
      const [up, down] = system.jumps[`bath${qubit}`].operators;
      const [beta, field] = qubit === 1 ? [p.beta1, p.B1] : [p.beta2, p.B2];
      const n = 1 / Math.expm1(2 * beta * field);
      const g = p.g * (qubit === 1 ? 1 - p.chi : 1 + p.chi);
      expectSame(up, lower.dagger().times(g * Math.sqrt(n)), 1e-14);
      expectSame(down, lower.times(g * Math.sqrt(n + 1)), 1e-14);
    }
  });

  test('the load’s jumps are √(Iγ/β_r) e^{±iφ}(1 ∓ β_rL_z/4I)', () => {
    const { shift, Lz, dimension } = operators(-4, 5);
    const one = Dense.identity(dimension);
    const a = p.betaR / (4 * p.I);
    const amplitude = Math.sqrt((p.I * p.gamma) / p.betaR);
    const [raise, lower] = device(deviceParameters(p), rotorWindow(-4, 5)).system.jumps.load
      .operators;
    expectSame(raise, shift.dot(one.plus(Lz, -a)).times(amplitude), 1e-15);
    expectSame(lower, shift.dagger().dot(one.plus(Lz, a)).times(amplitude), 1e-15);
  });
});
