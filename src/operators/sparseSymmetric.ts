/** A real symmetric matrix by its diagonal and the pairs (i, j), i ≠ j, that it couples, each once. */
export interface SparseSymmetric {
  readonly diagonal: Float64Array;
  readonly couplings: readonly Coupled[];
}

export interface Coupled {
  readonly i: number;
  readonly j: number;
  readonly value: number;
}
