/** The sweep itself: what is not yet there is solved batch by batch, two at a time, and written. */
import type { Computer } from './batchSolver.js';
import { type Chunk, chunkSize, chunksOf, pointsOf, pointsOfShard, type Shard } from './chunks.js';
import { failedAmong, STATUS, STATUSES, type Status } from './layout.js';
import type { Plan } from './plan.js';
import { withOneCutoff } from './planCutoff.js';
import { type SolvedPoints, type Solvers, solvePoints } from './solvePoints.js';
import type { SweepStore } from './store.js';
import type { StoredPlan } from './storedPlan.js';

/** While one batch is written or waited for, another is computed. */
const IN_FLIGHT = 2;
/** Chunks whose files are read at once. */
const READERS = 16;
/** Seconds of work that a kill may cost. */
const BATCH_SECONDS = 1;
const LARGEST_BATCH = 1 << 16;
/** Batches that a shard should have, unless they became small. */
const BATCHES = 8;
const SMALL_BATCH = 64;
/**
 * A measurement of the throughput starts with so many points and doubles them, until they fill a small batch, take so
 * many milliseconds and are hardly faster than before, or until it has taken too long.
 */
const FIRST_SAMPLE = 8;
const SAMPLE_MS = 250;
const STEADY = 1.3;
const LONGEST_MS = 2000;

export interface SweepCount {
  /** Points written, now or earlier, and those of them that were there already. */
  readonly done: number;
  readonly found: number;
  /** Of those written now. */
  readonly failed: number;
}

export interface SweepRun {
  readonly count: SweepCount;
  /** Files that were there but not what had been written. */
  readonly damaged: readonly string[];
  /** Why points failed, and how many of them. */
  readonly messages: ReadonlyMap<string, number>;
  readonly stopped: boolean;
}

/** Solves some of a grid's points, by their numbers. */
export type SolveSome = (points: ArrayLike<number>) => Promise<SolvedPoints>;

/** Points a second, of points from all over the grid. @param enough from where on it need not be known */
export const measureThroughput = (plan: Plan, solvers: Solvers, enough?: number): Promise<number> =>
  throughputOf(plan.count, (points) => solvePoints(plan, points, solvers), enough);

const largestBatch = (count: number): number =>
  Math.min(LARGEST_BATCH, Math.max(SMALL_BATCH, Math.ceil(count / BATCHES)));

/** Points a second that the largest batches of a grid take: to open a store, no more need be known. */
export const enoughFor = ({ count }: { readonly count: number }): number =>
  largestBatch(count) / BATCH_SECONDS;

/** The same of a grid of so many points, whatever they are of. */
export async function throughputOf(
  all: number,
  solve: SolveSome,
  enough = Number.POSITIVE_INFINITY,
): Promise<number> {
  const sample = async (size: number) => {
    const count = Math.min(size, all);
    // Multiples of the golden ratio fill the grid evenly, however many there are.
    const points = Array.from({ length: count }, (_, i) =>
      Math.floor((((i * (Math.sqrt(5) - 1)) / 2) % 1) * all),
    );
    const begin = performance.now();
    await solve(points);
    const milliseconds = performance.now() - begin;
    return { count, milliseconds, rate: (1e3 * count) / milliseconds };
  };
  // Threads load their code, which on a busy machine takes seconds: that is no work of points.
  const first = await sample(FIRST_SAMPLE);
  const start = performance.now();
  let previous = first.rate;
  for (let size = first.milliseconds < LONGEST_MS ? 2 * FIRST_SAMPLE : 1; ; size *= 2) {
    const { count, milliseconds, rate } = await sample(size);
    // Devices start, and code is compiled: while the rate still rises it tells little, and so do a few points.
    const isEnough = milliseconds >= SAMPLE_MS && count >= SMALL_BATCH;
    const isSteady = isEnough && rate < STEADY * previous;
    const isLong = performance.now() - start >= LONGEST_MS;
    if (isSteady || isLong || rate >= enough || count * BATCHES >= all) return rate;
    previous = rate;
  }
}

/** The points of a batch for a new store. */
export function batchSize(
  { count }: { readonly count: number },
  { of }: Shard,
  throughput: number,
): number {
  const affordable = Math.floor(throughput * BATCH_SECONDS);
  return Math.max(1, Math.min(largestBatch(count / of), affordable));
}

/** The chunks of a shard that are yet to be solved. */
async function missing(
  store: SweepStore<StoredPlan>,
  shard: Shard,
  damaged: (path: string) => void,
): Promise<Chunk[]> {
  const chunks = chunksOf(store.grid, shard);
  const absent: Chunk[] = [];
  const reader = async () => {
    for (const chunk of chunks) {
      if (!(await store.isComplete(chunk, damaged))) absent.push(chunk);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return absent.sort((a, b) => a.index - b.index);
}

/**
 * Solves what a shard's part of a store of devices lacks.
 * @throws {StoreError} where a batch cannot be written
 */
export function runSweep(
  store: SweepStore,
  solvers: Solvers,
  shard: Shard,
  report: (count: SweepCount) => void,
  stop: AbortSignal,
): Promise<SweepRun> {
  const plan = withOneCutoff(store.plan);
  const by = [solvers.first, ...(solvers.fallback === null ? [] : [solvers.fallback])];
  return runBatches(store, (points) => solvePoints(plan, points, solvers), by, shard, report, stop);
}

/**
 * Solves what a shard's part of the store lacks.
 * @param by who computes
 * @param report called after each batch
 * @param stop when aborted, no further batch is begun; those in flight are finished
 * @throws {StoreError} where a batch cannot be written
 */
export async function runBatches(
  store: SweepStore<StoredPlan>,
  solveSome: SolveSome,
  by: readonly Computer[],
  shard: Shard,
  report: (count: SweepCount) => void,
  stop: AbortSignal,
): Promise<SweepRun> {
  const damaged: string[] = [];
  const messages = new Map<string, number>();
  const chunks = await missing(store, shard, (path) => damaged.push(path));
  const total = pointsOfShard(store.grid, shard);
  const found = total - chunks.reduce((sum, chunk) => sum + chunkSize(chunk), 0);
  let count: SweepCount = { done: found, found, failed: 0 };
  report(count);

  const solve = async (chunk: Chunk) => {
    const solved = await solveSome(pointsOf(store.grid, chunk));
    await store.write(chunk, solved.values);
    for (const message of solved.messages) messages.set(message, (messages.get(message) ?? 0) + 1);
    const failed = count.failed + failedAmong(solved.values[STATUS]);
    count = { ...count, done: count.done + chunkSize(chunk), failed };
    report(count);
  };
  const queue = chunks.values();
  let broken = false;
  const worker = async () => {
    for (const chunk of queue) {
      if (stop.aborted || broken) return;
      try {
        await solve(chunk);
      } catch (error) {
        broken = true;
        throw error;
      }
    }
  };
  if (chunks.length > 0) for (const solver of by) await store.record(solver);
  const outcomes = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return { count, damaged, messages, stopped: stop.aborted && count.done < total };
}

/** How many points of a store are in each state. */
export async function tally(store: SweepStore<StoredPlan>): Promise<Map<Status, number>> {
  const counts = new Map<Status, number>();
  for (const code of await store.statuses()) {
    const status = STATUSES[code];
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}
