/** Progress on stderr: a bar for whoever watches a terminal, plain lines elsewhere. */
import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';

const require = createRequire(import.meta.url);

/** Nothing is shown before this long, and a plain line not more often than this. */
const PATIENCE_MS = 2000;
const LINE_MS = 10_000;

export interface Progress {
  /** @param note what else there is to say, such as a number of failures */
  readonly count: (done: number, note?: string) => void;
  readonly stop: () => void;
}

/** Seconds in the words of a clock: 42 s, 3 min 05 s, 2 h 10 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** A rate to three digits. */
export const perSecond = (rate: number): string => Number(rate.toPrecision(3)).toLocaleString('en');

/**
 * A bar, or lines, that appear when the work takes long.
 * @param what is counted
 * @param total how many there will be; without it there is a count and no time left
 */
export function progressBar(what: string, total?: number): Progress {
  const begin = performance.now();
  // What the first call finds done was there before the work began.
  let start: number | null = null;
  let bar: SingleBar | null = null;
  let lastLine = begin;
  const words = (done: number, note: string): string => {
    const seconds = (performance.now() - begin) / 1e3;
    const rate = (done - (start ?? done)) / seconds;
    const parts = [total === undefined ? `${done} ${what}` : `${done}/${total} ${what}`];
    if (rate > 0) parts.push(`${perSecond(rate)}/s`);
    if (total === undefined) parts.push(duration(seconds));
    else if (rate > 0) parts.push(`${duration((total - done) / rate)} left`);
    if (note !== '') parts.push(note);
    return parts.join(', ');
  };
  return {
    count: (done, note = '') => {
      start ??= done;
      const now = performance.now();
      if (now - begin <= PATIENCE_MS) return;
      if (!process.stderr.isTTY) {
        if (now - lastLine < LINE_MS) return;
        lastLine = now;
        process.stderr.write(`${words(done, note)}\n`);
        return;
      }
      if (bar === null) {
        const format = total === undefined ? '{words}' : '{bar} {words}';
        // Loaded by the first bar: most commands are done before they show one.
        const progress = require('cli-progress') as typeof import('cli-progress');
        bar = new progress.SingleBar({ format, stream: process.stderr, clearOnComplete: true });
        bar.start(total ?? 0, done, { words: words(done, note) });
      }
      bar.update(done, { words: words(done, note) });
    },
    stop: () => bar?.stop(),
  };
}
