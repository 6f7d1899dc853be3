/**
 * The eigenpairs of H_S without potential, Eq. (A1), in closed form.
 *
 * H_S couples |01, k⟩ and |10, k+1⟩ alone, so that each such pair is a 2×2 block:
 *   |+, k⟩ = cos θ |10, k+1⟩ + sin θ |01, k⟩,   |−, k⟩ = −sin θ |10, k+1⟩ + cos θ |01, k⟩.
 * Every other basis state is an eigenstate by itself.
 */

import type { Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import { detuning } from './detuning.js';

export interface PairBlocks {
  /** One entry per block k = lmin … lmax − 1, at k − lmin; the last entry, of no block, is 0. */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  /** Half of ε(10, k+1) − ε(01, k), the energies without interaction. */
  readonly half: Float64Array;
  /** ε_{+,k} − ε(10, k+1) = ε(01, k) − ε_{−,k}, and ε_{+,k} − ε(01, k) = ε(10, k+1) − ε_{−,k}. */
  readonly over10: Float64Array;
  readonly over01: Float64Array;
}

export function pairBlocks(
  window: Window,
  { B1, B2, lambda, I }: { B1: number; B2: number; lambda: number; I: number },
): PairBlocks {
  const cosine = zeros(window.size);
  const sine = zeros(window.size);
  const halves = zeros(window.size);
  const over10 = zeros(window.size);
  const over01 = zeros(window.size);
  const detuned = detuning({ B1, B2, I });
  for (let i = 0; i < window.size - 1; i++) {
    const k = window.lmin + i;
    const half = detuned(k) / 2;
    const split = Math.sqrt(half * half + lambda * lambda);
    // cos²θ = (1 + half/split)/2 and sin 2θ = λ/split; the larger of the two first, free of cancellation.
    const larger = split === 0 ? 1 : Math.sqrt((split + Math.abs(half)) / (2 * split));
    const smaller = split === 0 ? 0 : Math.abs(lambda) / (2 * split * larger);
    cosine[i] = half < 0 ? smaller : larger;
    sine[i] = (half < 0 ? larger : smaller) * (lambda < 0 ? -1 : 1);
    halves[i] = half;
    // split − |half|, by its product with the other.
    const wide = split + Math.abs(half);
    const narrow = wide === 0 ? 0 : (lambda * lambda) / wide;
    over10[i] = half < 0 ? wide : narrow;
    over01[i] = half < 0 ? narrow : wide;
  }
  return { cosine, sine, half: halves, over10, over01 };
}
