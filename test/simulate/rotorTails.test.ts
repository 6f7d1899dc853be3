import { describe, expect, test } from 'vitest';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  isSecondMomentInfinite,
  tailBeyond,
  windowVerdict,
} from '../../src/simulate/rotorTails.js';
import { steadyObservables, steadyState, steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';

const observed = (input: DeviceInput, window: Parameters<typeof truncation>[0] = {}) => {
  const chosen = truncation(window);
  return steadyObservables(steadyState(deviceParameters(input), chosen), chosen);
};
/** The rotor under its load alone: ⟨L_z²⟩ = (I/β_r)/(1 − β_r/16I). */
const alone = { lambda: 0, gamma: 0.05 };

describe('under the load alone', () => {
  test.each([
    [1, 16 / 15],
    [2, 4 / 7],
    [3, 16 / 39],
  ])('windows grow until ⟨L_z²⟩ is exact: β_r = %d', (betaR, exact) => {
    const { rotor, truncation: found } = observed({ ...alone, betaR });
    expect(found).toMatchObject({ converged: true, problems: [] });
    expect(Math.abs(Number(rotor.Lz2) / exact - 1)).toBeLessThan(2e-12);
  });

  test('a tail that no window holds is said, and how much it may be', () => {
    const { rotor, truncation: found } = observed({ ...alone, betaR: 6 });
    expect(found.converged).toBe(false);
    expect(found.problems.join()).toContain('⟨L_z²⟩, and with it the energy');
    expect(Number(rotor.Lz2) / (4 / 15)).toBeLessThan(1 - 1e-7);
  });

  test.each([
    [3, 33],
    [3, 200],
    [6, 33],
    [6, 1000],
    [10, 500],
  ])('what a window leaves out is estimated: β_r = %d, ±%d', (betaR, reach) => {
    const parameters = deviceParameters({ ...alone, betaR });
    const exact = 1 / betaR / (1 - betaR / 16);
    const reading = new SteadyReading(steadyStateOn(parameters, rotorWindow(-reach, reach)));
    const { second } = tailBeyond(parameters, reach, reading.edges[1]);
    const missing = exact - reading.Lz2;
    expect(missing / (2 * second)).toBeGreaterThan(0.4);
    expect(missing / (2 * second)).toBeLessThan(2.5);
  });
});

test('a moment that is infinite is none', () => {
  expect(isSecondMomentInfinite(deviceParameters({ betaR: 16 }))).toBe(true);
  expect(isSecondMomentInfinite(deviceParameters({ betaR: 15.9 }))).toBe(false);
  expect(isSecondMomentInfinite(deviceParameters({ betaR: 16, gamma: 0 }))).toBe(false);
  const { rotor, ergotropy, truncation: found } = observed({ betaR: 16 }, { lmin: -99, lmax: 99 });
  expect(rotor.Lz2).toBeNull();
  expect(ergotropy.total).toBeNaN();
  expect(ergotropy.rotor).toBeNaN();
  expect(ergotropy.qubits).toBeGreaterThanOrEqual(0);
  expect(found.converged).toBe(false);
});

test('a tiny moment of inertia: what grew with the window is infinite, and not called converged', () => {
  const { rotor, truncation: found } = observed({ I: 1e-9 });
  expect(rotor.Lz2).toBeNull();
  expect(found.converged).toBe(false);
  expect(found.problems.join()).toContain('⟨L_z⟩ lacks about');
});

test('an ordinary window is as wide as its populations ask for', () => {
  const { truncation: found } = observed({});
  expect(found).toMatchObject({ lmin: -33, lmax: 33, converged: true, problems: [] });
});

test('beyond a level that the load does not pass nothing follows', () => {
  // 4I/β_r = 8: (1 − al) = 0 there.
  const parameters = deviceParameters({ betaR: 0.5 });
  expect(tailBeyond(parameters, 8, 1e-3).second).toBe(0);
  expect(tailBeyond(parameters, 5, 1e-3).second).toBeGreaterThan(1e-5);
  const held = windowVerdict(parameters, rotorWindow(-5, 5), [1e-3, Number.NaN], 1e-8);
  expect(held.problems[0]).toContain('1.0e-3 and NaN');
});
