/** What every command that writes a store of a sweep's results has: shards, batches, progress, and an ending. */
import { existsSync } from 'node:fs';
import { ParameterError } from '../model/parameters.js';
import type { BatchSolver } from '../sweep/batchSolver.js';
import { chunkGrid, chunkShapeFor, pointsOfShard, type Shard, WHOLE } from '../sweep/chunks.js';
import type { NumberType, Status } from '../sweep/layout.js';
import { batchSize, type SweepCount, type SweepRun, tally } from '../sweep/run.js';
import { SweepStore } from '../sweep/store.js';
import { type StoredPlan, storedVariables } from '../sweep/storedPlan.js';
import { INTERRUPTED, NOT_CONVERGED } from './command.js';
import { checkRoom } from './outputs.js';
import { duration, perSecond, progressBar } from './progress.js';
import { bytesInWords } from './words.js';

/** Different messages about failures that are printed. */
const MESSAGES = 5;

/** @param all how often there was each */
export function printMessages(all: ReadonlyMap<string, number>): void {
  const messages = [...all].sort((a, b) => b[1] - a[1]);
  for (const [message, times] of messages.slice(0, MESSAGES)) {
    process.stderr.write(`${times} × ${message}\n`);
  }
  if (messages.length > MESSAGES) {
    process.stderr.write(`… and ${messages.length - MESSAGES} other messages\n`);
  }
}
const BYTES: Readonly<Record<NumberType, number>> = { float64: 8, int32: 4, int8: 1 };

export interface Flags {
  readonly out?: string;
  readonly shard?: string;
  readonly backend: string;
  readonly workers?: string;
  readonly dryRun?: true;
  readonly wait?: true;
}

const count = (n: number): string => n.toLocaleString('en');

export function readShard(text: string | undefined): Shard {
  if (text === undefined) return WHOLE;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!(index >= 1 && index <= of)) {
    throw new ParameterError('shard', text, 'i/n with 1 ≤ i ≤ n, such as 2/8');
  }
  return { index, of };
}

/** What a point takes on disk, uncompressed. */
const pointBytes = (plan: StoredPlan): number =>
  storedVariables(plan).reduce((sum, { type }) => sum + BYTES[type], 0);

/** What a sweep of whatever points would be. @param words what is particular to it */
export function describeGrid(
  plan: StoredPlan,
  shard: Shard,
  throughput: number,
  solver: Pick<BatchSolver, 'name' | 'adapter'>,
  words: readonly (readonly [string, string])[],
): string {
  const shape = plan.dimensions.map(({ length }) => length);
  const batch = plan.batch ?? batchSize(plan, shard, throughput);
  const grid = chunkGrid(shape, chunkShapeFor(shape, batch));
  const perPoint = pointBytes(plan);
  const perBatch = perPoint * grid.chunkShape.reduce((a, b) => a * b, 1);
  const lines = [
    [
      'points',
      `${count(plan.count)} (${plan.dimensions
        .map(({ length, axes }) => `${length} ${axes.map(({ name }) => name).join(' with ')}`)
        .join(' × ')})`,
    ],
    ...words,
    ['batches', `${count(grid.count)} of at most ${grid.chunkShape.join(' × ')} points`],
    ['memory', `${bytesInWords(2 * perBatch)} for the batches in flight`],
    ['disk', bytesInWords(perPoint * plan.count)],
    ['backend', `${solver.name}${solver.adapter === null ? '' : ` (${solver.adapter})`}`],
    ['throughput', `${perSecond(throughput)} points/s in a short sample`],
    [
      'time',
      `about ${duration(plan.count / shard.of / throughput)}${shard.of > 1 ? ' for a shard' : ''}`,
    ],
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(12)}${value}`).join('\n')}\n`;
}

/** Ends the sweep after the batches in flight at a first interrupt, at once at a second. */
export function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
      process.stderr.write('stopping: the batches in flight are finished first\n');
    });
  }
  return controller.signal;
}

/** How many points are in each state, in words. */
export const describeTally = (states: ReadonlyMap<Status, number>): string =>
  [...states].map(([status, n]) => `${count(n)} ${status}`).join(', ');

function report(run: SweepRun, shard: Shard): void {
  for (const path of run.damaged) {
    process.stderr.write(`damaged, and computed again: ${path}\n`);
  }
  printMessages(run.messages);
  if (run.stopped) process.stderr.write('stopped: the same command goes on from here\n');
  const { done, found } = run.count;
  const part = shard.of === 1 ? '' : `shard ${shard.index}/${shard.of}: `;
  const there = found === 0 ? '' : `, ${count(found)} were there`;
  process.stdout.write(`${part}${count(done - found)} points solved${there}\n`);
}

/**
 * Solves what the store lacks, says what became of it, and lets go of the store however that ends.
 * @returns the exit status
 */
export async function computed(
  folder: string,
  store: SweepStore<StoredPlan>,
  shard: Shard,
  solve: (report: (count: SweepCount) => void) => Promise<SweepRun>,
): Promise<number> {
  const progress = progressBar('points', pointsOfShard(store.grid, shard));
  try {
    const run = await solve(({ done, failed }) => progress.count(done, `${failed} failed`));
    progress.stop();
    report(run, shard);
    const states = await tally(store);
    await store.close();
    process.stdout.write(`${folder}: ${describeTally(states)}\n`);
    if (run.stopped) return INTERRUPTED;
    const unsolved = [...states.keys()].some((s) => s !== 'solved' && s !== 'pending');
    return unsolved ? NOT_CONVERGED : 0;
  } catch (error) {
    progress.stop();
    // The first error is the one to be told.
    await store.close().catch(() => {});
    throw error;
  }
}

/** The store of a plan in a folder. @param throughput points a second, which is asked of a new store */
export function openStore<P extends StoredPlan>(
  folder: string,
  plan: P,
  shard: Shard,
  wait: boolean,
  throughput: () => Promise<number>,
): Promise<SweepStore<P>> {
  // A store that is there already has some of it.
  if (!existsSync(folder)) checkRoom('out', folder, pointBytes(plan) * plan.count);
  const batch = async () => plan.batch ?? batchSize(plan, shard, await throughput());
  const waiting = (message: string) => process.stderr.write(`${message}\n`);
  return SweepStore.open(folder, plan, shard, batch, { wait, waiting });
}
