/** Numbers with what they may be off by, and what they were made of. */
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import type { Functional, Representation } from './functional.js';

/** A number and about how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** The same with a number of about 30 digits, as far as it has them; in float64 without its lower part. */
export interface ExactEstimate extends DoubleDouble {
  readonly error: number;
  /** What it was made of, where its reader asks for that. */
  readonly made?: Combination;
}

/** A linear combination of means. */
export type Combination =
  | {
      readonly kind: 'mean';
      readonly functional: Functional;
      readonly representation: Representation;
    }
  | { readonly kind: 'sum'; readonly of: readonly [Combination, Combination] }
  | { readonly kind: 'product'; readonly factor: number; readonly of: Combination };

export const roundedEstimate = ({ high, error }: ExactEstimate): Estimate => ({
  value: high,
  error: error + 2 * Number.EPSILON * Math.abs(high),
});
