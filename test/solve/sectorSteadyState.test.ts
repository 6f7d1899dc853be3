import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sectorSteadyState } from '../../src/lindblad/sectorDensityMatrix.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { bathHeat, steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import {
  type DensityMatrix,
  qubitPopulations,
  rotorPopulations,
  trace,
} from '../../src/state/densityMatrix.js';
import { decades, drivenDevices } from '../support/arbitrary.js';
import { figure2 } from '../support/dense.js';
import { highPrecisionHeat, highPrecisionPopulations } from './highPrecision.js';
import { highPrecisionGlobal } from './highPrecisionGlobal.js';

function solve(values: DeviceInput, lmin: number, lmax: number, start = -lmin) {
  const { system } = device(deviceParameters(values), rotorWindow(lmin, lmax));
  const found = sectorSteadyState(system, start);
  if (found === null) throw new Error('no sector');
  return found;
}

/** The largest relative error of any population, and the smallest population. */
function worstPopulation({ space, elements }: DensityMatrix, exact: readonly Decimal[][]) {
  let error = 0;
  let smallest = 1;
  for (let s = 0; s < 4; s++) {
    const { offset, length } = space.classes[space.find(s, s, 0)];
    for (let p = 0; p < length; p++) {
      const reference = exact[s][p];
      const relative = reference
        .minus(elements[2 * (offset + p)])
        .div(reference)
        .abs()
        .toNumber();
      error = Math.max(error, relative);
      smallest = Math.min(smallest, reference.toNumber());
    }
  }
  return { error, smallest };
}

const compare = (values: typeof figure2, lmin: number, lmax: number) =>
  worstPopulation(solve(values, lmin, lmax), highPrecisionPopulations(values, lmin, lmax));

describe('every population, tails included, agrees with 80 decimal digits to 1e-12 relative', () => {
  test.each([1e-2, 5e-5, 1e-8])('Fig. 2’s device, γ = %d', (gamma) => {
    expect(compare({ ...figure2, gamma }, -7, 8).error).toBeLessThan(1e-12);
  });

  test.each([1e-2, 5e-5, 1e-8])('tails below 1e-30 at the window’s edge, γ = %d', (gamma) => {
    const { error, smallest } = compare({ ...figure2, beta2: 0.09, gamma }, -20, 48);
    expect(smallest).toBeLessThan(1e-30);
    expect(smallest).toBeGreaterThan(1e-300);
    expect(error).toBeLessThan(1e-12);
  });

  test.each([1e-4, 1])('λ = %d', (lambda) => {
    expect(compare({ ...figure2, lambda, chi: 0.7 }, -6, 9).error).toBeLessThan(1e-12);
  });
});

const coldLocal = drivenDevices(decades(0.5, 12), decades(1e-6, 1));

test('heat and power of cold, weakly coupled local devices agree with 80 digits to 1e-11 of the largest flow', () => {
  fc.assert(
    fc.property(coldLocal, (values) => {
      const [lmin, lmax] = [-2, 2];
      const wanted = highPrecisionHeat(values, lmin, highPrecisionPopulations(values, lmin, lmax));
      const state = steadyStateOn(deviceParameters(values), rotorWindow(lmin, lmax));
      const { heat, work, power } = new SteadyReading(state);
      const largest = Math.max(...Object.values(wanted).map((x) => Math.abs(x.toNumber())));
      for (const bath of ['Q1', 'Q2', 'Qr'] as const) {
        expect(Math.abs(heat[bath] - wanted[bath].toNumber()), bath).toBeLessThan(1e-11 * largest);
      }
      // What the load gives the rotor is all that it loses to the qubits.
      expect(Math.abs(power.intrinsic + wanted.Qr.toNumber())).toBeLessThan(1e-11 * largest);
      expect(Math.abs(power.backAction - wanted.Qr.toNumber())).toBeLessThan(1e-11 * largest);
      const given = wanted.Q1.plus(wanted.Q2).plus(wanted.Qr).toNumber();
      expect(Math.abs(work.WQ + work.Wr + given)).toBeLessThan(1e-11 * largest);
    }),
    { numRuns: 60 },
  );
});

describe('the global model agrees with 60 decimal digits, populations and heat', () => {
  test.each([
    ['Fig. 2’s device', {}],
    ['cold baths, weak coupling', { beta1: 3, beta2: 1.8, B1: 1, B2: 3, lambda: 0.01 }],
    ['colder, weaker', { beta1: 6, beta2: 3.6, B1: 1, B2: 3, lambda: 1e-3 }],
    [
      'so weak that the mixing angle is all but a right one',
      { beta1: 8, beta2: 4.8, betaR: 8, B1: 1, B2: 4, chi: 0.2, lambda: 1e-4, gamma: 1e-5 },
    ],
    ['near resonance', { beta1: 10, beta2: 6, B1: 2, B2: 2.2, lambda: 1e-3, gamma: 1e-4 }],
    ['the first qubit’s field larger', { beta1: 2, beta2: 0.7, B1: 3, B2: 1, lambda: 0.02 }],
    ['negative and large χ', { chi: -0.8, lambda: 1.5, gamma: 1e-3 }],
  ])('%s', (_name, changes) => {
    const values = { ...figure2, ...changes };
    const exact = highPrecisionGlobal(values, -2, 3);
    const state = steadyStateOn(
      deviceParameters({ ...values, model: 'global', cutoff: 'max-bohr' }),
      rotorWindow(-2, 3),
    );
    expect(worstPopulation(state.rho, exact.populations).error).toBeLessThan(1e-12);
    const heat = bathHeat(state);
    for (const bath of ['Q1', 'Q2', 'Qr'] as const) {
      const wanted = exact.heat[bath].toNumber();
      // Flows of neighbouring levels cancel down to the second term where they all but vanish.
      expect(Math.abs(heat[bath] - wanted)).toBeLessThan(1e-10 * Math.abs(wanted) + 1e-18);
    }
  });
});

test.each(['local', 'global'] as const)(
  'the answer does not depend on where the elimination ends: %s',
  (model) => {
    const reference = solve({ ...figure2, model }, -12, 20).elements;
    for (const start of [0, 1, 13, 31, 32]) {
      const { elements } = solve({ ...figure2, model }, -12, 20, start);
      for (let i = 0; i < elements.length; i++) {
        const scale = Math.abs(reference[i]);
        // Populations keep their digits; coherences may cancel.
        expect(Math.abs(elements[i] - reference[i])).toBeLessThanOrEqual(1e-11 * scale + 1e-18);
      }
    }
  },
);

describe('a steady state that is not unique is refused', () => {
  test('without load and interaction nothing moves the rotor', () => {
    expect(() => solve({ ...figure2, gamma: 0, lambda: 0 }, -3, 3)).toThrow(
      NonUniqueSteadyStateError,
    );
  });

  test('without load and with interaction the rotor runs to one edge, which is unique', () => {
    const state = solve({ ...figure2, gamma: 0 }, -3, 3);
    expect(trace(state)).toBeCloseTo(1, 14);
  });

  test('a load that cannot pass a level leaves two closed sets only if both are closed', () => {
    // β_r = 2, I = 1: the raising jump vanishes at l = 2, which therefore is left downwards alone.
    const populations = rotorPopulations(solve({ ...figure2, betaR: 2, lambda: 0 }, -4, 4));
    expect(populations[8]).toBe(0);
    expect(populations[4]).toBeGreaterThan(0.1);
  });
});

test('a level that the load cannot lower is left through the interaction, from any start', () => {
  // β_r = 1, I = 5: the lowering jump vanishes at l = −20, while the rotor is driven down to the edge.
  const values = {
    ...figure2,
    beta1: 0.01,
    beta2: 0.66,
    betaR: 1,
    B1: 10,
    g: 0.2,
    chi: 0.29,
    lambda: 1.4,
    gamma: 1e-6,
    I: 5,
  };
  const reference = solve(values, -40, 40, 0).elements;
  expect(Math.max(...reference)).toBeGreaterThan(0.1);
  for (const start of [20, 40, 80]) {
    const { elements } = solve(values, -40, 40, start);
    for (let i = 0; i < elements.length; i++) {
      expect(Math.abs(elements[i] - reference[i])).toBeLessThan(1e-13);
    }
  }
});

test('very cold baths give the ground state of the qubits and no NaN', () => {
  const state = solve({ ...figure2, beta1: 50, beta2: 50 }, -10, 10);
  expect(state.elements.every(Number.isFinite)).toBe(true);
  expect(qubitPopulations(state)[0]).toBeCloseTo(1, 12);
});
