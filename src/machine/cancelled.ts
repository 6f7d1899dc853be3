/** What tables lose where they cancel, whoever computes it: tapeMagnitudes.ts or code made for them. */

/** By how much a function at most enlarges what its arguments lose, relative to itself. */
export const ENLARGED = 2;
/** Of an argument that is 0 and should not be nothing is known. */
export const UNKNOWN = 1 / Number.EPSILON;

/** Which tables of a tape may cancel. */
export interface Cancellations {
  isIn(at: number): boolean;
}
