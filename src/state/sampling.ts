/** Pure states at random, whose average is an initial state. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Complex, times } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { InitialState } from './initialState.js';

/** A component of a state vector: |s, l⟩ at s·N + l − lmin. */
export interface KetComponent {
  readonly at: number;
  readonly re: number;
  readonly im: number;
}

interface WeightedKet {
  readonly weight: number;
  /** By qubit state, or by level of the rotor. */
  readonly components: readonly { readonly index: number; readonly value: Complex }[];
}

const ONE: Complex = { re: 1, im: 0 };
const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** Kets of the qubits with ρ = Σ weight |ket⟩⟨ket|: basis states where ρ is diagonal, eigenvectors elsewhere. */
function qubitKets(rho: InitialState['qubits']): WeightedKet[] {
  if (rho.every((row, i) => row.every((value, j) => i === j || isZero(value)))) {
    return rho.map((row, index) => ({
      weight: row[index].re,
      components: [{ index, value: ONE }],
    }));
  }
  // The real form of twice the size has each eigenvector twice, as (Re, Im) of ψ and of iψ.
  const n = rho.length;
  const doubled = new Matrix(2 * n, 2 * n);
  rho.forEach((row, i) => {
    row.forEach(({ re, im }, j) => {
      doubled.set(i, j, re);
      doubled.set(n + i, n + j, re);
      doubled.set(n + i, j, im);
      doubled.set(i, n + j, -im);
    });
  });
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(doubled, {
    assumeSymmetric: true,
  });
  return realEigenvalues.map((value, e) => ({
    weight: Math.max(0, value) / 2,
    components: rho.map((_, index) => ({
      index,
      value: { re: eigenvectorMatrix.get(index, e), im: eigenvectorMatrix.get(n + index, e) },
    })),
  }));
}

function rotorKets({ rotor }: InitialState): WeightedKet[] {
  if ('populations' in rotor) {
    return rotor.populations.map((weight, i) => ({
      weight,
      components: [{ index: rotor.lowest + i, value: ONE }],
    }));
  }
  const components = rotor.amplitudes.map((value, i) => ({ index: rotor.lowest + i, value }));
  return [{ weight: 1, components }];
}

/** The ket that a number in (0, 1) chooses. */
function choose(kets: readonly WeightedKet[], u: number): WeightedKet {
  const total = kets.reduce((sum, { weight }) => sum + weight, 0);
  let rest = u * total;
  let chosen = kets[0];
  for (const ket of kets) {
    if (ket.weight === 0) continue;
    chosen = ket;
    rest -= ket.weight;
    if (rest < 0) break;
  }
  return chosen;
}

/**
 * Chooses state vectors by two numbers in (0, 1) each, so that the mean of |ψ⟩⟨ψ| is the initial state; what
 * the window cuts off is lost.
 */
export function ketSampler(
  initial: InitialState,
  { lmin, lmax, size }: Window,
): (forQubits: number, forRotor: number) => KetComponent[] {
  const [ofQubits, ofRotor] = [qubitKets(initial.qubits), rotorKets(initial)];
  return (forQubits, forRotor) => {
    const components: { at: number; value: Complex }[] = [];
    for (const qubits of choose(ofQubits, forQubits).components) {
      for (const rotor of choose(ofRotor, forRotor).components) {
        const value = times(qubits.value, rotor.value);
        if (isZero(value) || rotor.index < lmin || rotor.index > lmax) continue;
        components.push({ at: qubits.index * size + rotor.index - lmin, value });
      }
    }
    const norm = Math.sqrt(
      components.reduce((sum, { value: v }) => sum + v.re ** 2 + v.im ** 2, 0),
    );
    return components.map(({ at, value }) => ({
      at,
      re: value.re / norm,
      im: value.im / norm,
    }));
  };
}
