/** Arrays of double-doubles (doubleDouble.ts). */

/** Numbers of about 30 digits, each the sum of its two parts. */
export interface ExactTable {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

export const exactTable = (size: number): ExactTable => ({
  high: new Float64Array(size),
  low: new Float64Array(size),
});

/** x_i ← x_i + (a, b). */
export function addAt(high: Float64Array, low: Float64Array, i: number, a: number, b: number) {
  const x = high[i];
  const sum = x + a;
  const part = sum - x;
  const lost = x - (sum - part) + (a - part) + (low[i] + b);
  const total = sum + lost;
  const isThere = Number.isFinite(total);
  high[i] = isThere ? total : sum;
  low[i] = isThere ? lost - (total - sum) : 0;
}
