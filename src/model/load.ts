/** The dissipative load of the rotor, Eq. (17). */
import { halves } from './exact.js';
import { type Operator, operator } from './operator.js';
import { identity } from './qubits.js';
import type { Window } from './window.js';

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

/**
 * The load as two jump operators. With a = β_r/4I the two dissipators of Eq. (17) equal
 * ½(D[K₊] + D[K₋]), K₊ = e^{iφ}(1 − aL_z), K₋ = e^{−iφ}(1 + aL_z), also on the truncated space,
 * so that each jump changes l by exactly one. The prefactor 2Iγ/β_r is included.
 */
export function loadJumps(
  window: Window,
  { betaR, gamma, I }: { betaR: number; gamma: number; I: number },
): Operator[] {
  const factor = loadFactor({ betaR, I });
  const amplitude = Math.sqrt((I * gamma) / betaR);
  return [
    operator(window, identity, { shift: 1, f: (l) => amplitude * factor(l) }),
    operator(window, identity, { shift: -1, f: (l) => amplitude * factor(-l) }),
  ];
}
