/** Products of vectors, and norms of those whose squares may leave the range of float64. */

/** Of no less a sum of squares has lost digits. */
export const LEAST_SQUARE = 1e-280;

/** Whether a sum of squares has neither overflowed nor lost digits. */
export const isInRange = (sum: number): boolean => sum > LEAST_SQUARE && sum < Infinity;

/** √Σx² of a part of a vector; NaN where an element is, Infinity where one is infinite. */
export function euclideanNorm(values: Float64Array, begin = 0, end = values.length): number {
  let sum = 0;
  let largest = 0;
  for (let i = begin; i < end; i++) {
    sum += values[i] * values[i];
    largest = Math.max(largest, Math.abs(values[i]));
  }
  // In range, or with an element that is not finite.
  if (isInRange(sum) || largest === 0 || !Number.isFinite(largest)) {
    return Math.sqrt(sum);
  }
  let scaled = 0;
  for (let i = begin; i < end; i++) scaled += (values[i] / largest) ** 2;
  return largest * Math.sqrt(scaled);
}

/** Σ ab */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The largest magnitude of a vector's elements; 0 of none. */
export function maxNorm(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}
