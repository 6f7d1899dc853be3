/** Trajectories that are run together. */
import type { Moments } from './moments.js';

/** Trajectories `first` … `end` − 1. */
export interface Chunk {
  readonly first: number;
  readonly end: number;
}

/** One thread's way to run chunks, and how it is ended. */
export interface Lane {
  readonly run: (chunk: Chunk) => Promise<readonly Moments[]>;
  readonly close: () => Promise<unknown>;
}
