/** Derivatives by central differences, which are compared with others. */

/** Weights of the differences by one step, by two and so on, by the order of what they leave. */
export const CENTRAL = {
  6: [3 / 4, -3 / 20, 1 / 60],
  8: [4 / 5, -1 / 5, 4 / 105, -1 / 280],
} as const;

/**
 * The derivative of a function by differences of so many steps.
 * @param at the function at a place that is so many steps away
 * @param h a step
 * @param steps from one place to the next
 */
export const centralDifference = (
  weights: readonly number[],
  at: (k: number) => number,
  h: number,
  steps = 1,
): number =>
  weights.reduce((sum, weight, i) => {
    const k = (i + 1) * steps;
    return sum + (weight * (at(k) - at(-k))) / (steps * h);
  }, 0);
