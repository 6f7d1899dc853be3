/** Trajectories on several threads. What they give does not depend on how many there are. */
import { breathe } from '../breath.js';
import type { Truncation } from '../model/parameters.js';
import { rotorWindow } from '../model/window.js';
import { startWindow } from './evolve.js';
import { type Moments, mergeMoments } from './moments.js';
import { grownWindow } from './steady.js';
import { edgeMeans, Trajectories, type TrajectoryRequest } from './trajectories.js';
import type { Chunk, Lane } from './trajectoryChunk.js';

/** Trajectories per message. Moments are gathered by chunks, and these in the order of their numbers. */
const CHUNK = 50;

/** How a set of trajectories is run. */
export interface RunOptions {
  /** Trajectories 0 … count − 1. */
  readonly count: number;
  /** The moments at each time of the first trajectories, where these were run before. */
  readonly from?: readonly Moments[] | undefined;
  /** Called with the number of trajectories that are done, and the moments of the first of them. */
  readonly progress?: (done: number, moments: readonly Moments[]) => void;
  /** Asked now and then: true ends the run with what there is. */
  readonly stopped?: () => boolean;
}

export interface PoolOptions extends RunOptions {
  /** 1 runs in this thread, in a browser too; more need Node's threads. */
  readonly threads: number;
}

function ownLane(request: TrajectoryRequest): Lane {
  const trajectories = new Trajectories(request);
  return {
    run: async ({ first, end }) => {
      // Signals and timers get their turn.
      await breathe();
      return trajectories.moments(first, end);
    },
    close: async () => {},
  };
}

/**
 * The moments of trajectories 0 … count − 1 at each time; of fewer, all of them before some number, where
 * the run was stopped.
 */
export async function runTrajectories(
  request: TrajectoryRequest,
  { count, threads, from, progress = () => {}, stopped = () => false }: PoolOptions,
): Promise<readonly Moments[]> {
  let merged: readonly Moments[] = from ?? request.times.map(() => EMPTY);
  const before = merged[0].count;
  const chunks = Math.ceil((count - before) / CHUNK);
  const chunkAt = (at: number): Chunk => ({
    first: before + at * CHUNK,
    end: Math.min(count, before + (at + 1) * CHUNK),
  });
  const lane = threads === 1 ? ownLane : (await import('./trajectoryLane.js')).workerLane;
  const lanes = Array.from({ length: Math.min(threads, chunks) }, () => lane(request));
  // Chunks that are done before one in front of them wait for it.
  const waiting = new Map<number, readonly Moments[]>();
  let next = 0;
  let complete = 0;
  let done = merged[0].count;
  const serve = async ({ run }: Lane): Promise<void> => {
    while (next < chunks && !stopped()) {
      const at = next++;
      const chunk = chunkAt(at);
      waiting.set(at, await run(chunk));
      done += chunk.end - chunk.first;
      for (let found = waiting.get(complete); found; found = waiting.get(++complete)) {
        const moments = found;
        merged = merged.map((before, i) => mergeMoments(before, moments[i]));
        waiting.delete(complete);
      }
      progress(done, merged);
    }
  };
  try {
    await Promise.all(lanes.map(serve));
  } finally {
    await Promise.all(lanes.map(({ close }) => close()));
  }
  return merged;
}

const EMPTY: Moments = { count: 0, means: new Float64Array(0), squares: new Float64Array(0) };

/** Means over trajectories, and what they were computed with. */
export interface TrajectoryMeans {
  readonly request: TrajectoryRequest;
  /** One for each time. */
  readonly moments: readonly Moments[];
  /** The largest mean populations of the lowest and the highest level. */
  readonly edgeLow: number;
  readonly edgeHigh: number;
}

/**
 * Trajectories on the window asked for, or on one that grows until the mean populations of both edges are
 * below the tolerance at every time.
 * @param run what runs the trajectories of a request
 * @param from a window to start with
 * @throws {ParameterError} for an initial state outside of the window asked for
 */
export async function trajectoryMeans(
  given: Omit<TrajectoryRequest, 'lmin' | 'lmax'>,
  truncation: Truncation,
  run: (request: TrajectoryRequest) => Promise<readonly Moments[]>,
  stopped: () => boolean = () => false,
  from?: { readonly lmin: number; readonly lmax: number },
): Promise<TrajectoryMeans> {
  const mayGrow = truncation.lmin === undefined;
  let window =
    from === undefined
      ? startWindow({ truncation, initial: given.initial })
      : rotorWindow(from.lmin, from.lmax);
  for (;;) {
    const request = { ...given, lmin: window.lmin, lmax: window.lmax };
    const moments = await run(request);
    const edges = moments.map(edgeMeans);
    const edgeLow = Math.max(...edges.map(([low]) => low));
    const edgeHigh = Math.max(...edges.map(([, high]) => high));
    const wider = mayGrow
      ? grownWindow(window, [edgeLow, edgeHigh], truncation.edgeTolerance, null)
      : null;
    if (wider === null || stopped()) {
      return { request, moments, edgeLow, edgeHigh };
    }
    window = wider;
  }
}
