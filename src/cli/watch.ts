/** A long iteration watched: progress on stderr, Ctrl-C. */
import { totalmem } from 'node:os';
import { Breath } from '../breath.js';
import { interruptible } from './interruptible.js';
import { duration, progressBar, timeLeft } from './progress.js';

/** Where an iteration ends, for the time left. */
const AIM = 1e-15;

export type OnIteration = (iterations: number, residual: number) => Promise<boolean>;

/** Time left if the residual goes on falling as it fell so far. */
function residualLeft(seconds: number, first: number, now: number): string {
  const rate = Math.log(first / now) / seconds;
  if (!(rate > 0)) return '';
  return `, about ${duration(Math.max(0, Math.log(now / AIM) / rate))} left`;
}

/** Work of which a share is known to be done, and how long the rest takes. */
class ShareDone {
  #first: { readonly share: number; readonly at: number } | null = null;

  constructor(private readonly what: string) {}

  words(share: number): string {
    // A wider band, or window, starts another.
    if (this.#first === null || share < this.#first.share) {
      this.#first = { share, at: performance.now() };
    }
    const { share: before, at } = this.#first;
    const left = timeLeft((share - before) / (1 - before), (performance.now() - at) / 1e3);
    return `${this.what} ${(100 * share).toFixed(1)} %${left === '' ? '' : `, ${left}`}`;
  }
}

export interface Watching {
  readonly onIteration: OnIteration;
  readonly onFactorisation: (share: number) => Promise<boolean>;
  readonly onEvolution: (share: number) => Promise<boolean>;
  readonly onSearch: (share: number) => Promise<boolean>;
}

/**
 * Runs something that tells how far it is; a first interrupt stops it there, a second ends the process.
 * @param before iterations done earlier
 */
export const watched = <T>(before: number, run: (watching: Watching) => Promise<T>): Promise<T> =>
  interruptible((isStopped) => told(run, before, isStopped));

/** Runs something that tells how far it is: that is shown where it takes long. */
export async function told<T>(
  run: (watching: Watching) => Promise<T>,
  before = 0,
  isStopped = () => false,
): Promise<T> {
  const progress = progressBar('iterations');
  const breath = new Breath();
  const onShare = (what: string) => {
    const done = new ShareDone(what);
    return async (share: number) => {
      if (await breath.taken()) progress.count(before, done.words(share));
      return !isStopped();
    };
  };
  let first: { residual: number; at: number } | null = null;
  try {
    return await run({
      onIteration: async (iterations, residual) => {
        first ??= { residual, at: performance.now() };
        if (await breath.taken()) {
          const left = residualLeft((performance.now() - first.at) / 1e3, first.residual, residual);
          progress.count(before + iterations, `residual ${residual.toExponential(1)}${left}`);
        }
        return !isStopped();
      },
      onFactorisation: onShare('preconditioner'),
      onEvolution: onShare('evolution'),
      onSearch: onShare('modes'),
    });
  } finally {
    progress.stop();
  }
}

/** Told how far solutions in layers are, where they take long, and how much memory there is. */
export const toldSolution = <T>(
  solve: (hooks: Watching & { readonly memory: number }) => Promise<T>,
): Promise<T> => told((watching) => solve({ ...watching, memory: totalmem() }));
