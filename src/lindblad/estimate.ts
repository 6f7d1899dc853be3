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
  /** What it was made of; null where its reader does not ask for that. */
  readonly made: Combination | null;
}

/** Every one is made here: objects of one shape are read fastest. */
export const estimated = (
  high: number,
  low: number,
  error: number,
  made: Combination | null = null,
): ExactEstimate => ({ high, low, error, made });

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
