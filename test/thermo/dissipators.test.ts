import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { type Bath, device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { between, models, numbers } from '../support/arbitrary.js';
import { Dense, hamiltonians, hermitianEigenvalues } from '../support/dense.js';
import { hermitianFunction } from '../support/denseThermodynamics.js';
import { denseGenerator } from '../support/generators.js';

/** A random state of full rank. */
const randomState = (n: number) =>
  fc
    .array(between(-1, 1), {
      minLength: 2 * n * n,
      maxLength: 2 * n * n,
    })
    .map((entries) => {
      const a = Dense.from(n, (i, j) => [entries[2 * (i * n + j)], entries[2 * (i * n + j) + 1]]);
      const positive = a.dot(a.dagger()).plus(Dense.identity(n), 0.05);
      return positive.times(1 / positive.trace()[0]);
    });

const [lmin, lmax] = [0, 1];
const window = rotorWindow(lmin, lmax);

/** The state that a bath by itself leaves alone. */
function fixedPoint(values: Parameters<typeof hamiltonians>[0], model: string, bath: Bath): Dense {
  const h = hamiltonians(values, lmin, lmax);
  const normalised = (x: Dense) => x.times(1 / x.trace()[0]);
  if (bath === 'load') {
    // Of each pair of levels, the jumps up and down balance: r(l → l+1) π(l) = r(l+1 → l) π(l+1).
    const a = values.betaR / (4 * values.I);
    const weights = [1];
    for (let l = lmin; l < lmax; l++) {
      weights.push((weights[l - lmin] * (1 - a * l) ** 2) / (1 + a * (l + 1)) ** 2);
    }
    return normalised(Dense.from(8, (i, j) => (i === j ? weights[i % 2] : 0)));
  }
  const beta = bath === 'bath1' ? values.beta1 : values.beta2;
  const own = bath === 'bath1' ? h.qubit1 : h.qubit2;
  const energy = model === 'local' ? own : h.total;
  return normalised(hermitianFunction(energy, (x) => Math.exp(-beta * x)));
}

describe('each dissipator by itself', () => {
  test('leaves its own fixed point alone, and obeys Spohn’s inequality', () => {
    fc.assert(
      fc.property(
        numbers,
        models,
        fc.constantFrom('bath1' as const, 'bath2' as const, 'load' as const),
        randomState(8),
        (random, model, bath, rho) => {
          // Temperatures at which the Gibbs weights are float64 numbers of one size.
          const values = { ...random, beta1: random.beta1 / 4, beta2: random.beta2 / 4 };
          const { system } = device(deviceParameters({ ...values, model }), window);
          const l = denseGenerator(lindbladian(system, 'full').channels[bath]);
          const fixed = fixedPoint(values, model, bath);
          const scale = l.max();
          expect(Dense.ofVector(l.apply(fixed.vector())).max()).toBeLessThan(1e-12 * scale);
          const change = Dense.ofVector(l.apply(rho.vector()));
          const distance = hermitianFunction(rho, Math.log).plus(
            hermitianFunction(fixed, Math.log),
            -1,
          );
          const production = -change.dot(distance).trace()[0];
          expect(production).toBeGreaterThan(-1e-11 * scale * (1 + distance.max()));
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('every generator is conditionally completely positive: its maps are completely positive', () => {
  fc.assert(
    fc.property(numbers, models, (values, model) => {
      const { system } = device(deviceParameters({ ...values, model }), window);
      const l = denseGenerator(lindbladian(system, 'full').total);
      const d = 8;
      // C = Σ 𝓛(|k⟩⟨m|) ⊗ |k⟩⟨m|, from which the maximally entangled direction is projected out.
      const choi = Dense.from(d * d, (row, column) => {
        const [i, k] = [Math.floor(row / d), row % d];
        const [j, m] = [Math.floor(column / d), column % d];
        const at = (i * d + j) * d * d + k * d + m;
        return [l.re[at], l.im[at]];
      });
      const others = Dense.from(d * d, (row, column) => {
        const diagonal = row === column ? 1 : 0;
        const entangled =
          Math.floor(row / d) === row % d && Math.floor(column / d) === column % d ? 1 / d : 0;
        return diagonal - entangled;
      });
      const projected = others.dot(choi).dot(others);
      expect(Math.min(...hermitianEigenvalues(projected))).toBeGreaterThan(-1e-12 * l.max() * d);
    }),
    { numRuns: 8 },
  );
});
