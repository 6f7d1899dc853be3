/** The quantum Fisher information against dense matrices of the whole space, and where it is known. */
import fc from 'fast-check';
import { LuDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { MachineSensitivity } from '../../src/sensitivity/machineSensitivity.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { between } from '../support/arbitrary.js';
import { Dense, globalChannels, localChannels, type Numbers } from '../support/dense.js';
import { denseSolver, traceOfProduct } from '../support/denseThermodynamics.js';

const [LMIN, LMAX] = [-1, 0];

/** None so cold that a dense matrix loses populations. */
const devices = fc.record({
  B1: between(0.5, 2),
  B2: between(0.5, 2),
  beta1: between(0.1, 1),
  beta2: between(0.1, 1),
  betaR: between(0.05, 0.4),
  g: between(0.3, 1),
  chi: between(0.1, 0.5),
  gamma: between(0.02, 0.2),
  lambda: between(0.2, 1),
  I: between(0.5, 5),
  V: fc.constant(0),
});

/** Tr[ρ̇Λ], Λρ + ρΛ = 2ρ̇ solved as linear equations. */
function denseInformation(rho: Dense, change: Dense): number {
  const one = Dense.identity(rho.n);
  const both = rho.kron(one).plus(one.kron(rho.transpose()));
  const d = both.n;
  const matrix = Matrix.zeros(2 * d, 2 * d);
  const right = Matrix.zeros(2 * d, 1);
  const v = change.vector();
  for (let i = 0; i < d; i++) {
    right.set(i, 0, 2 * v[2 * i]);
    right.set(d + i, 0, 2 * v[2 * i + 1]);
    for (let j = 0; j < d; j++) {
      const [re, im] = [both.re[i * d + j], both.im[i * d + j]];
      matrix.set(i, j, re);
      matrix.set(d + i, d + j, re);
      matrix.set(i, d + j, -im);
      matrix.set(d + i, j, im);
    }
  }
  const x = new LuDecomposition(matrix).solve(right).getColumn(0);
  const logarithmic = Dense.ofVector(
    Float64Array.from({ length: 2 * d }, (_, k) => x[(k % 2) * d + (k >> 1)]),
  );
  return traceOfProduct(change, logarithmic);
}

test.each(['local', 'global'] as const)('of every parameter of random %s devices', (model) => {
  fc.assert(
    fc.property(devices, (p) => {
      const cutoff = model === 'global' ? 9 : null;
      const generator = (values: Numbers) =>
        (model === 'local'
          ? localChannels(values, LMIN, LMAX)
          : globalChannels(values, LMIN, LMAX, cutoff)
        ).total;
      const parameters = deviceParameters({ ...p, model, ...(cutoff === null ? {} : { cutoff }) });
      const machine = new MachineSensitivity({
        machine: mill,
        of: masterEquationOf(parameters).of,
        values: valuesOf(parameters, cutoff),
        window: rotorWindow(LMIN, LMAX),
      });
      const here = generator(p);
      const solve = denseSolver(here);
      const rho = solve(new Float64Array(2 * here.n), 1);
      for (const name of ['B1', 'beta2', 'lambda'] as const) {
        const h = 1e-3 * (Math.abs(p[name]) || 1);
        const at = (step: number) => generator({ ...p, [name]: p[name] + step });
        const slope = at(h)
          .plus(at(-h), -1)
          .times(8)
          .plus(at(2 * h).plus(at(-2 * h), -1), -1)
          .times(1 / (12 * h));
        const change = solve(
          slope.apply(rho.vector()).map((x) => -x),
          0,
        );
        const wanted = denseInformation(rho, change);
        const { value, error } = machine.fisherInformation(name);
        expect(Math.abs(value / wanted - 1), name).toBeLessThan(1e-7);
        expect(error / value, name).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 1, endOnFailure: true },
  );
});
