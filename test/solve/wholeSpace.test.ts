/** The sector's steady state against that of the whole space, solved by a general method to more digits. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { numbers, smallWindow } from '../support/arbitrary.js';
import { localChannels, type Numbers } from '../support/dense.js';
import { denseObservables } from '../support/denseThermodynamics.js';
import { denseState } from '../support/generators.js';
import { preciseFixedPoint } from '../support/preciseFixedPoint.js';

function compare(values: Numbers, lmin: number, lmax: number): void {
  const state = steadyStateOn(deviceParameters(values), rotorWindow(lmin, lmax));
  const found = steadyObservables(state, truncation({ lmin, lmax }));
  const channels = localChannels(values, lmin, lmax);
  const rho = preciseFixedPoint(values, lmin, lmax);
  const wanted = denseObservables(values, lmin, lmax, channels, rho);

  const elements = denseState(state.rho.space, state.rho.elements);
  const difference = elements.plus(rho, -1);
  expect(difference.max(), 'largest difference of two elements').toBeLessThan(1e-15);
  for (let at = 0; at < rho.re.length; at += rho.n + 1) {
    // What rounding leaves of the rates: 5e-15 at most in 12,000 random devices, 8e-15 in as many at resonance.
    expect(Math.abs(difference.re[at]) / rho.re[at], 'a population’s digits').toBeLessThan(3e-14);
  }

  // A flow is a difference of rates times populations, of which each is as large as rate times energy.
  const rate = channels.total.max();
  const reach = Math.max(-lmin, lmax);
  const energy = values.B1 + values.B2 + reach ** 2 / (2 * values.I) + values.lambda;
  const near = (group: string, tolerance: number, scale: number, a: object, b: object) => {
    const numbersOf = (o: object) =>
      Object.entries(o).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map(
          (x: number, i) => [`${name} ${i}`, x] as const,
        ),
      );
    const expected = numbersOf(b);
    expect(numbersOf(a).map(([name]) => name)).toEqual(expected.map(([name]) => name));
    numbersOf(a).forEach(([name, x], i) => {
      expect(Math.abs(x - expected[i][1]), `${group} ${name}`).toBeLessThanOrEqual(
        tolerance * scale,
      );
    });
  };
  near('heat', 1e-14, rate * energy, found.heat, wanted.heat);
  near('work', 1e-14, rate * energy, found.work, wanted.work);
  near('power', 1e-14, rate * energy, found.power, wanted.power);
  near('rotor', 1e-13, Math.max(1, reach ** 2), found.rotor, wanted.rotor);
  const { populations, ...named } = found.qubits;
  near('qubits', 1e-13, 1, { populations }, wanted.qubits);
  expect(Object.values(named)).toEqual(populations);
  near('ergotropy', 1e-13, energy, found.ergotropy, wanted.ergotropy);
}

describe('the sector’s steady state is the null vector of the whole superoperator, every observable included', () => {
  test('random devices on windows of 2 to 4 levels', () => {
    fc.assert(
      fc.property(numbers, smallWindow, (values, { lmin, lmax }) => {
        compare(values, lmin, lmax);
      }),
      { numRuns: 15 },
    );
  });

  test('a window of 5 levels', () => {
    const values = {
      beta1: 0.1,
      beta2: 0.02,
      betaR: 0.09,
      B1: 4,
      B2: 5,
      g: 1,
      chi: 0.3,
      lambda: 0.7,
      gamma: 5e-3,
      I: 1,
      V: 0,
    };
    compare(values, -2, 2);
  });

  test('a level that the load all but cannot leave: 1 − β_r/2I is 3e-9', () => {
    const values = {
      beta1: 2,
      beta2: 0.13,
      betaR: 1,
      B1: 10,
      B2: 0.5,
      g: 0.5,
      chi: -0.9,
      lambda: 0.025,
      gamma: 2e-4,
      I: 0.5000000016083371,
      V: 0,
    };
    compare(values, -3, 0);
  });
});
