/** The entanglement of two qubits, against closed forms, Wootters' own formula, and what no local rotation changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { numberOf } from '../../src/simulate/observe.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { concurrence, generalConcurrence, twoQubitMatrix } from '../../src/state/concurrence.js';
import { qubitState } from '../../src/state/reduce.js';
import { BATCH_PARAMETERS } from '../../src/sweep/batchParameters.js';
import type { Batch } from '../../src/sweep/batchSolver.js';
import { solveWithPotential } from '../../src/sweep/potentialPoints.js';
import { between, numbers, numbersWithPotential } from '../support/arbitrary.js';
import { Dense } from '../support/dense.js';
import { denseConcurrence } from '../support/denseNumbers.js';

type Ket = readonly (readonly [number, number])[];

const projector = (ket: Ket): Dense =>
  Dense.from(ket.length, (i, j) => [
    ket[i][0] * ket[j][0] + ket[i][1] * ket[j][1],
    ket[i][1] * ket[j][0] - ket[i][0] * ket[j][1],
  ]);
const realKet = (...values: number[]): Ket => values.map((x) => [x, 0] as const);
const h = Math.SQRT1_2;
const bell = [
  realKet(h, 0, 0, h),
  realKet(h, 0, 0, -h),
  realKet(0, h, h, 0),
  realKet(0, h, -h, 0),
].map(projector);
const [, , , singlet] = bell;

/** A mixture of two-qubit states with random amplitudes, of rank 1 to 4. */
const amplitude = fc.tuple(between(-1, 1), between(-1, 1));
const ket = (size: number) =>
  fc
    .array(amplitude, { minLength: size, maxLength: size })
    .filter((k) => k.some(([re, im]) => Math.hypot(re, im) > 0.1));
const normalised = (rho: Dense): Dense => rho.times(1 / rho.trace()[0]);
const mixture = (size: number, rank: number) =>
  fc
    .array(ket(size), { minLength: 1, maxLength: rank })
    .map((kets) => normalised(kets.map(projector).reduce((a, b) => a.plus(b))));

/** A random rotation of one qubit. */
const rotation = fc.tuple(between(0, 7), between(0, 7), between(0, 7)).map(([a, b, c]) => {
  const [s, t] = [Math.sin(a), Math.cos(a)];
  return Dense.from(2, (i, j) => {
    if (i === j)
      return i === 0 ? [t * Math.cos(b), t * Math.sin(b)] : [t * Math.cos(b), -t * Math.sin(b)];
    return i === 0 ? [s * Math.cos(c), s * Math.sin(c)] : [-s * Math.cos(c), s * Math.sin(c)];
  });
});
const rotated = (rho: Dense, u: Dense, v: Dense): Dense => {
  const both = u.kron(v);
  return both.dot(rho).dot(both.dagger());
};

/** Of an X state, in closed form (Yu and Eberly). */
function closedForm({ re, im }: Pick<Dense, 're' | 'im'>): number {
  const outer = Math.hypot(re[3], im[3]) - Math.sqrt(re[5] * re[10]);
  const inner = Math.hypot(re[6], im[6]) - Math.sqrt(re[0] * re[15]);
  return 2 * Math.max(0, outer, inner);
}

describe('concurrence', () => {
  test('is 1 in a Bell state', () => {
    for (const state of bell) expect(Math.abs(generalConcurrence(state) - 1)).toBeLessThan(1e-15);
  });

  test('is 0 in a product of states of the two qubits, pure or mixed', () => {
    fc.assert(
      fc.property(mixture(2, 2), mixture(2, 2), (a, b) => {
        expect(generalConcurrence(a.kron(b))).toBeLessThan(2e-15);
      }),
    );
  });

  test("is that of Werner's states", () => {
    fc.assert(
      fc.property(between(0, 1), (p) => {
        const state = singlet.times(p).plus(Dense.identity(4).times((1 - p) / 4));
        const expected = Math.max(0, (3 * p - 1) / 2);
        expect(Math.abs(generalConcurrence(state) - expected)).toBeLessThan(1e-15);
      }),
    );
  });

  test('of a pure state is twice the modulus of its determinant, however small', () => {
    fc.assert(
      fc.property(between(0, 12), rotation, rotation, (decades, u, v) => {
        const s = 10 ** -decades;
        const state = projector(realKet(Math.sqrt(1 - s * s), 0, 0, s));
        const expected = 2 * s * Math.sqrt(1 - s * s);
        // In any basis the elements have the error of a rounding, and C no more.
        expect(Math.abs(generalConcurrence(state) - expected)).toBeLessThan(1e-15);
        expect(Math.abs(generalConcurrence(rotated(state, u, v)) - expected)).toBeLessThan(1e-14);
      }),
    );
  });

  test('no local rotation changes it', () => {
    fc.assert(
      fc.property(mixture(4, 4), rotation, rotation, (singular, u, v) => {
        const change = (rho: Dense) =>
          Math.abs(generalConcurrence(rotated(rho, u, v)) - generalConcurrence(rho));
        expect(change(singular.times(0.99).plus(Dense.identity(4).times(0.0025)))).toBeLessThan(
          1e-14,
        );
        // Of a singular matrix the rotation's own rounding may be an eigenvalue, of which C has the root.
        expect(change(singular)).toBeLessThan(1e-7);
      }),
    );
  });

  test("is Wootters' difference of the roots of eigenvalues", () => {
    fc.assert(
      fc.property(mixture(4, 4), (rho) => {
        // The roots of rounding are 1e-8.
        expect(Math.abs(generalConcurrence(rho) - denseConcurrence(rho))).toBeLessThan(1e-6);
      }),
    );
  });

  test('of random devices with a potential, whose qubits are in an X state, is its closed form', () =>
    fc.assert(
      fc.asyncProperty(numbersWithPotential, async (values) => {
        const window = rotorWindow(-2, 2);
        const { state } = await solveSteadyOn(
          deviceParameters(values),
          window,
          // Of cold devices an iteration takes seconds; here any way to the state is as good.
          { space: 'full', method: 'direct' },
          cpuBackend(),
        );
        const reduced = twoQubitMatrix(qubitState(state.rho));
        const expected = closedForm(reduced);
        expect(Math.abs(generalConcurrence(reduced) - expected)).toBeLessThan(1e-15);
        expect(Math.abs(concurrence(qubitState(state.rho)) - expected)).toBeLessThan(1e-15);
      }),
      { numRuns: 20 },
    ));
});

test('a rotor that its potential holds leaves qubits between a cold and a hot bath entangled, in a sweep too', async () => {
  const parameters = deviceParameters({
    beta1: 7,
    beta2: 0.05,
    betaR: 1.6,
    B1: 1,
    B2: 0.88,
    g: 0.9,
    chi: -0.74,
    lambda: 0.33,
    gamma: 0.017,
    I: 0.64,
    V: -18,
  });
  const window = rotorWindow(-6, 6);
  const choice = { space: 'full', method: 'gmres' } as const;
  const { state } = await solveSteadyOn(parameters, window, choice, cpuBackend());
  const expected = closedForm(twoQubitMatrix(qubitState(state.rho)));
  expect(expected).toBeGreaterThan(0.05);
  const batch: Batch = {
    model: 'local',
    cutoff: 'max-qubit',
    count: 1,
    parameters: Float64Array.from(BATCH_PARAMETERS, (name) =>
      name === 'cutoff' ? Number.NaN : parameters[name],
    ),
    size: window.size,
    lmin: Int32Array.of(window.lmin),
  };
  const { values } = await solveWithPotential(batch, ['purity', 'concurrence']);
  const reading = new SteadyReading(state);
  expect(Math.abs(numberOf('concurrence', reading) - expected)).toBeLessThan(1e-15);
  expect(Math.abs(values[1] - expected)).toBeLessThan(1e-11);
  expect(Math.abs(values[0] - numberOf('purity', reading))).toBeLessThan(1e-11);
});

test('without potential the two qubits alone are not entangled, and the purity is the sum of squares', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const state = steadyStateOn(deviceParameters(values), rotorWindow(-3, 3));
      const reading = new SteadyReading(state);
      expect(numberOf('concurrence', reading)).toBe(0);
      const { elements } = state.rho;
      const squares = elements.reduce((sum, x) => sum + x * x, 0);
      const purity = numberOf('purity', reading);
      expect(Math.abs(purity - squares)).toBeLessThan(1e-14 * squares);
      expect(purity).toBeGreaterThanOrEqual(1 / 28 - 1e-14);
      expect(purity).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});
