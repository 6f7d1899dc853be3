/** What the paper says of its figures, beside what is computed here. */

export type Verdict = 'agrees' | 'does not agree' | 'depends on the definition';

export interface Claim {
  readonly figure: string;
  /** The paper's statement. */
  readonly claim: string;
  /** The number the paper gives, if any. */
  readonly paper: number | null;
  /** The number found, and what it is. */
  readonly found: number;
  readonly meaning: string;
  /** What of the number counts as agreement. */
  readonly tolerance: string;
  readonly verdict: Verdict;
  /** Whether the verdict is that it does. */
  readonly agrees: boolean;
}

export interface Statement {
  readonly claim: string;
  readonly paper?: number | null;
  readonly found: number;
  readonly meaning: string;
  readonly tolerance: string;
  /** Whether it holds; by each of several definitions where the paper leaves open which one is meant. */
  readonly holds: boolean | readonly boolean[];
}

/** A statement about a figure with its verdict. */
export function claimAbout(figure: string, { holds, paper = null, ...rest }: Statement): Claim {
  const each = typeof holds === 'boolean' ? [holds] : holds;
  const verdict: Verdict = each.every((one) => one)
    ? 'agrees'
    : each.some((one) => one)
      ? 'depends on the definition'
      : 'does not agree';
  return { figure, paper, ...rest, verdict, agrees: verdict === 'agrees' };
}

/** A statement of a figure that holds or does not, without a number of the paper's. */
export const statementsOf =
  (figure: string) =>
  (claim: string, found: number, meaning: string, tolerance: string, holds: boolean): Claim =>
    claimAbout(figure, { claim, found, meaning, tolerance, holds });

/** How far from a number that the paper gives to two decimals one may be that rounds to it, or nearly so. */
const TWO_DECIMALS = 0.01;

/** A statement whose number the paper gives to two decimals. */
export const numberAbout = (
  figure: string,
  claim: string,
  paper: number,
  found: number,
  meaning: string,
): Claim =>
  claimAbout(figure, {
    claim,
    paper,
    found,
    meaning,
    tolerance: `± ${TWO_DECIMALS}`,
    holds: Math.abs(found - paper) <= TWO_DECIMALS,
  });
