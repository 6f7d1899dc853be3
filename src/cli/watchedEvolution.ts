/** An evolution with progress, checkpoints and Ctrl-C. */
import { Breath } from '../breath.js';
import type { EvolutionChoice, EvolutionRequest } from '../simulate/evolutionStage.js';
import { Evolution, type EvolutionCheckpoint, type EvolutionResult } from '../simulate/evolve.js';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../storage/checkpoint.js';
import { INTERRUPTED } from './command.js';
import { evolveCheckpoint } from './evolveCheckpoint.js';
import { shareBar } from './progress.js';

class Interrupted extends Error {}

/** Seconds between two checkpoints. */
const CHECKPOINT_SECONDS = 5;

export interface Outcome {
  readonly seconds: number;
  /** Null where it was interrupted. */
  readonly result: EvolutionResult | null;
  readonly checkpoint: EvolutionCheckpoint;
}

/** Runs an evolution with progress, checkpoints and Ctrl-C. */
export async function runWatched(
  request: EvolutionRequest,
  choice: EvolutionChoice,
  file: string | undefined,
  identity: unknown,
): Promise<Outcome> {
  const kind = evolveCheckpoint(request.times);
  const evolution = await Evolution.start(
    request,
    choice,
    file === undefined ? undefined : await readCheckpoint(file, kind, identity),
  );
  const progress = shareBar('the evolution');
  const { times } = request;
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(INTERRUPTED);
    stopped = true;
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const begin = performance.now();
  let written = begin;
  const breath = new Breath();
  const save = async () => {
    if (file !== undefined) {
      await writeCheckpoint(file, kind, identity, await evolution.checkpoint());
    }
    written = performance.now();
  };
  try {
    // At once, so that a file that cannot be written is known before any work is done.
    await save();
    const result = await evolution.run(async (t) => {
      if (await breath.taken()) {
        const found = times.findIndex((time) => time >= t);
        const next = found < 0 ? times.length - 1 : found;
        const from = next === 0 ? 0 : times[next - 1];
        const share = Math.min(1, (t - from) / (times[next] - from));
        progress.count((next + share) / times.length);
      }
      if (stopped) throw new Interrupted();
      if (performance.now() - written > 1e3 * CHECKPOINT_SECONDS) await save();
    });
    if (file !== undefined) await removeCheckpoint(file);
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, result, checkpoint: await evolution.checkpoint() };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await save();
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, result: null, checkpoint: await evolution.checkpoint() };
  } finally {
    progress.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    evolution.close();
  }
}
