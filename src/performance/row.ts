/** One line of a performance study: what was computed, by what, how right, how fast. */
import type { Precision } from '../backend/backend.js';
import type { CeilingName } from './ceilings.js';
import type { Timing } from './measure.js';

export const GROUPS = ['apply', 'steady', 'fluctuations', 'sweep', 'evolve', 'precision'] as const;
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
  /** Shares of the ceilings measured on the same device in the same study, and of what C reaches on one core. */
  readonly shares: readonly Share[];
}

export interface Share {
  readonly of: CeilingName | 'C on one core';
  readonly value: number;
}

/** Ours, on the CPU in float64, where nothing else is said. */
type Assumed = 'peer' | 'adapter' | 'precision' | 'bytes' | 'operations' | 'shares';

export type Candidate = Omit<Row, 'seconds' | Assumed> & { readonly seconds: Timing } & Partial<
    Pick<Row, Assumed>
  >;

/** The row of a candidate, without its time where it is not right enough (an error of NaN is not). */
export function admitted({ group, task, solver, N, error, oracle, tolerance, ...more }: Candidate) {
  const { peer = false, adapter = null, precision = 'f64', seconds, shares = [] } = more;
  const { bytes = null, operations = null } = more;
  const right = error <= tolerance;
  const row: Row = {
    ...{ group, task, solver, peer, N, adapter, precision, error, oracle, tolerance },
    ...{ seconds: right ? seconds : null, bytes, operations, shares: right ? shares : [] },
  };
  return row;
}
