/** Counting statistics that another machine has solved for, such as a GPU. */
import type { CountedOnChain } from '../backend/batches.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { Statistics } from './counting.js';
import type { CountedTogether } from './countingWords.js';
import type { EntropyOfState } from './entropyProduction.js';
import { scaled } from './quanta.js';

/** What is known of a device before anything is solved for here. */
export interface CountedState {
  readonly solutions: readonly CountedTogether[];
  /** Of each solution. */
  readonly found: readonly CountedOnChain[];
  /** By bath, its jumps by time and the entropy that it produces; null where they are not known. */
  readonly activities: readonly Estimate[] | null;
  readonly entropies: readonly EntropyOfState[] | null;
}

export class CountedElsewhere implements Statistics {
  /** @param own for what is not known */
  constructor(
    private readonly state: CountedState,
    private readonly own: () => Statistics,
  ) {}

  /** Which solution tells of a counter, and how many of the quanta that it has counted are one of the counter's. */
  #toldOf(at: number): { readonly found: CountedOnChain; readonly by: number } | null {
    const { solutions, found } = this.state;
    const s = solutions.findIndex(({ counters }) => counters.includes(at));
    if (s < 0) return null;
    const { counters, multiples } = solutions[s];
    const by = multiples[counters.indexOf(at)] / multiples[found[s].counter];
    return { found: found[s], by };
  }

  mean(at: number): Estimate {
    const told = this.#toldOf(at);
    if (told === null) return this.own().mean(at);
    return scaled({ value: told.found.mean, error: told.found.meanError }, told.by);
  }

  /** Here the noise itself: of those that vary in proportion any one tells as much. */
  shotNoise(at: number): number {
    return this.#toldOf(at) === null ? this.own().shotNoise(at) : this.covariance(at, at).value;
  }

  covariance(first: number, second: number): Estimate {
    const [a, b] = [this.#toldOf(first), this.#toldOf(second)];
    if (a === null || b === null || a.found !== b.found)
      return this.own().covariance(first, second);
    return scaled({ value: a.found.noise, error: a.found.noiseError }, a.by * b.by);
  }

  cumulants(at: number, order: number): number[] {
    return this.own().cumulants(at, order);
  }
}
