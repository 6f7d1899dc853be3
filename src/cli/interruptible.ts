/** Ctrl-C for what can end early. */
import { INTERRUPTED } from './command.js';

/** Runs something that asks whether it shall end: a first interrupt says so, a second ends the process. */
export async function interruptible<T>(run: (isStopped: () => boolean) => Promise<T>): Promise<T> {
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(INTERRUPTED);
    stopped = true;
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await run(() => stopped);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
