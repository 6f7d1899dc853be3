/** Solutions of linear equations with a sector's generator. */
import { ALONG_TABLES } from '../machine/scalarSlopes.js';

/** A solution of linear equations. */
export interface Solution {
  readonly x: Float64Array;
  /** How far each number may be off. */
  readonly lost: Float64Array;
}

/** A solution with the transposed generator. It stays as it is found: what it is off by says how right it is. */
export interface AdjointSolution {
  readonly x: Float64Array;
  /** What it is off by, as far as what is left of its equations tells, … */
  readonly left: Float64Array;
  /** … and in one case of what rounding of their terms may do beside. */
  readonly rounded: Float64Array;
}

/** What rounding takes from a term, and from what is made of it on the way to parameters. */
export const ROUNDING = 4 * Number.EPSILON + ALONG_TABLES;
