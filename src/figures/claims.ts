/** What the paper says of its figures, beside what is computed here. */

export interface Claim {
  readonly figure: string;
  /** The paper's statement. */
  readonly claim: string;
  /** The number the paper gives, if any. */
  readonly paper: number | null;
  /** The number found, and what it is. */
  readonly found: number;
  readonly meaning: string;
  readonly agrees: boolean;
}

/** Whether a number found rounds, or nearly so, to one the paper gives to two decimals. */
export const agreesToTwoDecimals = (found: number, paper: number): boolean =>
  Math.abs(found - paper) <= 0.01;
