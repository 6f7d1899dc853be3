/** Trajectories that are run together. */
import type { Moments } from './moments.js';
import type { TrajectoryRequest } from './trajectories.js';

/** Trajectories `first` … `end` − 1, of which the first ones may be there. */
export interface Chunk {
  readonly first: number;
  readonly end: number;
  readonly from: readonly Moments[] | undefined;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly request: TrajectoryRequest;
  /** One number, in shared memory: not 0 where threads shall stop. */
  readonly stop: Int32Array;
}

/** One thread's way to run chunks, and how it is ended. */
export interface Lane {
  readonly run: (chunk: Chunk) => Promise<readonly Moments[]>;
  readonly close: () => Promise<unknown>;
}
