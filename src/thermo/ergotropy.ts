/** Ergotropy, Eq. (35): the most work a unitary can extract from a state. */
import type { Device } from '../model/device.js';
import type { Operator } from '../operators/operator.js';
import { type DensityMatrix, expectation, qubitPopulations } from '../state/densityMatrix.js';
import { qubitState, rotorState } from '../state/reduce.js';
import { denseOrder, eigenvalues, operatorEigenvalues } from '../state/spectrum.js';
import { lasting } from '../zeros.js';
import { ascending, ascendingNow } from './sorted.js';

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
export const ergotropy = (
  energy: number,
  levels: Float64Array,
  populations: Float64Array,
): number => energy - passiveEnergy(ascending(levels), populations);

/** @param levels ascending; populations in any order */
function passiveEnergy(levels: Float64Array, populations: Float64Array): number {
  const weights = ascendingNow(populations);
  const n = levels.length;
  let passive = 0;
  for (let i = 0; i < n; i++) passive += levels[i] * weights[n - 1 - i];
  return passive;
}

/** The Hamiltonians that were met last, with their eigenvalues. */
const lastLevels: Partial<Record<'device' | 'rotor', { of: Operator; levels: Float64Array }>> = {};

/** The eigenvalues of a Hamiltonian, ascending; found once for devices in turn that share it. @param part of a device */
function levelsOf(part: 'device' | 'rotor', of: Operator, states: number): Float64Array {
  const last = lastLevels[part];
  if (last?.of === of) return last.levels;
  const levels = lasting(() => ascending(operatorEigenvalues(of, states)));
  lastLevels[part] = { of, levels };
  return levels;
}

/**
 * @param spectrum the eigenvalues of ρ, null where they are too many to compute
 * @param largestOrder the order up to which a dense spectrum of the rotor is computed
 */
export function ergotropies(
  { system, rotorHamiltonian, parameters }: Device,
  rho: DensityMatrix,
  spectrum: Float64Array | null = eigenvalues(rho),
  largestOrder = Number.POSITIVE_INFINITY,
): Ergotropies {
  const { B1, B2 } = parameters;
  const qubitLevels = Float64Array.of(-B1 - B2, -B1 + B2, B1 - B2, B1 + B2);
  const qubitEnergy = qubitPopulations(rho).reduce((total, p, s) => total + p * qubitLevels[s], 0);
  const rotor = rotorState(rho);
  return {
    total:
      spectrum === null
        ? Number.NaN
        : expectation(rho, system.hamiltonian).re -
          passiveEnergy(levelsOf('device', system.hamiltonian, system.states), spectrum),
    qubits: ergotropy(qubitEnergy, qubitLevels, eigenvalues(qubitState(rho))),
    rotor:
      denseOrder(rotor) > largestOrder
        ? Number.NaN
        : expectation(rotor, rotorHamiltonian).re -
          passiveEnergy(levelsOf('rotor', rotorHamiltonian, 1), eigenvalues(rotor)),
  };
}
