/** Elements that jumps have between the unknowns of a sector, each of which counts for something. */

/** Elements one after another that are sums of products of two tables, at the levels from `first` to before `end`. */
export interface ElementRun {
  /** Of the first table at a level and of the second one `apart` from it, with its sign. */
  readonly products: readonly (readonly [left: number, right: number, sign: number])[];
  readonly apart: number;
  /** The place of the first of them. */
  readonly start: number;
  readonly first: number;
  readonly end: number;
}

/** y[to] += value · x[from]: those first that arrive at populations. */
export interface Elements {
  readonly runs: readonly ElementRun[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly arriving: number;
}

/** Σ weight · value · x of elements that arrive at populations, the same with weight², and both of magnitudes. */
export interface CountedSums {
  readonly mean: number;
  readonly size: number;
  readonly shot: number;
  readonly shotSize: number;
}

/** What is counted, as a change of a state. */
export interface Driven {
  /** Σ weight · value · x by where it arrives, less mean · x, and the magnitudes of the sum. */
  readonly change: Float64Array;
  readonly sizes: Float64Array;
  /** Σ weight · value by where it comes from, of what arrives at populations. */
  readonly row: Float64Array;
}
