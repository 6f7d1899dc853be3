/** What counting at baths tells, whichever way the generator is inverted. */
import { binomial } from '../fluctuations/counting.js';
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

/**
 * The first cumulants by recursion. It asks for the group inverse of the generator on one matrix after another, and
 * gives back the cumulants, the mean being the first.
 * @param steady of trace 1
 */
export function* cumulantRecursion(
  jumps: CountedJumps,
  steady: DensityMatrix,
  order: number,
): Generator<DensityMatrix, number[], DensityMatrix> {
  const { space } = steady;
  const rows = Array.from({ length: order }, (_, m) => jumps.row(m + 1));
  const found: number[] = [];
  const states = [steady];
  for (let n = 1; n <= order; n++) {
    let cumulant = 0;
    for (let m = 1; m <= n; m++) {
      cumulant += binomial(n, m) * expectation(states[n - m], rows[m - 1]).re;
    }
    found.push(cumulant);
    if (n === order) break;
    const right = new Float64Array(steady.elements.length);
    for (let m = 1; m <= n; m++) {
      const { elements } = states[n - m];
      const { elements: change } = jumps.moved(m, states[n - m]);
      for (let i = 0; i < right.length; i++) {
        right[i] -= binomial(n, m) * (change[i] - found[m - 1] * elements[i]);
      }
    }
    states.push(yield { space, elements: right });
  }
  return found;
}
