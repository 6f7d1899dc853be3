import { describe, expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { eigenvalues } from '../../src/state/spectrum.js';
import { ergotropies, ergotropy } from '../../src/thermo/ergotropy.js';
import { Dense } from '../support/dense.js';
import { spaceVector } from '../support/generators.js';

test('by hand: the largest population goes to the lowest level', () => {
  const levels = Float64Array.of(3, -1, 1);
  const populations = Float64Array.of(0.2, 0.7, 0.1);
  // The passive state's energy is 0.7·(−1) + 0.2·1 + 0.1·3.
  expect(ergotropy(1.2, levels, populations)).toBeCloseTo(1.2 - (-0.7 + 0.2 + 0.3), 14);
  // An inverted qubit gives its whole splitting; a passive one nothing.
  expect(ergotropy(2, Float64Array.of(-2, 2), Float64Array.of(0, 1))).toBe(4);
  expect(ergotropy(-2, Float64Array.of(-2, 2), Float64Array.of(1, 0))).toBe(0);
});

describe('of a state', () => {
  const window = rotorWindow(-1, 1);
  const own = device(deviceParameters({ B1: 1, B2: 3, lambda: 0, I: 0.5 }), window);
  const { space } = lindbladian(own.system, 'full');
  /** |1, 0⟩ of the qubits, and (|0⟩ + |1⟩)/√2 of the rotor. */
  const excited = Dense.from(12, (i, j) => ([7, 8].includes(i) && [7, 8].includes(j) ? 0.5 : 0));
  const rho = { space, elements: spaceVector(space, excited) };

  test('pure: all of the energy above the ground state, of the whole and of each part', () => {
    const found = ergotropies(own, rho);
    // Qubit 1 up: 2 B1. The rotor in (|0⟩ + |1⟩)/√2: half of 1/2I = 1.
    expect(found.qubits).toBeCloseTo(2, 12);
    expect(found.rotor).toBeCloseTo(0.5, 12);
    expect(found.total).toBeCloseTo(2.5, 12);
  });

  test('a spectrum that is not known leaves the total one out, and nothing else', () => {
    const found = ergotropies(own, rho, { spectrum: null });
    expect(found.total).toBeNaN();
    expect(found.qubits).toBeCloseTo(2, 12);
    expect(found.rotor).toBeCloseTo(0.5, 12);
  });

  test('a rotor of as many levels as are allowed is computed, and of one more is not', () => {
    // (|−1⟩ + |0⟩ + |1⟩)/√3: of two levels that are connected no more than a closed form is needed.
    const third = Dense.from(12, (i, j) => ([i, j].every((k) => k >= 6 && k <= 8) ? 1 / 3 : 0));
    const spread = { space, elements: spaceVector(space, third) };
    const spectrum = eigenvalues(spread);
    expect(ergotropies(own, spread, { spectrum, largestOrder: 3 }).rotor).toBeCloseTo(2 / 3, 12);
    expect(ergotropies(own, spread, { spectrum, largestOrder: 2 }).rotor).toBeNaN();
    expect(ergotropies(own, rho, { largestOrder: 2 }).rotor).toBeCloseTo(0.5, 12);
  });
});
