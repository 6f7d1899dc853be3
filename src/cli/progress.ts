/** Progress on stderr, for whoever watches a terminal. */
import { SingleBar } from 'cli-progress';

/** Nothing is shown before this long. */
const PATIENCE_MS = 2000;

export interface Progress {
  readonly count: (done: number) => void;
  readonly stop: () => void;
}

/**
 * A bar that appears when the work takes long.
 * @param what is counted
 * @param total how many there will be; without it there is a count and no time left
 */
export function progressBar(what: string, total?: number): Progress {
  const begin = performance.now();
  let bar: SingleBar | null = null;
  const format =
    total === undefined
      ? `{value} ${what}, {duration_formatted}`
      : `{bar} {value}/{total} ${what}, {eta_formatted} left`;
  return {
    count: (done) => {
      if (bar === null && performance.now() - begin > PATIENCE_MS && process.stderr.isTTY) {
        bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
        bar.start(total ?? 0, done);
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}
