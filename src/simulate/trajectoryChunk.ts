/** Trajectories that are run together. */
import type { MachineTrajectoryRequest } from './machineTrajectories.js';
import type { Moments } from './moments.js';
import { Trajectories, type TrajectoryRequest } from './trajectories.js';
import type { TrajectorySet } from './unravelling.js';

/** Trajectories of the paper's device, or of a machine that a file describes. */
export type AnyTrajectories = TrajectoryRequest | MachineTrajectoryRequest;

/** What runs the trajectories of a request; what reads machines is loaded where there is one. */
export async function trajectorySet(request: AnyTrajectories): Promise<TrajectorySet> {
  if (!('machine' in request)) return new Trajectories(request);
  const { MachineTrajectories } = await import('./machineTrajectories.js');
  return new MachineTrajectories(request);
}

/** Trajectories `first` … `end` − 1, of which the first ones may be there. */
export interface Chunk {
  readonly first: number;
  readonly end: number;
  readonly from: readonly Moments[] | undefined;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly request: AnyTrajectories;
  /** One number, in shared memory: not 0 where threads shall stop. */
  readonly stop: Int32Array;
}

/** One thread's way to run chunks, and how it is ended. */
export interface Lane {
  readonly run: (chunk: Chunk) => Promise<readonly Moments[]>;
  readonly close: () => Promise<unknown>;
}

/** Threads, and what tells all of them to end their chunks early. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly stop: () => void;
}

/** Starts threads for a request. */
export type StartLanes = (request: AnyTrajectories, count: number) => Lanes;
