import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClassName, spaceOf } from '../../src/generator/classes.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { identity } from '../../src/model/qubits.js';
import { adjoint, operator, QUBIT_STATES, sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { rotorState } from '../../src/state/reduce.js';
import {
  eigenvalues,
  hasOnlyPairs,
  matrixOf,
  operatorEigenvalues,
} from '../../src/state/spectrum.js';
import { between, numbers, numbersWithPotential, smallWindow } from '../support/arbitrary.js';
import { Dense, hamiltonians, hermitianEigenvalues } from '../support/dense.js';
import { denseOfFactors, factors, projectOperator, windows } from '../support/denseModel.js';
import { denseEigenvalues } from '../support/denseSpectrum.js';
import { denseState, spaceVector } from '../support/generators.js';
import { preciseEigenvalues } from '../support/preciseEigenvalues.js';

const rising = (values: Float64Array) => Array.from(values).sort((a, b) => a - b);

function expectSame(found: Float64Array, wanted: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(wanted.length);
  rising(found).forEach((value, i) => {
    expect(Math.abs(value - wanted[i]), `eigenvalue ${i}`).toBeLessThanOrEqual(tolerance);
  });
}

describe('an operator’s matrix', () => {
  test('is stored by its own classes', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const { space, elements } = matrixOf(projectOperator(window, a), QUBIT_STATES);
        const wanted = denseOfFactors(window, a);
        expect(denseState(space, elements).plus(wanted, -1).max()).toBeLessThan(1e-13);
      }),
      { numRuns: 100 },
    );
  });
});

describe('eigenvalues of an operator', () => {
  test('are those of its matrix, for Hamiltonians with and without a potential', () => {
    fc.assert(
      fc.property(
        fc.oneof(numbers, numbersWithPotential),
        smallWindow,
        (values, { lmin, lmax }) => {
          const window = rotorWindow(lmin, lmax);
          const { hamiltonian, states } = device(deviceParameters(values), window).system;
          const matrix = matrixOf(hamiltonian, states);
          expect(operatorEigenvalues(hamiltonian, states)).toEqual(eigenvalues(matrix));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('with tables and coefficients that have imaginary parts', () => {
    const window = rotorWindow(-1, 2);
    const f = (l: number) => ({ re: 0.3 * l, im: 1 - l });
    const half = operator(window, [{ to: 2, from: 1, value: { re: 0.2, im: 0.7 } }], {
      shift: 1,
      f,
    });
    const levels = operator(window, identity, { shift: 0, f: (l) => l / 3 });
    const whole = sum(window, levels, half, adjoint(half));
    const found = operatorEigenvalues(whole, QUBIT_STATES);
    const { space, elements } = matrixOf(whole, QUBIT_STATES);
    expect(hasOnlyPairs(space)).toBe(true);
    expectSame(found, preciseEigenvalues(denseState(space, elements)), 1e-15);
  });
});

test('an operator whose shift is wider than the window has an empty matrix', () => {
  const window = rotorWindow(0, 1);
  const one = operator(window, identity, { shift: 0 });
  const wide = operator(window, identity, { shift: 3 });
  const { space, elements } = matrixOf(sum(window, one, wide), QUBIT_STATES);
  expect(denseState(space, elements).plus(Dense.identity(8), -1).max()).toBe(0);
});

describe('eigenvalues of Hermitian matrices', () => {
  test('closed form in pairs = this project’s dense solver = another, for steady states', () => {
    fc.assert(
      fc.property(numbers, smallWindow, (values, { lmin, lmax }) => {
        const { rho } = steadyStateOn(deviceParameters(values), rotorWindow(lmin, lmax));
        expect(hasOnlyPairs(rho.space)).toBe(true);
        const closed = eigenvalues(rho);
        const dense = denseState(rho.space, rho.elements);
        expectSame(closed, preciseEigenvalues(dense), 2e-16);
        // A general solver is right to a few units of rounding for each row; there are up to 32.
        expectSame(closed, rising(denseEigenvalues(rho)), 1e-14);
        expectSame(closed, hermitianEigenvalues(dense), 1e-14);
      }),
      { numRuns: 30 },
    );
  });

  test('closed form in pairs for any populations and coherences, positive or not', () => {
    const window = rotorWindow(-1, 2);
    const { space } = lindbladian(device(deviceParameters(), window).system, 'sector');
    const D = 4 * window.size;
    fc.assert(
      fc.property(
        fc.array(between(-1, 1), {
          minLength: 2 * D * D,
          maxLength: 2 * D * D,
        }),
        (x) => {
          const any = Dense.from(D, (i, j) => [x[2 * (i * D + j)], x[2 * (i * D + j) + 1]]);
          const rho = { space, elements: spaceVector(space, any.plus(any.dagger())) };
          const wanted = preciseEigenvalues(denseState(space, rho.elements));
          // Twice the distance of neighbouring numbers at the largest there can be, 2 + √8.
          expectSame(eigenvalues(rho), wanted, 2e-15);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('of H_S, without and with a potential', () => {
    fc.assert(
      fc.property(numbersWithPotential, smallWindow, (values, { lmin, lmax }) => {
        for (const V of [0, values.V]) {
          const given = { ...values, V };
          const { system } = device(deviceParameters(given), rotorWindow(lmin, lmax));
          const wanted = hermitianEigenvalues(hamiltonians(given, lmin, lmax).total);
          const size = Math.max(...wanted.map(Math.abs));
          expectSame(
            eigenvalues(matrixOf(system.hamiltonian, system.states)),
            wanted,
            1e-14 * size,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of any Hermitian operator', () => {
    fc.assert(
      fc.property(windows, factors, (window, a) => {
        const half = projectOperator(window, a);
        // A basis state counts where its diagonal class is there.
        const one = operator(window, identity, { shift: 0 });
        const dense = denseOfFactors(window, a);
        const wanted = hermitianEigenvalues(
          dense.plus(dense.dagger()).plus(Dense.identity(dense.n)),
        );
        expectSame(
          eigenvalues(matrixOf(sum(window, half, adjoint(half), one), QUBIT_STATES)),
          wanted,
          1e-13 * Math.max(1, ...wanted.map(Math.abs)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('of the rotor’s reduced state in the sector: its populations', () => {
    const state = steadyStateOn(deviceParameters(), rotorWindow(-6, 8));
    const rotor = rotorState(state.rho);
    expect(rotor.space.classes.map(({ delta }) => delta)).toEqual([0]);
    expectSame(eigenvalues(rotor), rising(denseEigenvalues(rotor)), 1e-16);
  });

  test('the small eigenvalue of a nearly pure pair keeps its digits', () => {
    const window = rotorWindow(0, 1);
    const pair: ClassName[] = [
      { ket: 1, bra: 1, delta: 0 },
      { ket: 2, bra: 2, delta: 0 },
      { ket: 2, bra: 1, delta: 1 },
      { ket: 1, bra: 2, delta: -1 },
    ];
    const space = spaceOf({ states: QUBIT_STATES, window }, pair);
    const elements = new Float64Array(2 * space.size);
    // |10, 1⟩ and |01, 0⟩ with populations 1 and 2^−60 and coherence 2^−40: 2^−60 − 2^−80 is left.
    elements[2 * space.classes[0].offset] = 2 ** -60;
    elements[2 * (space.classes[1].offset + 1)] = 1;
    elements[2 * space.classes[2].offset] = 2 ** -40;
    elements[2 * space.classes[3].offset] = 2 ** -40;
    const positive = rising(eigenvalues({ space, elements })).filter((x) => x !== 0);
    expect(positive).toHaveLength(2);
    expect(positive[0] / (2 ** -60 - 2 ** -80)).toBeCloseTo(1, 14);
    expect(positive[1]).toBe(1);
  });
});
