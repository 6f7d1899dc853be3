/** Means and standard errors of many quantities at once, gathered in pieces. */

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

/** A mean and its standard error; of one sample the error is not known. */
export interface Estimate {
  readonly mean: number;
  readonly error: number | null;
}

export const estimate = ({ count, means, squares }: Moments, quantity: number): Estimate => ({
  mean: means[quantity],
  error: count < 2 ? null : Math.sqrt(squares[quantity] / (count - 1) / count),
});
