/** An evolution with progress, checkpoints and Ctrl-C. */
import type { EvolutionChoice, EvolutionRequest } from '../simulate/evolutionStage.js';
import { Evolution, type EvolutionCheckpoint, type EvolutionResult } from '../simulate/evolve.js';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../storage/checkpoint.js';
import { evolveCheckpoint } from './evolveCheckpoint.js';
import { LongRun } from './longRun.js';
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
  const begin = performance.now();
  const tell = (t: number) => {
    const found = times.findIndex((time) => time >= t);
    const at = found < 0 ? times.length - 1 : found;
    const from = at === 0 ? 0 : times[at - 1];
    progress.count((at + Math.min(1, (t - from) / (times[at] - from))) / times.length);
  };
  try {
    const longRun = await LongRun.start(async () => {
      if (file === undefined) return;
      await writeCheckpoint(file, kind, identity, await evolution.checkpoint());
    }, CHECKPOINT_SECONDS);
    let result: EvolutionResult | null = null;
    try {
      result = await evolution.run(async (t) => {
        if (await longRun.between()) tell(t);
        if (longRun.stopped) throw new Interrupted();
      });
      if (file !== undefined) await removeCheckpoint(file);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      await longRun.end();
    }
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, result, checkpoint: await evolution.checkpoint() };
  } finally {
    progress.stop();
    evolution.close();
  }
}
