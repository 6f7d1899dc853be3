/** How a current's noise stands to its mean. */
import type { Estimate } from '../lindblad/estimate.js';

/** A current: its mean rate and its zero-frequency noise. */
export interface Current {
  readonly mean: Estimate;
  readonly noise: Estimate;
}

/** A current, where it is more than what rounding leaves of one: that says nothing. */
function flowing(current: Current | null): Current | null {
  if (current === null) return null;
  const { mean, noise } = current;
  return Math.abs(mean.value) > mean.error && noise.value > noise.error ? current : null;
}

/** noise/|mean|; null where nothing flows. */
export function fanoOf(given: Current | null): number | null {
  const current = flowing(given);
  return current && current.noise.value / Math.abs(current.mean.value);
}

/** noise · cost/mean²; null where nothing flows, or the cost is not known. */
export function costRelation(given: Current | null, costOf: () => number | null): number | null {
  const current = flowing(given);
  const cost = current === null ? null : costOf();
  return current && cost !== null ? (current.noise.value * cost) / current.mean.value ** 2 : null;
}

/** −Σ βQ; null where one of the baths has no temperature, or no heat that is counted. */
export const clausiusOf = (
  baths: readonly string[],
  betas: Readonly<Record<string, number | null>>,
  heat: (bath: string) => Current | null,
): number | null =>
  baths.reduce((total: number | null, bath) => {
    const beta = betas[bath] ?? null;
    const current = heat(bath);
    return total === null || beta === null || current === null
      ? null
      : total - beta * current.mean.value;
  }, 0);
