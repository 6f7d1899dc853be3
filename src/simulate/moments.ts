/** Means and error bars of many quantities at once, gathered in pieces. */

/** Count, means, and sums of squared deviations from them. */
export interface Moments {
  readonly count: number;
  readonly means: Float64Array;
  readonly squares: Float64Array;
}

/** Welford's update: one more sample of each quantity. */
export class MomentsAccumulator {
  private count: number;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;

  /** @param from the samples so far */
  constructor(quantities: number, from?: Moments) {
    this.count = from?.count ?? 0;
    this.means = from?.means.slice() ?? new Float64Array(quantities);
    this.squares = from?.squares.slice() ?? new Float64Array(quantities);
  }

  add(sample: ArrayLike<number>): void {
    this.count++;
    for (let i = 0; i < this.means.length; i++) {
      const deviation = sample[i] - this.means[i];
      this.means[i] += deviation / this.count;
      this.squares[i] += deviation * (sample[i] - this.means[i]);
    }
  }

  moments(): Moments {
    return { count: this.count, means: this.means, squares: this.squares };
  }
}

/** The moments of two sets of samples together (Chan, Golub and LeVeque). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  if (a.count === 0) return b;
  const share = b.count / count;
  const difference = b.means.map((mean, i) => mean - a.means[i]);
  return {
    count,
    means: a.means.map((mean, i) => mean + share * difference[i]),
    squares: a.squares.map(
      (square, i) => square + b.squares[i] + difference[i] ** 2 * a.count * share,
    ),
  };
}

/** A mean and how far it may be off; of one sample that is not known. */
export interface Estimate {
  readonly mean: number;
  /** The bar: the standard error, and one sample more than there are, as far off as a sample can be. */
  readonly error: number | null;
  /** Of the sample alone: blind to what is rare and did not happen in it. */
  readonly standardError: number | null;
}

/**
 * In how many cases the true mean is more than so many bars off. Where something of probability p decides it, and
 * the sample has `count` members, the worst case is that it did not happen although p·count is just above 3:
 * (1 − p)^count < e^{−3}. (The supremum over p for two values, at any count; of a normal distribution it is 0.3 %.)
 */
export const ERROR_BARS = { bars: 3, falseAlarms: 0.05 } as const;

/** @param range between what each sample lies */
export function estimate(
  { count, means, squares }: Moments,
  quantity: number,
  [low, high]: readonly [number, number],
): Estimate {
  const mean = means[quantity];
  if (count < 2) return { mean, error: null, standardError: null };
  const standardError = Math.sqrt(squares[quantity] / (count - 1) / count);
  const unseen = Math.max(mean - low, high - mean) / count;
  return { mean, error: Math.hypot(standardError, unseen), standardError };
}
