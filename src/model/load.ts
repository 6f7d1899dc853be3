/** The dissipative load of the rotor, Eq. (17). */

import type { Window } from '../operators/window.js';
import { halves } from './exact.js';

/**
 * 1 − aL_z at each level, a = β_r/4I; of −l it is 1 + aL_z. The product β_r l is not rounded, so that where
 * hardly anything is left of 1 it has all its digits: they are those of the populations beyond such a level.
 */
export function loadFactor({ betaR, I }: { betaR: number; I: number }): (l: number) => number {
  const [leading, rest] = halves(betaR);
  return (l) => (4 * I - leading * l - rest * l) / (4 * I);
}

/** The level of either sign of a window's levels at which 1 − aL_z is nearest to 0. */
export function loadBalance(
  { betaR, I }: { betaR: number; I: number },
  { lmin, lmax }: Window,
): number {
  const reach = Math.max(-lmin, lmax);
  return Math.min(Math.max(Math.round((4 * I) / betaR), -reach), reach);
}
