/** Ctrl-C for what can end early. */
import { LongRun } from './longRun.js';

/** Runs something that asks whether it shall end: a first interrupt says so, a second ends the process. */
export async function interruptible<T>(run: (isStopped: () => boolean) => Promise<T>): Promise<T> {
  const longRun = await LongRun.start(async () => {});
  try {
    return await run(() => longRun.stopped);
  } finally {
    await longRun.end();
  }
}
