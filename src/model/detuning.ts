/** How far |10, k+1⟩ and |01, k⟩, which the interaction couples, are from resonance. */

import type { Window } from '../operators/window.js';
import { exactProduct, exactSum } from './exact.js';

type Energies = Readonly<Record<'B1' | 'B2' | 'I', number>>;

/**
 * ε(10, k+1) − ε(01, k) = 2(B1 − B2) + (2k + 1)/2I. Near resonance, where a weak interaction mixes the two,
 * hardly anything of the two terms is left: neither is rounded.
 */
export function detuning({ B1, B2, I }: Energies): (k: number) => number {
  const [difference, lost] = exactSum(B1, -B2);
  const [fields, error] = exactProduct(4 * I, difference);
  const rest = error + 4 * I * lost;
  return (k) => (fields + (2 * k + 1) + rest) / (2 * I);
}

export interface Resonance {
  /** The block k of the window that is nearest to it. */
  readonly nearest: number;
  /** The lowest k with ε(10, k+1) ≥ ε(01, k); lmax where there is none. */
  readonly above: number;
}

/** Where the blocks k = lmin … lmax − 1 of a window lie to resonance. */
export function resonance(energies: Energies, { lmin, lmax }: Window): Resonance {
  const { B1, B2, I } = energies;
  const at = detuning(energies);
  const inside = (k: number) => Math.min(Math.max(k, lmin), lmax - 1);
  let nearest = inside(Math.round(2 * I * (B2 - B1) - 0.5));
  for (const k of [inside(nearest - 1), inside(nearest + 1)]) {
    if (Math.abs(at(k)) < Math.abs(at(nearest))) nearest = k;
  }
  return { nearest, above: at(nearest) < 0 ? nearest + 1 : nearest };
}
