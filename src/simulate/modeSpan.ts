/**
 * Hermitian matrices that span what belongs to a mode: one, or the two of X₁ + iX₂ where it oscillates, with its
 * conjugate. Of eigenvalues λ and λ̄ the mean is −γ, and that of a basis X_j and the dual one Z_j of the left modes changes
 * by dγ = −½ Σ Tr[Z_j d𝓛 X_j], however near one another the two are.
 */
import type { DensityMatrix } from '../state/densityMatrix.js';

export type Span = readonly DensityMatrix[];

/** Σ factor · elements of matrices of one space. */
export const combined = (
  ...parts: readonly (readonly [factor: number, of: DensityMatrix])[]
): DensityMatrix => {
  const [[, { space }]] = parts;
  const elements = new Float64Array(2 * space.size);
  for (const [factor, of] of parts) {
    for (let i = 0; i < elements.length; i++) elements[i] += factor * of.elements[i];
  }
  return { space, elements };
};

/**
 * By j those factors f of which Σ_k f_k overlaps[i][k] is 1 where i = j and else 0.
 * @param overlaps of each of one or two matrices with as many rows
 */
export function dualFactors(overlaps: readonly (readonly number[])[]): number[][] {
  const [[a, b], [c, d] = []] = overlaps;
  if (b === undefined) return [[1 / a]];
  const determinant = a * d - b * c;
  return [
    [d / determinant, -c / determinant],
    [-b / determinant, a / determinant],
  ];
}
