/** One line of a performance study: what was computed, by what, how right, how fast. */
import type { Precision } from '../backend/backend.js';
import type { Timing } from './measure.js';

export const GROUPS = ['apply', 'steady', 'sweep', 'evolve', 'precision'] as const;
export type Group = (typeof GROUPS)[number];

export interface Row {
  readonly group: Group;
  /** What is computed: rows with the same task and N can be compared. */
  readonly task: string;
  /** What computes it: our method and backend, or a peer with its version. */
  readonly solver: string;
  readonly peer: boolean;
  readonly N: number;
  readonly adapter: string | null;
  readonly precision: Precision;
  /** The largest relative error found, what it was held against, and the largest that is accepted. */
  readonly error: number;
  readonly oracle: string;
  readonly tolerance: number;
  /** Null where the error is larger than accepted: a wrong answer has no time. */
  readonly seconds: Timing | null;
  /** Least bytes to and from memory, and floating-point operations, of one run; where they are counted. */
  readonly bytes: number | null;
  readonly operations: number | null;
  /** Share of a ceiling measured on the same device in the same study. */
  readonly share: { readonly of: string; readonly value: number } | null;
}

export type Candidate = Omit<Row, 'seconds' | 'bytes' | 'operations' | 'share'> & {
  readonly seconds: Timing;
} & Partial<Pick<Row, 'bytes' | 'operations' | 'share'>>;

/** The row of a candidate, without its time where it is not right enough (an error of NaN is not). */
export function admitted({
  seconds,
  bytes = null,
  operations = null,
  share = null,
  ...row
}: Candidate): Row {
  const right = row.error <= row.tolerance;
  return {
    ...row,
    seconds: right ? seconds : null,
    bytes,
    operations,
    share: right ? share : null,
  };
}
