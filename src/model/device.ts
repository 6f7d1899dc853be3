/** From parameters to an open quantum system: a Hamiltonian and the dissipators of each bath. */
import { kineticEnergy, millInteraction, qubitEnergy } from './hamiltonian.js';
import { loadJumps } from './load.js';
import { bathCoupling, localJumps, thermalOccupation } from './local.js';
import { type Operator, sum, zero } from './operator.js';
import type { DeviceParameters } from './parameters.js';
import { cosinePotential } from './potential.js';
import type { Window } from './window.js';

/** Where heat can come from: the baths of qubits 1 and 2, and the rotor's load. */
export const BATHS = ['bath1', 'bath2', 'load'] as const;
export type Bath = (typeof BATHS)[number];

/**
 * What a Lindblad generator is made from: ρ̇ = −i[H, ρ] + Σ_bath Σ_j D[A_j]ρ.
 * To add physics, add a term to `hamiltonian` or an operator to a bath's `jumps`.
 */
export interface OpenSystem {
  readonly window: Window;
  readonly hamiltonian: Operator;
  readonly jumps: Readonly<Record<Bath, readonly Operator[]>>;
}

/** A device on a window: its open system, and the parts of H_S that thermodynamics tells apart. */
export interface Device {
  readonly parameters: DeviceParameters;
  readonly system: OpenSystem;
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
}

/** The device with the given parameters on the given window. */
export function device(parameters: DeviceParameters, window: Window): Device {
  const { beta1, beta2, B1, B2, g, chi, lambda, gamma, I, V } = parameters;
  const energies = {
    qubit1: qubitEnergy(window, 1, B1),
    qubit2: qubitEnergy(window, 2, B2),
    kinetic: kineticEnergy(window, I),
    interaction: lambda === 0 ? zero(window) : millInteraction(window, lambda),
    potential: V === 0 ? zero(window) : cosinePotential(window, V),
  };
  return {
    parameters,
    energies,
    system: {
      window,
      hamiltonian: sum(window, ...Object.values(energies)),
      jumps: {
        bath1: localJumps(window, 1, bathCoupling(1, g, chi), thermalOccupation(beta1, B1)),
        bath2: localJumps(window, 2, bathCoupling(2, g, chi), thermalOccupation(beta2, B2)),
        load: gamma === 0 ? [] : loadJumps(window, parameters),
      },
    },
  };
}
