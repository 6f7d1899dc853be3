/** What there is to know of a master equation: everything that differs from one to another asks its record. */
import type { EquationOf } from '../../lindblad/masterEquation.js';
import type { Jumps } from '../../operators/jumps.js';
import type { Window } from '../../operators/window.js';
import type { DeviceNumbers } from '../deviceNumbers.js';

/** With which a bath takes a quantum from a qubit, and brings it one. */
export interface ThermalRates {
  /** With which the system gives off ω. */
  readonly emission: number;
  /** With which it takes ω up. */
  readonly absorption: number;
}

/** What a derivation takes to be small. */
export interface Condition {
  readonly name: string;
  readonly symbol: string;
  readonly description: string;
  /**
   * Null where what it is about is not there.
   * @param omega Ω; NaN where the equation has none
   * @param smallestGap of two energies of H_S on the window of the result that are told apart
   */
  readonly value: (
    numbers: DeviceNumbers,
    omega: number,
    smallestGap: () => number,
  ) => number | null;
}

/** An equation whose jumps are between eigenstates of all of H that are known as numbers. */
export interface BetweenEigenstates {
  /** On how many levels at most, and why. */
  readonly levels: number;
  readonly because: string;
  /** With which a bath brings an energy into the machine, of either sign or 0. */
  readonly rate: (gain: number, beta: number, coupling: number, omega: number) => number;
}

export interface MasterEquation {
  /** As `model` it chooses the equation. */
  readonly name: string;
  /** In a list to choose from. */
  readonly label: string;
  /** Its equations in the paper, or where else it is from. */
  readonly source: string;
  /** From the baths of any machine to dissipators. */
  readonly of: EquationOf;
  /**
   * The jump operators of the qubits' baths on a window without a potential, but for those that are the same in every
   * equation; null where they are those of `of`, which then is between bare states.
   */
  readonly jumpsOn:
    | ((window: Window, numbers: DeviceNumbers) => Readonly<Record<'bath1' | 'bath2', Jumps>>)
    | null;
  /** What a potential of the rotor makes of an equation between eigenstates; null where those of `of` are all there are. */
  readonly inPotential: BetweenEigenstates | null;
  /** Ω of the spectral densities on a window; null where there is none. */
  readonly cutoff: ((window: Window, numbers: DeviceNumbers) => number) | null;
  /**
   * What a bath changes: the `own` part of the machine alone, so that what it brings into the interaction is work, and
   * the load alone moves the rotor; or the `whole`, so that all that it brings in is heat.
   */
  readonly reach: 'own' | 'whole';
  /** What a bath does to a qubit of splitting 2B that is alone. */
  readonly ratesAlone: (
    field: number,
    beta: number,
    coupling: number,
    omega: number,
  ) => ThermalRates;
  /** What has to be small for it to hold. */
  readonly conditions: readonly Condition[];
  /** Whether collisions with thermal oscillators become this equation as they get short. */
  readonly isLimitOfCollisions: boolean;
}
