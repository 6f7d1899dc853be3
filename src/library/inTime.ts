/** What runs in time are asked for, and what they tell on the way. */

/** Rising times, or text such as `1,10,100` and `log:0.1:20000:50`. */
export type Times = readonly number[] | string;

export interface EvolutionProgress {
  /** The time that is reached. */
  readonly t: number;
}

export interface CollisionProgress {
  /** Collisions so far. */
  readonly collisions: number;
}

export interface TrajectoryProgress {
  /** Trajectories that are done. */
  readonly done: number;
}
