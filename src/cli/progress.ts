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

const YEARS_FROM_DAYS = 730;

/** Seconds in the words of a clock: 42 s, 3 min 05 s, 2 h 10 min; and of years, where it is hopeless. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  const days = Math.floor(hours / 24);
  if (days < YEARS_FROM_DAYS) return `${days} days ${hours % 24} h`;
  return `${Number((days / 365.25).toPrecision(2))} years`;
}

/** A rate to three digits. */
export const perSecond = (rate: number): string => Number(rate.toPrecision(3)).toLocaleString('en');

/** The time that is left where a share of the work was done in the given seconds. */
export const timeLeft = (share: number, seconds: number): string =>
  share > 0 ? `${duration((seconds * (1 - share)) / share)} left` : '';

/**
 * The same for work that has no parts to be counted, of which a share is known to be done.
 * @param what the work is
 */
export function shareBar(what: string): Progress {
  return barOf(1, (share, seconds, rate) => [
    `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} % of ${what}`,
    rate > 0 ? `${duration((1 - share) / rate)} left` : duration(seconds),
  ]);
}

/**
 * A bar, or lines, that appear when the work takes long.
 * @param what is counted
 * @param total how many there will be; without it there is a count and no time left
 */
export function progressBar(what: string, total?: number): Progress {
  return barOf(total, (done, seconds, rate) => {
    const parts: string[] = [];
    if (total !== undefined) parts.push(`${done}/${total} ${what}`);
    // Where none has been counted yet, a note says how far it is.
    else if (done > 0) parts.push(`${done} ${what}`);
    if (rate > 0) parts.push(`${perSecond(rate)}/s`);
    if (total === undefined) parts.push(duration(seconds));
    else if (rate > 0) parts.push(`${duration((total - done) / rate)} left`);
    return parts;
  });
}

/** @param words of what is done, after so many seconds, at so much a second */
function barOf(
  total: number | undefined,
  words: (done: number, seconds: number, rate: number) => readonly string[],
): Progress {
  const begin = performance.now();
  // What the first call finds done was there before the work began.
  let start: number | null = null;
  let bar: SingleBar | null = null;
  let lastLine = begin;
  const line = (done: number, note: string): string => {
    const seconds = (performance.now() - begin) / 1e3;
    const parts = words(done, seconds, (done - (start ?? done)) / seconds);
    return [...parts, note].filter((part) => part !== '').join(', ');
  };
  return {
    count: (done, note = '') => {
      start ??= done;
      const now = performance.now();
      if (now - begin <= PATIENCE_MS) return;
      if (!process.stderr.isTTY) {
        if (now - lastLine < LINE_MS) return;
        lastLine = now;
        process.stderr.write(`${line(done, note)}\n`);
        return;
      }
      if (bar === null) {
        const format = total === undefined ? '{words}' : '{bar} {words}';
        // Loaded by the first bar: most commands are done before they show one.
        const progress = require('cli-progress') as typeof import('cli-progress');
        bar = new progress.SingleBar({ format, stream: process.stderr, clearOnComplete: true });
        bar.start(total ?? 0, done, { words: line(done, note) });
      }
      bar.update(done, { words: line(done, note) });
    },
    stop: () => bar?.stop(),
  };
}
