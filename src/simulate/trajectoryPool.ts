/** Trajectories on several threads. What they give does not depend on how many there are. */
import { breathe } from '../breath.js';
import type { Truncation } from '../model/parameters.js';
import { type Moments, mergeMoments } from './moments.js';
import {
  type AnyTrajectories,
  type Chunk,
  type Lane,
  type StartLanes,
  trajectorySet,
} from './trajectoryChunk.js';
import { edgeMeans } from './unravelling.js';
import { widerWindow } from './windowSearch.js';

/** Trajectories per message. Moments are gathered by chunks, and these in the order of their numbers. */
export const CHUNK = 50;

/** Milliseconds from one look whether to stop to the next. */
const LOOK_MS = 20;
/** Milliseconds that threads have to answer when told to stop: one that has not begun yet has nothing to say. */
const GRACE_MS = 250;

/** The first trajectories of a chunk that is not whole. */
export interface Piece {
  /** The number of the chunk's first trajectory. */
  readonly first: number;
  /** By time. */
  readonly moments: readonly Moments[];
}

/** Where a run has come to. */
export interface TrajectoriesDone {
  /** Of all trajectories before some number, at each time. */
  readonly moments: readonly Moments[];
  /** Of later ones. */
  readonly pieces: readonly Piece[];
}

/** How a set of trajectories is run. */
export interface RunOptions {
  /** Trajectories 0 … count − 1. */
  readonly count: number;
  /** What was run before. */
  readonly from?: TrajectoriesDone | undefined;
  /** Called with the number of trajectories that are done, and their moments. */
  readonly progress?: (count: number, done: TrajectoriesDone) => void;
  /** Asked every few milliseconds: true ends the run with what there is. */
  readonly stopped?: () => boolean;
}

export interface PoolOptions extends RunOptions {
  /** 1 runs in this thread; more are Node's, unless `start` starts others. */
  readonly threads: number;
  readonly start?: StartLanes;
}

async function ownLane(request: AnyTrajectories, stopped: () => boolean): Promise<Lane> {
  const trajectories = await trajectorySet(request);
  return {
    run: async ({ first, end, from }) => {
      const chunk = trajectories.chunk(from);
      let looked = Number.NEGATIVE_INFINITY;
      for (const _ of trajectories.run(first + countOf(from), end, chunk)) {
        if (performance.now() - looked < LOOK_MS) continue;
        // Signals and timers get their turn.
        await breathe();
        if (stopped()) break;
        looked = performance.now();
      }
      return chunk.moments();
    },
    close: async () => {},
  };
}

const countOf = (moments: readonly Moments[] | undefined): number => moments?.[0]?.count ?? 0;

const merged = (a: readonly Moments[], b: readonly Moments[]): readonly Moments[] =>
  a.map((before, i) => mergeMoments(before, b[i]));

/** What a run has gathered, chunk by chunk. */
class Gathered {
  private readonly before: number;
  private whole: readonly Moments[];
  /** By their places: chunks that are done before one in front of them wait for it, pieces to be gone on with. */
  private readonly waiting = new Map<number, readonly Moments[]>();
  /** The first place that is not in `whole`. */
  private complete = 0;
  readonly chunks: number;

  constructor(
    times: number,
    private readonly wanted: number,
    from?: TrajectoriesDone,
  ) {
    this.whole = from?.moments ?? Array.from({ length: times }, () => EMPTY);
    this.before = countOf(this.whole);
    this.chunks = Math.ceil((wanted - this.before) / CHUNK);
    for (const { first, moments } of from?.pieces ?? []) {
      this.waiting.set((first - this.before) / CHUNK, moments);
    }
  }

  chunkAt(place: number): Chunk {
    const first = this.before + place * CHUNK;
    return {
      first,
      end: Math.min(this.wanted, first + CHUNK),
      from: this.waiting.get(place),
    };
  }

  /** Whether all trajectories of a chunk are there. */
  isWhole(place: number): boolean {
    const { first, end, from } = this.chunkAt(place);
    return place < this.complete || countOf(from) === end - first;
  }

  take(place: number, moments: readonly Moments[]): void {
    if (countOf(moments) > 0) this.waiting.set(place, moments);
    while (this.complete < this.chunks && this.isWhole(this.complete)) {
      this.whole = merged(this.whole, this.waiting.get(this.complete) as readonly Moments[]);
      this.waiting.delete(this.complete++);
    }
  }

  /** How many trajectories are done. */
  get count(): number {
    return [...this.waiting.values()].reduce(
      (sum, moments) => sum + countOf(moments),
      countOf(this.whole),
    );
  }

  get done(): TrajectoriesDone {
    const pieces = [...this.waiting]
      .sort(([a], [b]) => a - b)
      .map(([place, moments]) => ({ first: this.chunkAt(place).first, moments }));
    return { moments: this.whole, pieces };
  }
}

/** The moments of all trajectories that are done. */
const together = ({ moments, pieces }: TrajectoriesDone): readonly Moments[] =>
  pieces.reduce((all, piece) => merged(all, piece.moments), moments);

/**
 * The moments of trajectories 0 … count − 1 at each time; of fewer where the run was stopped: each thread then ends
 * at its next jump, and all trajectories count that are whole.
 */
export async function runTrajectories(
  request: AnyTrajectories,
  { count, threads, start, from, progress = () => {}, stopped = () => false }: PoolOptions,
): Promise<readonly Moments[]> {
  const gathered = new Gathered(request.times.length, count, from);
  const { chunks } = gathered;
  const number = Math.min(threads, chunks);
  const startLanes = async () => start ?? (await import('./trajectoryLane.js')).workerLanes;
  const pool = number > 1 ? (await startLanes())(request, number) : null;
  const lanes = pool?.lanes ?? [await ownLane(request, stopped)];
  let abandon: (nothing: readonly Moments[]) => void = () => {};
  const abandoned = new Promise<readonly Moments[]>((resolve) => {
    abandon = resolve;
  });
  let isTold = false;
  const look = setInterval(() => {
    if (pool === null || isTold || !stopped()) return;
    isTold = true;
    pool.stop();
    setTimeout(() => abandon([]), GRACE_MS);
  }, LOOK_MS);
  let next = 0;
  const serve = async ({ run }: Lane): Promise<void> => {
    while (next < chunks && !stopped()) {
      const place = next++;
      if (gathered.isWhole(place)) continue;
      gathered.take(place, await Promise.race([run(gathered.chunkAt(place)), abandoned]));
      progress(gathered.count, gathered.done);
    }
  };
  try {
    await Promise.all(lanes.map(serve));
  } finally {
    clearInterval(look);
    await Promise.all(lanes.map(({ close }) => close()));
  }
  return together(gathered.done);
}

const EMPTY: Moments = { count: 0, means: new Float64Array(0), squares: new Float64Array(0) };

/** Means over trajectories, and what they were computed with. */
export interface TrajectoryMeans<R> {
  readonly request: R;
  /** One for each time. */
  readonly moments: readonly Moments[];
  /** The largest mean populations of the lowest and the highest level. */
  readonly edgeLow: number;
  readonly edgeHigh: number;
}

/**
 * Trajectories on the window asked for, or, where none is, on one that grows until the mean populations of both
 * edges are below the tolerance at every time.
 * @param start with the window to start with
 * @param run what runs the trajectories of a request
 */
export async function trajectoryMeans<R extends AnyTrajectories>(
  start: R,
  truncation: Truncation,
  run: (request: R) => Promise<readonly Moments[]>,
  stopped: () => boolean = () => false,
): Promise<TrajectoryMeans<R>> {
  let request = start;
  for (;;) {
    const { lmin, lmax } = request;
    const window = { lmin, lmax, size: lmax - lmin + 1 };
    const moments = await run(request);
    const edges = moments.map((one) => edgeMeans(one, window.size));
    const edgeLow = Math.max(...edges.map(([low]) => low));
    const edgeHigh = Math.max(...edges.map(([, high]) => high));
    const wider = widerWindow(truncation, window, [edgeLow, edgeHigh], null);
    if (wider === null || stopped()) return { request, moments, edgeLow, edgeHigh };
    request = { ...request, lmin: wider.lmin, lmax: wider.lmax };
  }
}
