/** Jumps between the eigenstates of any Hamiltonian, with complex elements, too. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eigenstateJumps, smallestGap } from '../../src/lindblad/eigenstateJumps.js';
import { adjoint, type Operator, sum } from '../../src/operators/operator.js';
import { Dense } from '../support/dense.js';
import { factors, projectOperator, windows } from '../support/denseModel.js';
import { hermitianFunction, traceOfProduct } from '../support/denseThermodynamics.js';
import { denseOperator } from '../support/generators.js';

const BETA = 0.3;
/** In detailed balance at β: rate(ω)/rate(−ω) = e^{−βω}. */
const rate = (gain: number): number => (1 + gain * gain) * Math.exp((-BETA * gain) / 2);

const hermitian = (x: Operator): Operator => sum(x.window, x, adjoint(x));

/** By how much Bohr frequencies differ that have one jump together, as those do that are within 1e-9 of the largest. */
function sharedWidth(energies: readonly number[]): number {
  const frequencies = energies.flatMap((x) => energies.map((y) => x - y)).sort((a, b) => a - b);
  const most = 2e-9 * frequencies[frequencies.length - 1];
  return frequencies
    .slice(1)
    .map((omega, k) => omega - frequencies[k])
    .reduce((sum, gap) => (gap <= most ? sum + gap : sum), 0);
}

test('leave the thermal state of H as it is, and take a definite energy each', () => {
  fc.assert(
    fc.property(
      windows.filter(({ size }) => size <= 4),
      factors,
      factors,
      (window, ofEnergy, ofCoupling) => {
        const hamiltonian = hermitian(projectOperator(window, ofEnergy));
        const coupling = hermitian(projectOperator(window, ofCoupling));
        const jumps = eigenstateJumps(hamiltonian, coupling, 4, rate) ?? [];
        const h = denseOperator(hamiltonian);
        const size = Math.max(1, h.max());
        // Squares of elements that small are none.
        const isTiny = (x: number) => x !== 0 && Math.abs(x) < 1e-100;
        fc.pre(![h.re, h.im].some((part) => part.some(isTiny)));
        // Of energies that hardly differ float64 does not tell the eigenstates.
        fc.pre(smallestGap(hamiltonian, 4) > 1e-3 * size);
        const energies: number[] = [];
        const gibbs = hermitianFunction(h, (e) => {
          energies.push(e);
          return Math.exp(-BETA * e);
        });
        const shared = sharedWidth(energies);
        const dense = jumps.map((jump) => denseOperator(jump));
        for (const a of dense) {
          // [H, A] = ωA.
          const gained = h.dot(a).plus(a.dot(h), -1);
          const omega =
            traceOfProduct(a.dagger(), gained) / Math.max(1e-300, traceOfProduct(a.dagger(), a));
          expect(gained.plus(a, -omega).max()).toBeLessThan(
            (1e-11 * size + shared) * Math.max(1, a.max()),
          );
        }
        const zero = new Dense(h.n);
        const moved = dense.reduce((all, a) => all.plus(a.dot(gibbs).dot(a.dagger())), zero);
        const decay = dense.reduce((all, a) => all.plus(a.dagger().dot(a)), zero);
        const lost = decay.dot(gibbs).plus(gibbs.dot(decay)).times(0.5);
        const scale = decay.max() * gibbs.max();
        expect(moved.plus(lost, -1).max()).toBeLessThan(
          (1e-12 + BETA * shared) * Math.max(1, scale),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('add up to the coupling where every rate is 1', () => {
  fc.assert(
    fc.property(windows, factors, factors, (window, ofEnergy, ofCoupling) => {
      const hamiltonian = hermitian(projectOperator(window, ofEnergy));
      const coupling = projectOperator(window, ofCoupling);
      const jumps = eigenstateJumps(hamiltonian, coupling, 4, () => 1) ?? [];
      const total = jumps.reduce(
        (all, jump) => all.plus(denseOperator(jump)),
        new Dense(4 * window.size),
      );
      const wanted = denseOperator(coupling);
      expect(total.plus(wanted, -1).max()).toBeLessThan(1e-11 * Math.max(1, wanted.max()));
    }),
    { numRuns: 60 },
  );
});

test('are none where a part that changes no energy has no rate', () => {
  const window = { lmin: 0, lmax: 1, size: 2 };
  const diagonal = projectOperator(window, {
    qubits: [{ to: 1, from: 1, value: { re: 1, im: 0 } }],
    rotor: [{ shift: 0, f: null }],
  });
  const flip = projectOperator(window, {
    qubits: [{ to: 0, from: 1, value: { re: 1, im: 0 } }],
    rotor: [{ shift: 0, f: null }],
  });
  const only = (gain: number) => (gain === 0 ? null : 1);
  expect(eigenstateJumps(diagonal, diagonal, 4, only)).toBeNull();
  expect(eigenstateJumps(diagonal, flip, 4, only)).toHaveLength(1);
});
