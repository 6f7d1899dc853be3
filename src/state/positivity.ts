/** How far a density matrix is from being positive, where its eigenvalues are too many to compute. */
import type { DensityMatrix } from './densityMatrix.js';
import { type HermitianBlock, hermitianBlocks } from './hermitianBlocks.js';

/** Shifts that are tried, the smallest first. */
const SHIFTS = [1e-15, 1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3] as const;

/**
 * A lower bound of the eigenvalues: −ε for the smallest shift tried with which ρ + ε has a Cholesky
 * factorisation (up to the rounding of one, some 1e-16); −∞ where none has.
 */
export function eigenvalueBound(rho: DensityMatrix): number {
  const blocks = hermitianBlocks(rho);
  for (const shift of SHIFTS) {
    if (blocks.every((block) => hasCholesky(block, shift))) return -shift;
  }
  return Number.NEGATIVE_INFINITY;
}

/** Whether the Cholesky factorisation of ρ + shift runs through, on the real and imaginary parts of rows. */
function hasCholesky({ members: { length: n }, ...block }: HermitianBlock, shift: number): boolean {
  const [re, im] = [block.re.slice(), block.im.slice()];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let u = re[i * n + j] + (i === j ? shift : 0);
      let v = im[i * n + j];
      for (let k = 0, a = i * n, b = j * n; k < j; k++, a++, b++) {
        u -= re[a] * re[b] + im[a] * im[b];
        v -= im[a] * re[b] - re[a] * im[b];
      }
      if (i === j) {
        if (!(u > 0)) return false;
        re[i * n + i] = Math.sqrt(u);
        im[i * n + i] = 0;
      } else {
        re[i * n + j] = u / re[j * n + j];
        im[i * n + j] = v / re[j * n + j];
      }
    }
  }
  return true;
}
