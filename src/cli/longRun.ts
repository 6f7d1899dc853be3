/**
 * A long run looked after: a first interrupt ends it between two steps, a second at once, and where it has
 * come to is saved now and then.
 */
import { INTERRUPTED } from './command.js';

/** Seconds between two checkpoints, and milliseconds of computing between two looks at signals. */
const CHECKPOINT_SECONDS = 30;
const BREATH_MS = 50;

export class LongRun {
  /** Whether the run shall end. */
  stopped = false;
  private written = performance.now();
  private breath = performance.now();

  /** @param save writes where the run is; called at once, so that a file that cannot be written is known */
  constructor(private readonly save: () => void) {
    process.on('SIGINT', this.stop).on('SIGTERM', this.stop);
    save();
  }

  private readonly stop = (): void => {
    if (this.stopped) process.exit(INTERRUPTED);
    this.stopped = true;
  };

  /** Between two steps: lets signals in, and saves when it is time. */
  async between(): Promise<void> {
    const now = performance.now();
    if (now - this.breath > BREATH_MS) {
      await new Promise(setImmediate);
      this.breath = performance.now();
    }
    this.saveInTime();
  }

  /** Saves when it is time. */
  saveInTime(): void {
    if (performance.now() - this.written <= 1e3 * CHECKPOINT_SECONDS) return;
    this.save();
    this.written = performance.now();
  }

  /** Saves a run that was stopped, and lets signals be. */
  end(): void {
    if (this.stopped) this.save();
    process.off('SIGINT', this.stop).off('SIGTERM', this.stop);
  }
}
