/** Entries of stretches row by row, with a row that holds nothing but its own rate. */
import type { Stretch } from '../generator/hermitianMatrix.js';

/** What rounding may leave of a rate of 0. */
const ROUNDING = 1e-14;
/** Entries of the row that is given up, elsewhere than at its own unknown, and there. */
const GIVEN_UP = -1;
const OWN_RATE = -2;

/** Rows of unknowns at their positions, whatever their numbers are; entries of the same place are not added up. */
export class LayeredRows {
  readonly rowStart: Int32Array;
  readonly columns: Int32Array;
  /** By entry of the stretches, one after another, its place in the rows. */
  readonly #order: Int32Array;
  /** The place of the rate of the row that is given up; −1 where none is. */
  readonly #own: number;

  /**
   * @param position by unknown; negative where nothing is solved for
   * @param length how many positions there are
   * @param pinned the unknown whose equation is given up; −1 for none
   */
  constructor(
    readonly stretches: readonly Stretch[],
    position: Int32Array,
    length: number,
    pinned: number,
  ) {
    // How many stretches begin at an unknown, less those that have ended.
    const begun = new Int32Array(position.length + 1);
    let all = 0;
    for (let s = 0; s < stretches.length; s++) {
      const { row, count } = stretches[s];
      begun[row]++;
      begun[row + count]--;
      all += count;
    }
    const rowStart = new Int32Array(length + 1);
    for (let i = 0, entries = 0; i < position.length; i++) {
      entries += begun[i];
      if (position[i] >= 0) rowStart[position[i] + 1] = entries;
    }
    const own = pinned < 0 ? -1 : position[pinned];
    if (own >= 0) rowStart[own + 1] = 1;
    for (let i = 0; i < length; i++) rowStart[i + 1] += rowStart[i];
    const next = rowStart.slice();
    const columns = new Int32Array(rowStart[length]);
    const order = new Int32Array(all);
    for (let s = 0, entry = 0; s < stretches.length; s++) {
      const { row, column, count } = stretches[s];
      for (let k = 0; k < count; k++) {
        const [i, j] = [position[row + k], position[column + k]];
        if (i === own) {
          order[entry++] = j === own ? OWN_RATE : GIVEN_UP;
          continue;
        }
        columns[next[i]] = j;
        order[entry++] = next[i]++;
      }
    }
    if (own >= 0) columns[rowStart[own]] = own;
    this.rowStart = rowStart;
    this.columns = columns;
    this.#order = order;
    this.#own = own < 0 ? -1 : rowStart[own];
  }

  /** Puts numbers that the stretches are of where their entries are. */
  fill(numbers: Float64Array, values: Float64Array): void {
    const order = this.#order;
    const { stretches } = this;
    let [rate, largest] = [0, 0];
    for (let s = 0, entry = 0; s < stretches.length; s++) {
      const { count, at, sign } = stretches[s];
      for (let k = 0; k < count; k++) {
        const to = order[entry++];
        const value = sign * numbers[at + k];
        if (to >= 0) {
          values[to] = value;
          largest = Math.max(largest, Math.abs(value));
        } else if (to === OWN_RATE) {
          rate += value;
        }
      }
    }
    if (this.#own < 0) return;
    // A state that loses nothing has no rate, but what rounding leaves of one.
    if (!(Math.abs(rate) > ROUNDING * largest)) rate = largest > 0 ? -largest : -1;
    values[this.#own] = rate;
  }
}
