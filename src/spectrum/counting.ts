/** What counting at baths tells, whichever way the generator is inverted. */
import { cumulantRecursion } from '../fluctuations/counting.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { Operator } from '../operators/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import type { CountedJumps } from './countedBath.js';

export interface Counting {
  /** The mean rate of what a counter counts. */
  mean(counter: string): Estimate;
  /** The zero-frequency covariance of counters of two baths; of one with itself, its noise. */
  covariance(first: string, second: string): Estimate;
  /** The first cumulants by time, the mean being the first. */
  cumulants(counter: string, order: number): readonly number[];
  /** How often a bath's jumps happen. */
  activity(jumps: readonly Operator[]): number;
}

/** The first cumulants, as `cumulantRecursion` has them, of jumps. */
export function countedCumulants(
  jumps: CountedJumps,
  { space, elements: steady }: DensityMatrix,
  order: number,
): ReturnType<typeof cumulantRecursion> {
  const rows = Array.from({ length: order }, (_, m) => jumps.row(m + 1));
  return cumulantRecursion(steady, order, {
    mean: (m, elements) => expectation({ space, elements }, rows[m - 1]).re,
    moved: (m, elements) => jumps.moved(m, { space, elements }).elements,
  });
}
