/** A generator's couplings along one direction: many independent block-tridiagonal systems. */

/**
 * A batch of independent block-tridiagonal matrices M, all of one block width, with complex entries.
 * The sites of all chains are numbered through, chain after chain. Each unknown of a site is one element
 * of the space's vector; elements that no unknown names are not in any chain.
 */
export interface Chains {
  /** Unknowns per site. */
  readonly width: number;
  /** Chain k has the sites first[k] ≤ s < first[k + 1]; one number more than there are chains. */
  readonly first: Uint32Array;
  /**
   * The index, in complex numbers, of unknown r of site s in a vector of the space: places[s·width + r].
   * −1 where the site has fewer unknowns: row and column of such a place are those of the identity, its
   * right-hand side is 0, and its solution goes nowhere.
   */
  readonly places: Int32Array;
  /**
   * Where the conjugate of the same unknown's solution is written too: mirrors[s·width + r], or −1 for
   * nowhere. (Of a Hermitian pair of chains one is solved.)
   */
  readonly mirrors: Int32Array;
  /**
   * M's entry in row r of site s and column c of site s − 1 + b, b = 0, 1, 2, as real and imaginary
   * part at 2·(((s·width + r)·3 + b)·width + c) and the place after it. Blocks that would reach out of
   * their chain are 0.
   */
  readonly entries: Float64Array;
}

/** A matrix that has to be inverted and is singular to rounding. */
export class SingularMatrixError extends Error {
  override readonly name = 'SingularMatrixError';
}
