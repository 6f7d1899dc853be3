/**
 * The thermal dissipators of the two qubits between eigenstates of all of H, where those are known as numbers: as Eqs. (A5),
 * (A15), jumps of one Bohr frequency being one jump.
 */
import { eigenstateJumps, smallestGap } from '../lindblad/eigenstateJumps.js';
import type { Jumps } from '../operators/jumps.js';
import { adjoint, type Operator, operator, QUBIT_STATES } from '../operators/operator.js';
import { perWindow, type Window } from '../operators/window.js';
import type { DeviceNumbers } from './deviceNumbers.js';
import { bathCoupling } from './local.js';
import type { BetweenEigenstates } from './masterEquations/masterEquation.js';
import { lowering, type Qubit } from './qubits.js';

const loweringOn = (qubit: Qubit): ((window: Window) => Operator) =>
  perWindow((window) => operator(window, lowering(qubit), { shift: 0 }));
const lowerings = { 1: loweringOn(1), 2: loweringOn(2) };

/** @param omega Ω */
export function eigenstateBaths(
  { rate }: BetweenEigenstates,
  { beta1, beta2, g, chi }: DeviceNumbers,
  hamiltonian: Operator,
  omega: number,
): Record<'bath1' | 'bath2', Jumps> {
  const bath = (qubit: Qubit, beta: number): Jumps => {
    const lower = lowerings[qubit](hamiltonian.window);
    const bringing = (gain: number) => rate(gain, beta, bathCoupling(qubit, g, chi), omega);
    const operators = [lower, adjoint(lower)].flatMap(
      // Every energy has a rate, 0 too.
      (coupling) => eigenstateJumps(hamiltonian, coupling, QUBIT_STATES, bringing) ?? [],
    );
    return { operators, resolved: [] };
  };
  return { bath1: bath(1, beta1), bath2: bath(2, beta2) };
}

/** The smallest difference of two energies of a device that are told apart. */
export const smallestGapOf = ({
  system: { hamiltonian },
}: {
  readonly system: { readonly hamiltonian: Operator };
}): number => smallestGap(hamiltonian, QUBIT_STATES);
