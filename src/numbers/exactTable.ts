/** Arrays of double-doubles: what doubleDouble.ts does, for many numbers and without an object for each. */
import { SPLITTER } from './doubleDouble.js';

/** Numbers of about 30 digits, each the sum of its two parts. */
export interface ExactTable {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

export const exactTable = (size: number): ExactTable => ({
  high: new Float64Array(size),
  low: new Float64Array(size),
});

/** x ← x y, number by number. */
export function multiplyTable(x: ExactTable, y: ExactTable): void {
  const { high, low } = x;
  for (let i = 0; i < high.length; i++) {
    const [a, b] = [high[i], y.high[i]];
    const product = a * b;
    const splitA = SPLITTER * a;
    const aHigh = splitA - (splitA - a);
    const aLow = a - aHigh;
    const splitB = SPLITTER * b;
    const bHigh = splitB - (splitB - b);
    const bLow = b - bHigh;
    const rounding = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
    const lost = rounding + (a * y.low[i] + low[i] * b);
    const sum = product + lost;
    // Beyond the range there are no lower digits.
    const isThere = Number.isFinite(sum);
    high[i] = isThere ? sum : product;
    low[i] = isThere ? lost - (sum - product) : 0;
  }
}

/** x ← x + y, number by number. */
export function addTable(x: ExactTable, y: ExactTable): void {
  const { high, low } = x;
  for (let i = 0; i < high.length; i++) addAt(high, low, i, y.high[i], y.low[i]);
}

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
