/** From parameters to an open quantum system: a Hamiltonian and the dissipators of each bath. */

import type { Basis } from './basis.js';
import type { EigenstateRates } from './eigenstateRates.js';
import { globalJumps } from './global.js';
import { kineticEnergy, millInteraction, qubitEnergy } from './hamiltonian.js';
import type { Jumps } from './jumps.js';
import { loadJumps } from './load.js';
import { bathCoupling, localJumps, thermalOccupation } from './local.js';
import { type Operator, QUBIT_STATES, sum, zero } from './operator.js';
import type { DeviceParameters } from './parameters.js';
import { cosinePotential } from './potential.js';
import type { Window } from './window.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

/**
 * What a Lindblad generator is made from: ρ̇ = −i[H, ρ] + Σ_bath Σ_j D[A_j]ρ.
 * To add physics, add a term to `hamiltonian` or an operator to a bath's jumps.
 * @typeParam B the baths' names, any but 'hamiltonian'; their order is that of the keys of `jumps`
 */
export interface OpenSystem<B extends string = string> extends Basis {
  readonly hamiltonian: Operator;
  readonly jumps: Readonly<Record<B, Jumps>>;
}

/** A device on a window: its open system, and the parts of H_S that thermodynamics tells apart. */
export interface Device {
  readonly parameters: DeviceParameters;
  readonly system: OpenSystem<Bath>;
  readonly energies: {
    /** B_1 σ_1^z */
    readonly qubit1: Operator;
    /** B_2 σ_2^z */
    readonly qubit2: Operator;
    /** L_z²/2I */
    readonly kinetic: Operator;
    /** H_{S,I}, Eq. (3) */
    readonly interaction: Operator;
    /** V cos φ */
    readonly potential: Operator;
  };
  /** Ω of the global model's spectral densities; null in the local model, which has none. */
  readonly cutoff: number | null;
  /** The global model between eigenstates of H_S; null in the local model, and without interaction. */
  readonly eigenstates: EigenstateRates | null;
}

/** The baths of the qubits. */
interface Baths {
  readonly bath1: Jumps;
  readonly bath2: Jumps;
  readonly cutoff: number | null;
  readonly eigenstates: EigenstateRates | null;
}

function localBaths(window: Window, { beta1, beta2, B1, B2, g, chi }: DeviceParameters): Baths {
  return {
    bath1: {
      operators: localJumps(window, 1, bathCoupling(1, g, chi), thermalOccupation(beta1, B1)),
      resolved: [],
    },
    bath2: {
      operators: localJumps(window, 2, bathCoupling(2, g, chi), thermalOccupation(beta2, B2)),
      resolved: [],
    },
    cutoff: null,
    eigenstates: null,
  };
}

/** The device with the given parameters on the given window. */
export function device(parameters: DeviceParameters, window: Window): Device {
  const { model, B1, B2, lambda, gamma, I, V } = parameters;
  const energies = {
    qubit1: qubitEnergy(window, 1, B1),
    qubit2: qubitEnergy(window, 2, B2),
    kinetic: kineticEnergy(window, I),
    interaction: lambda === 0 ? zero(window) : millInteraction(window, lambda),
    potential: V === 0 ? zero(window) : cosinePotential(window, V),
  };
  const baths =
    model === 'local' ? localBaths(window, parameters) : globalJumps(window, parameters);
  return {
    parameters,
    energies,
    cutoff: baths.cutoff,
    eigenstates: baths.eigenstates,
    system: {
      states: QUBIT_STATES,
      window,
      hamiltonian: sum(window, ...Object.values(energies)),
      jumps: {
        bath1: baths.bath1,
        bath2: baths.bath2,
        load: { operators: gamma === 0 ? [] : loadJumps(window, parameters), resolved: [] },
      },
    },
  };
}
