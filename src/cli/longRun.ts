/**
 * A long run looked after: a first interrupt ends it between two steps, a second at once, and where it has
 * come to is saved now and then.
 */
import { Breath } from '../breath.js';
import { INTERRUPTED } from './command.js';

/** Seconds between two checkpoints, where the run does not say. */
const CHECKPOINT_SECONDS = 30;

export class LongRun {
  /** Whether the run shall end. */
  stopped = false;
  private written = performance.now();
  private readonly breath = new Breath();
  /** A save that is under way. */
  private saving: Promise<void> | null = null;
  /** Why the last save did not work; the run ends then. */
  private failure: unknown = null;

  private constructor(
    private readonly save: () => Promise<void>,
    private readonly seconds: number,
  ) {
    process.on('SIGINT', this.stop).on('SIGTERM', this.stop);
  }

  /**
   * @param save writes where the run is; it looks at once, and only then waits. Called first here, so that a
   * file that cannot be written is known before the work
   */
  static async start(save: () => Promise<void>, seconds = CHECKPOINT_SECONDS): Promise<LongRun> {
    await save();
    return new LongRun(save, seconds);
  }

  private readonly stop = (): void => {
    if (this.stopped) process.exit(INTERRUPTED);
    this.stopped = true;
  };

  /** Between two steps: lets signals in, and saves when it is time. @returns whether they were let in @throws what `save` throws */
  async between(): Promise<boolean> {
    const taken = await this.breath.taken();
    this.saveInTime();
    await this.settled();
    return taken;
  }

  /** Begins to save when it is time. */
  saveInTime(): void {
    if (this.saving !== null || performance.now() - this.written <= 1e3 * this.seconds) return;
    this.saving = this.save()
      .catch((error: unknown) => {
        this.failure = error;
        this.stopped = true;
      })
      .finally(() => {
        this.saving = null;
        this.written = performance.now();
      });
  }

  private async settled(): Promise<void> {
    await this.saving;
    if (this.failure !== null) throw this.failure;
  }

  /** Saves a run that was stopped, and lets signals be. @throws what `save` throws */
  async end(): Promise<void> {
    try {
      await this.settled();
      if (this.stopped) await this.save();
    } finally {
      process.off('SIGINT', this.stop).off('SIGTERM', this.stop);
    }
  }
}
