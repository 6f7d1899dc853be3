/** Rectification of heat and of angular momentum, Eqs. (38)–(44). */

/** How Eq. (42) treats the signs of ⟨L_z⟩, which swapping the baths may turn round. */
export type AngularDefinition = 'signed' | 'magnitude';

export interface Rectification {
  /** R or R_angular: 0 where both directions are alike. */
  readonly R: number;
  /** J or J_angular. */
  readonly J: number;
}

/** |(a − b)/(a + b)| */
export const asymmetryOf = (a: number, b: number): number => Math.abs((a - b) / (a + b));

/**
 * Eqs. (39) and (40).
 * @param forward Q̇ = Q̇_2 with bath 2 hot
 * @param swapped Q̇^(swap) = Q̇_1 after the temperatures are exchanged, Eq. (38)
 */
export function heatRectification(
  forward: number,
  swapped: number,
  { lambda, g }: { lambda: number; g: number },
): Rectification {
  return {
    R: asymmetryOf(forward, swapped),
    J: Math.max(Math.abs(forward), Math.abs(swapped)) / (Math.abs(lambda) * g * g),
  };
}

/**
 * Eqs. (42) and (43). As printed (`signed`) R_angular exceeds 1 where ⟨L_z⟩ changes sign on swapping, and
 * has a pole where the two cancel; of the magnitudes it stays within [0, 1].
 */
export function angularRectification(
  forward: number,
  swapped: number,
  definition: AngularDefinition,
): Rectification {
  const a = Math.abs(forward);
  const b = Math.abs(swapped);
  return {
    R: definition === 'signed' ? asymmetryOf(forward, swapped) : asymmetryOf(a, b),
    J: Math.max(a, b),
  };
}

/** Γ_α = αR + (1 − α)J, Eqs. (41) and (44). */
export const performance = ({ R, J }: Rectification, alpha: number): number =>
  alpha * R + (1 - alpha) * J;
