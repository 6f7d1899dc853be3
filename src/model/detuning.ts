/** How far |10, k+1⟩ and |01, k⟩, which the interaction couples, are from resonance. */
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
