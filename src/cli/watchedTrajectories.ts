/** Runs of trajectories, of whatever machine, with progress, checkpoints and Ctrl-C. */

import { z } from 'zod';
import type { Truncation } from '../model/parameters.js';
import type { WindowEdges } from '../simulate/edgeProblems.js';
import type { Moments } from '../simulate/moments.js';
import { trajectoriesSchema } from '../simulate/runSchemas.js';
import { type AnyTrajectories, trajectorySet } from '../simulate/trajectoryChunk.js';
import {
  type RunOptions,
  runTrajectories,
  type TrajectoriesDone,
  type TrajectoryMeans,
  trajectoryMeans,
} from '../simulate/trajectoryPool.js';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../storage/checkpoint.js';
import { version } from '../version.js';
import { interruptedAt, statusOfCut } from './command.js';
import { readThreads } from './limits.js';
import { LongRun } from './longRun.js';
import { progressBar } from './progress.js';
import { type TrajectoriesCheckpoint, trajectoriesCheckpoint } from './trajectoriesCheckpoint.js';
import type { Computed } from './trajectoriesReport.js';

/** What the command is given beside a device. */
export const trajectoriesFields = trajectoriesSchema.extend({
  threads: z.unknown().optional().meta({
    description: 'CPU threads, by default one for each core',
    unit: '',
    allowed: 'an integer from 1 to 4 for each core',
  }),
});

/** What runs trajectories. */
export interface Runner<R> {
  readonly backend: Computed;
  readonly run: (request: R, how: RunOptions) => Promise<readonly Moments[]>;
  readonly close: () => void;
}

/** @param wanted how many threads @throws {ParameterError} for a number of threads that is not allowed */
export function onThreads<R extends AnyTrajectories>(name: string, wanted: unknown): Runner<R> {
  const threads = readThreads('threads', wanted);
  return {
    backend: { name, adapter: null, precision: 'f64', threads },
    run: (request, how) => runTrajectories(request, { ...how, threads }),
    close: () => {},
  };
}

/** The file of --checkpoint. */
export const checkpointOf = ({ checkpoint }: Readonly<Record<string, unknown>>) =>
  checkpoint === undefined ? undefined : String(checkpoint);

/**
 * @param start on the window to start with
 * @param file where the run is kept
 */
export async function runWatched<R extends AnyTrajectories>(
  runner: Runner<R>,
  start: R,
  truncation: Truncation,
  count: number,
  file: string | undefined,
): Promise<TrajectoryMeans<R>> {
  const { name, precision } = runner.backend;
  const { lmin: _, lmax: __, ...given } = start;
  const identity = {
    version,
    command: 'trajectories',
    name,
    precision,
    count,
    truncation,
    ...given,
  };
  const { otherQuantities } = await trajectorySet(start);
  const kind = trajectoriesCheckpoint(start.times.length, count, otherQuantities);
  // Null where no trajectory was done.
  const saved = (file === undefined ? null : await readCheckpoint(file, kind, identity)) ?? null;
  let from: TrajectoriesDone | undefined = saved ?? undefined;
  let now: TrajectoriesCheckpoint | null = saved;
  const longRun = await LongRun.start(async () => {
    if (file !== undefined) await writeCheckpoint(file, kind, identity, now);
  });
  const bar = progressBar('trajectories', count);
  const run = (request: R): Promise<readonly Moments[]> => {
    const { lmin, lmax } = request;
    const progress = (trajectories: number, done: TrajectoriesDone) => {
      bar.count(trajectories);
      now = { lmin, lmax, ...done };
      longRun.saveInTime();
    };
    const result = runner.run(request, { count, from, progress, stopped: () => longRun.stopped });
    // A wider window starts anew.
    from = undefined;
    return result;
  };
  const on = saved === null ? start : { ...start, lmin: saved.lmin, lmax: saved.lmax };
  try {
    const means = await trajectoryMeans(on, truncation, run, () => longRun.stopped);
    await longRun.end();
    if (!longRun.stopped && file !== undefined) await removeCheckpoint(file);
    return means;
  } finally {
    bar.stop();
    runner.close();
  }
}

/** What is said of a run at its end, and the exit status. @param wanted how many trajectories */
export function ending(
  report: {
    readonly complete: boolean;
    readonly count: number;
    readonly truncation: WindowEdges & { readonly converged: boolean };
  },
  wanted: number,
  edgeTolerance: number,
  file: string | undefined,
): number {
  const { complete, count, truncation } = report;
  if (!complete) return interruptedAt(` after ${count} of ${wanted} trajectories`, file);
  if (truncation.converged) return 0;
  return statusOfCut('mean populations', truncation, edgeTolerance);
}
