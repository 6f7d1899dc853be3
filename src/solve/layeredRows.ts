/** Entries of stretches row by row, with a row that holds nothing but its own rate. */
import type { Stretch } from '../generator/hermitianMatrix.js';

interface Rows {
  readonly rowStart: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** What rounding may leave of a rate of 0. */
const ROUNDING = 1e-14;

/**
 * Rows of unknowns at their positions; entries of the same place are not added up.
 * @param numbers that the stretches are of
 * @param length how many positions there are
 * @param pinned the unknown whose equation is given up
 */
export function rowsWithin(
  stretches: readonly Stretch[],
  numbers: Float64Array,
  position: Int32Array,
  length: number,
  pinned: number,
): Rows {
  // How many stretches begin at an unknown, less those that have ended.
  const begun = new Int32Array(position.length + 1);
  for (let s = 0; s < stretches.length; s++) {
    const { row, count } = stretches[s];
    begun[row]++;
    begun[row + count]--;
  }
  const rowStart = new Int32Array(length + 1);
  for (let i = 0, entries = 0; i < position.length; i++) {
    entries += begun[i];
    if (position[i] >= 0) rowStart[position[i] + 1] = entries;
  }
  const own = position[pinned];
  rowStart[own + 1] = 1;
  for (let i = 0; i < length; i++) rowStart[i + 1] += rowStart[i];
  const next = rowStart.slice();
  const columns = new Int32Array(rowStart[length]);
  const values = new Float64Array(rowStart[length]);
  let [rate, largest] = [0, 0];
  for (let s = 0; s < stretches.length; s++) {
    const { row, column, count, at, sign } = stretches[s];
    for (let k = 0; k < count; k++) {
      const i = position[row + k];
      const value = sign * numbers[at + k];
      if (i === own) {
        if (position[column + k] === own) rate += value;
        continue;
      }
      largest = Math.max(largest, Math.abs(value));
      const to = next[i]++;
      columns[to] = position[column + k];
      values[to] = value;
    }
  }
  // A state that loses nothing has no rate, but what rounding leaves of one.
  if (!(Math.abs(rate) > ROUNDING * largest)) rate = largest > 0 ? -largest : -1;
  columns[rowStart[own]] = own;
  values[rowStart[own]] = rate;
  return { rowStart, columns, values };
}
