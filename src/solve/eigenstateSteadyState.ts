/** The steady state of the global model by one direct solution between eigenstates of H_S. */
import { type EigenstateElements, EigenstateMatrix } from '../generator/eigenstateMatrix.js';
import type { EigenstateRates } from '../model/eigenstateRates.js';
import { conservingNullVector, NonUniqueSteadyStateError } from './conservingElimination.js';

/**
 * The elements of ρ with Lρ = 0 and trace 1, or null where a population cannot reach the others (a bath that
 * is not coupled, say): which of them is closed is then to be found between bare states.
 * @param start the site where the populations are expected to be largest
 */
export function eigenstateSteadyState(
  rates: EigenstateRates,
  start: number,
): EigenstateElements | null {
  const matrix = new EigenstateMatrix(rates);
  if (!matrix.connected) return null;
  try {
    const { unknowns, centre } = conservingNullVector((at) => matrix.assemble(at), start);
    return matrix.elements(unknowns, centre);
  } catch (error) {
    if (error instanceof NonUniqueSteadyStateError) return null;
    throw error;
  }
}
