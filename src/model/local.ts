/** The local thermal dissipators of the two qubits, Eqs. (13)–(16). */
import { type Operator, operator, scale } from './operator.js';
import { lowering, type Qubit, raising } from './qubits.js';
import type { Window } from './window.js';

/** n_i = 1/(e^{2β_iB_i} − 1), Eq. (16). */
export const thermalOccupation = (beta: number, field: number): number =>
  1 / Math.expm1(2 * beta * field);

/** g_1 = g(1 − χ), g_2 = g(1 + χ), Eq. (15). */
export const bathCoupling = (qubit: Qubit, g: number, chi: number): number =>
  qubit === 1 ? g * (1 - chi) : g * (1 + chi);

/**
 * The jump operators √(g_i²n_i) σ_i⁺ and √(g_i²(n_i+1)) σ_i⁻ of Eq. (14).
 * @param coupling g_i
 * @param occupation n_i
 */
export function localJumps(
  window: Window,
  qubit: Qubit,
  coupling: number,
  occupation: number,
): Operator[] {
  const up = coupling * Math.sqrt(occupation);
  const down = coupling * Math.sqrt(occupation + 1);
  return [
    scale(operator(window, raising(qubit), { shift: 0 }), up),
    scale(operator(window, lowering(qubit), { shift: 0 }), down),
  ];
}
