/** Ergotropy, Eq. (35): the most work a unitary can extract from a state. */
import type { Device } from '../model/device.js';
import type { Operator } from '../operators/operator.js';
import {
  type DensityMatrix,
  expectation,
  levelPopulations,
  meanOverLevels,
  rotorPopulations,
} from '../state/densityMatrix.js';
import { isOfLevels, qubitState, rotorState } from '../state/reduce.js';
import { denseOrder, eigenvalues, operatorEigenvalues } from '../state/spectrum.js';
import { Sorting } from './sorted.js';

/** NaN stands for one that was not computed, the spectrum being too large. */
export interface Ergotropies {
  readonly total: number;
  /** Of both qubits together, with B_1σ_1^z + B_2σ_2^z. */
  readonly qubits: number;
  /** Of the rotor, with L_z²/2I + V cos φ. */
  readonly rotor: number;
}

/** What sorts the levels and the populations of one system after another. */
class PassiveStates {
  readonly #levels = new Sorting();
  readonly #populations = new Sorting();
  /** The Hamiltonian that was met last, with its eigenvalues: devices in turn may share it. */
  #last: { of: Operator; rising: Float64Array } | null = null;
  #values: Float64Array = new Float64Array(0);

  /** The energy of the passive state: largest populations in the lowest levels. Both are in any order. */
  energy(levels: Float64Array, populations: Float64Array): number {
    this.#last = null;
    return this.#energy(this.#levels.ascending(levels), populations);
  }

  /** The same with the levels of a Hamiltonian. @param states that it acts between */
  energyOf(of: Operator, states: number, populations: Float64Array): number {
    if (this.#last?.of !== of) {
      this.#values = operatorEigenvalues(of, states, this.#values);
      this.#last = { of, rising: this.#levels.ascending(this.#values) };
    }
    return this.#energy(this.#last.rising, populations);
  }

  #energy(rising: Float64Array, populations: Float64Array): number {
    const weights = this.#populations.ascending(populations);
    const n = rising.length;
    let energy = 0;
    for (let i = 0; i < n; i++) energy += rising[i] * weights[n - 1 - i];
    return energy;
  }
}

// Scripts that ask for no ergotropy leave these out, and what finds spectra.
const ofDevice = /* @__PURE__ */ new PassiveStates();
const ofRotor = /* @__PURE__ */ new PassiveStates();
const ofAny = /* @__PURE__ */ new PassiveStates();

/**
 * Tr[Hρ] minus the energy of the passive state.
 * @param levels eigenvalues of H, populations eigenvalues of ρ; in any order
 */
export const ergotropy = (
  energy: number,
  levels: Float64Array,
  populations: Float64Array,
): number => energy - ofAny.energy(levels, populations);

/** What is known of a state already. */
export interface KnownOfState {
  /** The state of both qubits alone. */
  readonly qubits?: DensityMatrix;
  /** Populations of the rotor's levels. */
  readonly levels?: Float64Array;
  /** The eigenvalues of ρ; null where they are too many to compute. */
  readonly spectrum?: Float64Array | null;
  /** The order up to which a dense spectrum of the rotor is computed. */
  readonly largestOrder?: number;
}

export function ergotropies(
  { system, rotorHamiltonian, parameters }: Device,
  rho: DensityMatrix,
  known: KnownOfState = {},
): Ergotropies {
  const { qubits = qubitState(rho), spectrum = eigenvalues(rho) } = known;
  const { B1, B2 } = parameters;
  const qubitLevels = Float64Array.of(-B1 - B2, -B1 + B2, B1 - B2, B1 + B2);
  const qubitEnergy = levelPopulations(qubits).reduce((sum, p, s) => sum + p * qubitLevels[s], 0);
  return {
    total:
      spectrum === null
        ? Number.NaN
        : expectation(rho, system.hamiltonian).re -
          ofDevice.energyOf(system.hamiltonian, system.states, spectrum),
    qubits: ergotropy(qubitEnergy, qubitLevels, eigenvalues(qubits)),
    rotor: rotorErgotropy(rotorHamiltonian, rho, known),
  };
}

function rotorErgotropy(
  hamiltonian: Operator,
  rho: DensityMatrix,
  { levels, largestOrder = Number.POSITIVE_INFINITY }: KnownOfState,
): number {
  if (isOfLevels(rho.space)) {
    const populations = levels ?? rotorPopulations(rho);
    return meanOverLevels(hamiltonian, populations) - ofRotor.energyOf(hamiltonian, 1, populations);
  }
  const rotor = rotorState(rho);
  if (denseOrder(rotor) > largestOrder) return Number.NaN;
  const energy = expectation(rotor, hamiltonian).re;
  return energy - ofRotor.energyOf(hamiltonian, 1, eigenvalues(rotor));
}
