/** Ergotropy, Eq. (35): the most work a unitary can extract from a state. */
import type { Device } from '../model/device.js';
import { type Operator, sum } from '../operators/operator.js';
import { type DensityMatrix, expectation, qubitPopulations } from '../state/densityMatrix.js';
import { qubitState, rotorState } from '../state/reduce.js';
import { denseOrder, eigenvalues, matrixOf } from '../state/spectrum.js';
import { ascending } from './sorted.js';

/** NaN stands for one that was not computed, the spectrum being too large. */
export interface Ergotropies {
  readonly total: number;
  /** Of both qubits together, with B_1σ_1^z + B_2σ_2^z. */
  readonly qubits: number;
  /** Of the rotor, with L_z²/2I + V cos φ. */
  readonly rotor: number;
}

/**
 * Tr[Hρ] minus the energy of the passive state: largest populations in the lowest levels.
 * @param levels eigenvalues of H, populations eigenvalues of ρ; in any order
 */
export function ergotropy(energy: number, levels: Float64Array, populations: Float64Array): number {
  const energies = ascending(levels);
  const weights = ascending(populations);
  const n = levels.length;
  let passive = 0;
  for (let i = 0; i < n; i++) passive += energies[i] * weights[n - 1 - i];
  return energy - passive;
}

/**
 * @param spectrum the eigenvalues of ρ, null where they are too many to compute
 * @param largestOrder the order up to which a dense spectrum of the rotor is computed
 */
export function ergotropies(
  { system, energies, parameters }: Device,
  rho: DensityMatrix,
  spectrum: Float64Array | null = eigenvalues(rho),
  largestOrder = Number.POSITIVE_INFINITY,
): Ergotropies {
  const { B1, B2 } = parameters;
  const mean = (x: Operator) => expectation(rho, x).re;
  const rotorHamiltonian = sum(system.window, energies.kinetic, energies.potential);
  const rotorOnly = {
    window: system.window,
    transitions: rotorHamiltonian.transitions.filter(({ to, from }) => to === 0 && from === 0),
  };
  const qubitLevels = Float64Array.of(-B1 - B2, -B1 + B2, B1 - B2, B1 + B2);
  const qubitEnergy = qubitPopulations(rho).reduce((total, p, s) => total + p * qubitLevels[s], 0);
  const rotor = rotorState(rho);
  return {
    total:
      spectrum === null
        ? Number.NaN
        : ergotropy(
            mean(system.hamiltonian),
            eigenvalues(matrixOf(system.hamiltonian, system.states)),
            spectrum,
          ),
    qubits: ergotropy(qubitEnergy, qubitLevels, eigenvalues(qubitState(rho))),
    rotor:
      denseOrder(rotor) > largestOrder
        ? Number.NaN
        : ergotropy(
            mean(rotorHamiltonian),
            eigenvalues(matrixOf(rotorOnly, 1)),
            eigenvalues(rotor),
          ),
  };
}
