/** The global model where populations span a hundred decades: against many decimal digits. */
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detuning } from '../../src/model/detuning.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { millSteadyState } from '../../src/simulate/millSector.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { OutOfRangeError } from '../../src/solve/verdict.js';
import { qubitPopulations } from '../../src/state/densityMatrix.js';
import { decades, drivenDevices, resonantDevices } from '../support/arbitrary.js';
import type { Numbers } from '../support/dense.js';
import { highPrecisionGlobal } from './highPrecisionGlobal.js';

/** Decimal digits of the reference: populations fall to some 1e-290. */
const DIGITS = 320;
/** Many digits take long where other tests run beside. */
const MINUTES = { timeout: 240_000 };

/** Weakly coupled devices with baths so cold that 2β|B1 − B2| goes up to 300. */
const coldDevices = drivenDevices(decades(1, 60), decades(1e-6, 0.1));

const solve = (values: object, lmin: number, lmax: number) =>
  steadyStateOn(
    deviceParameters({ ...values, model: 'global', cutoff: 'max-bohr' }),
    rotorWindow(lmin, lmax),
  );

test(
  'near resonance populations agree with 60 digits to 1e-13 relative, however weak the coupling',
  MINUTES,
  () => {
    fc.assert(
      fc.property(resonantDevices, (values) => {
        const exact = highPrecisionGlobal(values, -2, 2);
        const { space, elements } = solve(values, -2, 2).rho;
        exact.populations.forEach((wanted, s) => {
          const { offset } = space.classes[space.find(s, s, 0)];
          wanted.forEach((x, p) => {
            const error = x.minus(elements[2 * (offset + p)]).div(x);
            expect(error.abs().toNumber()).toBeLessThan(1e-13);
          });
        });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  },
);

/**
 * Flows of the direct transitions, in both directions, with the energy by which the interaction shifts them: at
 * most, for windows of |l| ≤ 2. Heat is a difference of these.
 */
function shiftedExchange({ beta1, beta2, B1, B2, g, chi, lambda, I }: Numbers): number {
  const at = detuning({ B1, B2, I });
  const shifts = [-2, -1, 0, 1].map((k) => Math.hypot(at(k) / 2, lambda) - Math.abs(at(k)) / 2);
  const rate = g ** 2 * (1 + Math.abs(chi)) ** 2 * (1 / beta1 + 1 / beta2 + 2 * (B1 + B2));
  return Math.max(...shifts) * rate;
}

describe('cold baths and weak coupling', () => {
  test(
    'populations and coherences agree with 320 digits to 1e-12 relative, flows to 1e-12 of the largest',
    MINUTES,
    () => {
      fc.assert(
        fc.property(
          coldDevices,
          fc.constantFrom([-1, 1], [0, 2], [-1, 2]),
          (values, [lmin, lmax]) => {
            const exact = highPrecisionGlobal(values, lmin, lmax, DIGITS);
            const state = solve(values, lmin, lmax);
            const { space, elements } = state.rho;
            const compare = (ket: number, bra: number, part: 0 | 1, wanted: readonly Decimal[]) => {
              const { offset, length } = space.classes[space.find(ket, bra, ket === bra ? 0 : 1)];
              expect(length).toBe(wanted.length);
              wanted.forEach((x, p) => {
                const error = x.minus(elements[2 * (offset + p) + part]).abs();
                // Below this float64 itself loses digits.
                if (x.abs().gt('1e-290')) expect(error.div(x).abs().toNumber()).toBeLessThan(1e-12);
              });
            };
            exact.populations.forEach((wanted, s) => {
              compare(s, s, 0, wanted);
            });
            compare(2, 1, 0, exact.coherences.re);
            compare(2, 1, 1, exact.coherences.im);

            const { heat, work } = new SteadyReading(state);
            const rounding = 1e-16 * shiftedExchange(values) + 1e-300;
            const flows = (found: readonly number[], wanted: readonly Decimal[]) => {
              const largest = Math.max(...wanted.map((x) => x.abs().toNumber()));
              wanted.forEach((x, i) => {
                expect(x.minus(found[i]).abs().toNumber()).toBeLessThan(1e-12 * largest + rounding);
              });
            };
            const { Q1, Q2, Qr } = exact.heat;
            flows([heat.Q1, heat.Q2, heat.Qr], [Q1, Q2, Qr]);
            flows([work.interaction, work.Wr], [exact.work.WQ, exact.work.Wr]);
          },
        ),
        { numRuns: 50, endOnFailure: true },
      );
    },
  );

  test('without load, heat goes from the hotter bath to the colder one, and none is lost', () => {
    let seen = 0;
    fc.assert(
      fc.property(coldDevices, (values) => {
        const state = solve({ ...values, gamma: 0 }, -6, 9);
        const { heat } = new SteadyReading(state);
        // Flows of the direct transitions, in both directions, with the energy by which they are shifted.
        const { B1, B2, g, lambda, beta1, beta2 } = values;
        const [, p01, p10, p11] = qubitPopulations(state.rho);
        const small = 1e-15 * 4 * (B1 + B2) * g ** 2 * lambda * (p01 + p10 + p11);
        expect(heat.Qr).toBe(0);
        expect(Math.abs(heat.Q1 + heat.Q2)).toBeLessThanOrEqual(small);
        // The entropy that the baths gain.
        const production = -beta1 * heat.Q1 - beta2 * heat.Q2;
        expect(production).toBeGreaterThanOrEqual(-(beta1 + beta2) * small);
        if (Math.abs(heat.Q1) > 100 * small) {
          expect(production).toBeGreaterThan(0);
          seen++;
        }
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  test('the answer does not depend on where the elimination ends', () => {
    fc.assert(
      fc.property(coldDevices, (values) => {
        const window = rotorWindow(-2, 3);
        const parameters = deviceParameters({ ...values, model: 'global', cutoff: 'max-bohr' });
        const populations = (start: number) => {
          const { elements } = millSteadyState(parameters, window, { level: start });
          return [0, 1, 2, 3].map((s) => elements.read(s, s, 0)?.re ?? new Float64Array());
        };
        const reference = populations(2);
        for (const start of [0, 1, 3, 5]) {
          populations(start).forEach((found, s) => {
            found.forEach((x, l) => {
              const wanted = reference[s][l];
              expect(Math.abs(x - wanted)).toBeLessThanOrEqual(1e-12 * wanted + 1e-290);
            });
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('baths so cold that they excite nothing leave numbers, and the qubits in |00⟩', () => {
  const { rho } = solve({ lambda: 0.1, beta1: 400, beta2: 300 }, -8, 8);
  expect(rho.elements.every(Number.isFinite)).toBe(true);
  expect(qubitPopulations(rho)[0]).toBeCloseTo(1, 3);
});

test('without bath and load that move the rotor the steady state is refused, with the reason', () => {
  // It is unique: by rates that are 0 in float64.
  const refused = () => solve({ lambda: 0.1, gamma: 0, beta1: 400, beta2: 400 }, -3, 3);
  expect(refused).toThrow(OutOfRangeError);
  expect(refused).toThrow('underflows float64 to 0');
});
