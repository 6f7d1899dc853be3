/** Solutions of linear equations with a sector's generator. */
import { ALONG_TABLES } from '../machine/scalarSlopes.js';

/** A solution of linear equations, once refined. */
export interface Solution {
  readonly x: Float64Array;
  /** What the refinement has added. */
  readonly correction: Float64Array;
  /** How far each number may be off beside that. */
  readonly lost: Float64Array;
}

/** What rounding takes from a term, and from what is made of it on the way to parameters. */
export const ROUNDING = 4 * Number.EPSILON + ALONG_TABLES;
