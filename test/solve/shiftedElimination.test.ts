import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { sectorsOf, siteIndex, siteMatrix } from '../../src/generator/siteMatrix.js';
import { device } from '../../src/model/device.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { shiftedFactors, solveShifted } from '../../src/solve/shiftedElimination.js';
import { populatedClasses } from '../../src/state/initialState.js';
import * as arbitrary from '../support/arbitrary.js';
import { randomElements } from '../support/vectors.js';

const devices = fc.oneof(arbitrary.device('local'), arbitrary.device('global'));
const coherent = {
  qubit1: [
    [0.5, 0.5],
    [0.5, 0.5],
  ],
  qubit2: [
    [0.5, 0.5],
    [0.5, 0.5],
  ],
  rotor: { superposition: { 0: 1, 1: 1, 2: 1 } },
};

describe('solutions of (hA − z) x = y', () => {
  test('satisfy it by the generator’s own product, in every sector', () =>
    fc.assert(
      fc.property(devices, fc.integer({ min: -2, max: 5 }), fc.integer(), (values, scale, seed) => {
        const parameters = deviceParameters(values);
        const { system } = device(parameters, rotorWindow(-5, 6));
        const initial = initialState(parameters, coherent);
        const { total, space } = lindbladian(system, 'sector', populatedClasses(initial));
        const h = 10 ** scale;
        const z = { re: 4.4, im: 10.2 };
        for (const sector of sectorsOf(total)) {
          const matrix = siteMatrix(total, sector);
          const index = siteIndex(space, sector, matrix);
          const y = new Float64Array(2 * index.length);
          const random = randomElements(index.length, seed);
          index.forEach((i, k) => {
            if (i >= 0) y.set(random.subarray(2 * k, 2 * k + 2), 2 * k);
          });
          const x = new Float64Array(y.length);
          solveShifted(shiftedFactors(matrix, h, z), y, x);
          const whole = new Float64Array(2 * space.size);
          index.forEach((i, k) => {
            if (i >= 0) whole.set(x.subarray(2 * k, 2 * k + 2), 2 * i);
          });
          const product = apply(total, whole);
          // Backward error: the residual against ‖hA − z‖‖x‖.
          const norm = h * 300 + 11;
          const size = Math.max(...x.map(Math.abs));
          index.forEach((i, k) => {
            if (i < 0) return;
            const re = h * product[2 * i] - (z.re * x[2 * k] - z.im * x[2 * k + 1]) - y[2 * k];
            const im =
              h * product[2 * i + 1] - (z.re * x[2 * k + 1] + z.im * x[2 * k]) - y[2 * k + 1];
            expect(Math.hypot(re, im)).toBeLessThan(1e-12 * (norm * size + 1));
          });
        }
      }),
      { numRuns: 25 },
    ));

  // What the right-hand side's sum loses by rounding the trace loses too: Σ|y|. Steps of an evolution
  // solve for states, whose populations are not negative; theirs is |Σy|.
  test.each([
    ['states', Math.abs],
    ['vectors of either sign', (v: number) => v],
  ] as const)('keep −z times the trace of %s to rounding, however long the step', (_, sign) =>
    fc.assert(
      fc.property(devices, fc.integer(), (values, seed) => {
        const { system } = device(deviceParameters(values), rotorWindow(-8, 9));
        const { total } = lindbladian(system, 'sector');
        const [sector] = sectorsOf(total);
        const matrix = siteMatrix(total, sector);
        const y = randomElements(matrix.sites * matrix.width, seed).map((v, i) =>
          Math.floor(i / 2) % matrix.width < matrix.coherences ? v : sign(v),
        );
        const populations = (v: Float64Array, part: 0 | 1) => {
          let sum = 0;
          let size = 0;
          for (let k = 0; k < v.length / 2; k++) {
            if (k % matrix.width < matrix.coherences) continue;
            sum += v[2 * k + part];
            size += Math.abs(v[2 * k + part]);
          }
          return { sum, size };
        };
        for (const h of [1e-2, 1, 1e4, 1e10]) {
          const x = new Float64Array(y.length);
          solveShifted(shiftedFactors(matrix, h, { re: 8.9, im: 0 }), y, x);
          for (const part of [0, 1] as const) {
            const found = populations(x, part);
            const given = populations(y, part);
            expect(Math.abs(found.sum + given.sum / 8.9)).toBeLessThan(
              1e-13 * (found.size + given.size / 8.9),
            );
          }
        }
      }),
      { numRuns: 25 },
    ),
  );
});
