/** Solutions of linear equations with a sector's generator. */
import { ALONG_TABLES } from '../machine/scalarSlopes.js';

/** A solution of linear equations. */
export interface Solution {
  readonly x: Float64Array;
  /**
   * What it is off by in one case: by what is left of its equations, and by what rounding of their terms may do with
   * some choice of signs. It says how right the solution is, and is not added to it.
   */
  readonly correction: Float64Array;
  /** How far each number may be off beside that. */
  readonly lost: Float64Array;
}

/** What rounding takes from a term, and from what is made of it on the way to parameters. */
export const ROUNDING = 4 * Number.EPSILON + ALONG_TABLES;
