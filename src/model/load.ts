/** The dissipative load of the rotor, Eq. (17). */
import { type Operator, operator } from './operator.js';
import { identity } from './qubits.js';
import type { Window } from './window.js';

/**
 * The load as two jump operators. With a = β_r/4I the two dissipators of Eq. (17) equal
 * ½(D[K₊] + D[K₋]), K₊ = e^{iφ}(1 − aL_z), K₋ = e^{−iφ}(1 + aL_z), also on the truncated space,
 * so that each jump changes l by exactly one. The prefactor 2Iγ/β_r is included.
 */
export function loadJumps(
  window: Window,
  { betaR, gamma, I }: { betaR: number; gamma: number; I: number },
): Operator[] {
  const a = betaR / (4 * I);
  const amplitude = Math.sqrt((I * gamma) / betaR);
  return [
    operator(window, identity, { shift: 1, f: (l) => amplitude * (1 - a * l) }),
    operator(window, identity, { shift: -1, f: (l) => amplitude * (1 + a * l) }),
  ];
}
