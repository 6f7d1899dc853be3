import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { angularMomentum } from '../../src/model/hamiltonian.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { cosine } from '../../src/model/potential.js';
import { exchange, identity } from '../../src/model/qubits.js';
import { operator } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  type DensityMatrix,
  expectation,
  hermiticityError,
  norm,
  qubitPopulations,
  rotorPopulations,
  trace,
} from '../../src/state/densityMatrix.js';
import { qubitState, rotorState } from '../../src/state/reduce.js';
import { between } from '../support/arbitrary.js';
import { Dense } from '../support/dense.js';
import { denseOfFactors, factors, projectOperator } from '../support/denseModel.js';
import { traceOutInner, traceOutOuter } from '../support/denseThermodynamics.js';
import { denseState, spaceVector } from '../support/generators.js';

const window = rotorWindow(-2, 1);
const D = 4 * window.size;
const { system } = device(deviceParameters(), window);
const spaces = {
  whole: lindbladian(system, 'full').space,
  sector: lindbladian(system, 'sector').space,
};

/** Any complex matrix. */
const matrices = fc
  .array(between(-1, 1), {
    minLength: 2 * D * D,
    maxLength: 2 * D * D,
  })
  .map((x) => Dense.from(D, (i, j) => [x[2 * (i * D + j)], x[2 * (i * D + j) + 1]]));

const places = fc.constantFrom('whole' as const, 'sector' as const);

/** A matrix on a space, and what of it the space holds. */
function on(name: keyof typeof spaces, m: Dense): { rho: DensityMatrix; dense: Dense } {
  const space = spaces[name];
  const rho = { space, elements: spaceVector(space, m) };
  return { rho, dense: denseState(space, rho.elements) };
}

/** Sums of up to D² numbers below 10. */
const ROUNDING = 1e-12;

describe('of any matrix, on the whole space and on the sector, as of its dense form', () => {
  test('Tr[Xρ], complex, for any operator X', () => {
    fc.assert(
      fc.property(matrices, places, factors, (m, name, x) => {
        const { rho, dense } = on(name, m);
        const [re, im] = denseOfFactors(window, x).dot(dense).trace();
        const found = expectation(rho, projectOperator(window, x));
        expect(Math.hypot(found.re - re, found.im - im)).toBeLessThan(ROUNDING);
      }),
      { numRuns: 100 },
    );
  });

  test('trace, norm and populations', () => {
    fc.assert(
      fc.property(matrices, places, (m, name) => {
        const { rho, dense } = on(name, m);
        expect(Math.abs(trace(rho) - dense.trace()[0])).toBeLessThan(ROUNDING);
        const squares = dense.dot(dense.dagger()).trace()[0];
        expect(Math.abs(norm(rho) - Math.sqrt(squares))).toBeLessThan(ROUNDING);
        const qubits = traceOutInner(dense, 4);
        qubitPopulations(rho).forEach((p, s) => {
          expect(Math.abs(p - qubits.re[5 * s])).toBeLessThan(ROUNDING);
        });
        const rotor = traceOutOuter(dense, 4);
        expect(rotorPopulations(rho)).toHaveLength(window.size);
        rotorPopulations(rho).forEach((p, i) => {
          expect(Math.abs(p - rotor.re[i * (window.size + 1)])).toBeLessThan(ROUNDING);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('the largest |ρ − ρ†|, which is 0 for a Hermitian one', () => {
    fc.assert(
      fc.property(matrices, places, (m, name) => {
        const { rho, dense } = on(name, m);
        const expected = dense.plus(dense.dagger(), -1).max();
        expect(Math.abs(hermiticityError(rho) - expected)).toBeLessThan(ROUNDING);
        expect(hermiticityError(on(name, m.plus(m.dagger())).rho)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('both partial traces, coherences included', () => {
    fc.assert(
      fc.property(matrices, places, (m, name) => {
        const { rho, dense } = on(name, m);
        const qubits = qubitState(rho);
        const wantedQubits = traceOutInner(dense, 4);
        const found = new Dense(4);
        for (const { ket, bra, offset, length } of qubits.space.classes) {
          expect(length).toBe(1);
          found.re[4 * ket + bra] = qubits.elements[2 * offset];
          found.im[4 * ket + bra] = qubits.elements[2 * offset + 1];
        }
        expect(found.plus(wantedQubits, -1).max()).toBeLessThan(ROUNDING);

        const rotor = rotorState(rho);
        const wantedRotor = traceOutOuter(dense, 4);
        const { size } = window;
        const reduced = new Dense(size);
        for (const { delta, first, offset, length } of rotor.space.classes) {
          for (let p = 0; p < length; p++) {
            const at = (first + p) * size + first + p - delta;
            reduced.re[at] = rotor.elements[2 * (offset + p)];
            reduced.im[at] = rotor.elements[2 * (offset + p) + 1];
          }
        }
        expect(reduced.plus(wantedRotor, -1).max()).toBeLessThan(ROUNDING);
      }),
      { numRuns: 40 },
    );
  });
});

test('a Hermitian operator has a real expectation in a Hermitian state', () => {
  fc.assert(
    fc.property(matrices, (m) => {
      const { rho } = on('whole', m.plus(m.dagger()));
      expect(Math.abs(expectation(rho, cosine(window)).im)).toBeLessThan(ROUNDING);
      expect(expectation(rho, angularMomentum(window)).im).toBe(0);
    }),
    { numRuns: 20 },
  );
});

test('a coherence ⟨1,0,l+1|ρ|0,1,l⟩ is read by the adjoint of the exchange that made it', () => {
  const rho = { space: spaces.sector, elements: new Float64Array(2 * spaces.sector.size) };
  const { offset } = spaces.sector.classes[spaces.sector.find(2, 1, 1)];
  rho.elements[2 * offset] = 0.25;
  rho.elements[2 * offset + 1] = -0.5;
  // Tr[|01⟩⟨10| e^{−iφ} ρ] = Σ_l ⟨1,0,l+1|ρ|0,1,l⟩
  const back = exchange.map(({ to, from, value }) => ({ to: from, from: to, value }));
  expect(expectation(rho, operator(window, back, { shift: -1 }))).toEqual({ re: 0.25, im: -0.5 });
  expect(expectation(rho, operator(window, exchange, { shift: 1 }))).toEqual({ re: 0, im: 0 });
});

test('an operator whose shift is wider than the window has expectation 0', () => {
  for (let size = 2; size <= 5; size++) {
    const narrow = rotorWindow(0, size - 1);
    const { space } = lindbladian(device(deviceParameters(), narrow).system, 'full');
    const rho = { space, elements: new Float64Array(2 * space.size).fill(1) };
    for (let shift = size; shift <= 2 * size + 1; shift++) {
      for (const sign of [1, -1]) {
        const x = operator(narrow, identity, { shift: sign * shift });
        expect(expectation(rho, x), `N = ${size}, shift ${sign * shift}`).toEqual({ re: 0, im: 0 });
      }
    }
  }
});
