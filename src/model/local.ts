/** Occupations and couplings of the qubits' baths, Eqs. (15) and (16). */
import type { Qubit } from './qubits.js';

/** n_i = 1/(e^{2β_iB_i} − 1), Eq. (16). */
export const thermalOccupation = (beta: number, field: number): number =>
  1 / Math.expm1(2 * beta * field);

/** g_1 = g(1 − χ), g_2 = g(1 + χ), Eq. (15). */
export const bathCoupling = (qubit: Qubit, g: number, chi: number): number =>
  qubit === 1 ? g * (1 - chi) : g * (1 + chi);
