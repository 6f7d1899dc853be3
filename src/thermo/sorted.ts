/**
 * Sorting of spectra. Levels and populations of one qubit state rise or fall over whole stretches of the rotor's levels,
 * so that merging such runs takes few passes; and the spectra of devices in turn have nearly one order.
 */

/** Values in some order, and the place that each had before. */
class Ordered {
  readonly values: Float64Array;
  readonly places: Int32Array;
  /** Where each run ends, as far as there are runs. */
  readonly ends: Int32Array;

  constructor(readonly size: number) {
    this.values = new Float64Array(size);
    this.places = new Int32Array(size);
    this.ends = new Int32Array(size);
  }
}

/** By so many places for each value they may be moved in an order before they are sorted anew: that takes as long. */
const MOVES = 2;

/** Sorts one spectrum after another, each from the order of the one before. */
export class Sorting {
  #now = new Ordered(0);
  #other = new Ordered(0);

  /** The values in ascending order, in an array that the next sorting overwrites. */
  ascending(values: Float64Array): Float64Array {
    const n = values.length;
    if (this.#now.size !== n) {
      this.#now = new Ordered(n);
      this.#other = new Ordered(n);
      this.#merged(values);
    } else if (!mended(values, this.#now)) this.#merged(values);
    return this.#now.values;
  }

  /** By a merge sort that starts from the runs it finds. */
  #merged(values: Float64Array): void {
    let count = runs(values, this.#now);
    while (count > 1) {
      count = mergeAll(this.#now, count, this.#other);
      [this.#now, this.#other] = [this.#other, this.#now];
    }
  }
}

/**
 * Puts values into an order, which most often is theirs.
 * @returns where the first is that is less than the one before it; their number where none is
 */
function placed(from: Float64Array, { size, values, places }: Ordered): number {
  let last = -Infinity;
  let first = size;
  for (let i = 0; i < size; i++) {
    const value = from[places[i]];
    values[i] = value;
    if (value < last && first === size) first = i;
    last = value;
  }
  return first;
}

/** Puts values into an order and moves those that are out of place; whether few were. */
function mended(from: Float64Array, ordered: Ordered): boolean {
  const { size, values, places } = ordered;
  let left = MOVES * size;
  for (let i = placed(from, ordered); i < size; i++) {
    const value = values[i];
    if (!(value < values[i - 1])) continue;
    const place = places[i];
    let j = i;
    for (; j > 0 && value < values[j - 1]; j--) {
      values[j] = values[j - 1];
      places[j] = places[j - 1];
    }
    values[j] = value;
    places[j] = place;
    left -= i - j;
    if (left < 0) return false;
  }
  return true;
}

/** Copies the values, falling runs turned round, and puts down where each run ends. @returns their number */
function runs(from: Float64Array, { size, values, places, ends }: Ordered): number {
  let count = 0;
  let begin = 0;
  while (begin < size) {
    let end = begin + 1;
    const falls = end < size && from[end] < from[begin];
    if (falls) while (end < size && from[end] < from[end - 1]) end++;
    else while (end < size && from[end] >= from[end - 1]) end++;
    for (let i = begin; i < end; i++) {
      const place = falls ? begin + end - 1 - i : i;
      values[i] = from[place];
      places[i] = place;
    }
    ends[count++] = end;
    begin = end;
  }
  return count;
}

/** Merges each two runs. @returns how many are left */
function mergeAll(from: Ordered, count: number, to: Ordered): number {
  let left = 0;
  let begin = 0;
  for (let i = 0; i < count; i += 2) {
    const middle = from.ends[i];
    const end = i + 1 < count ? from.ends[i + 1] : middle;
    merge(from, begin, middle, end, to);
    to.ends[left++] = end;
    begin = end;
  }
  return left;
}

function merge(from: Ordered, begin: number, middle: number, end: number, to: Ordered): void {
  const { values, places } = from;
  const [sorted, its] = [to.values, to.places];
  let a = begin;
  let b = middle;
  for (let i = begin; i < end; i++) {
    const at = b === end || (a < middle && values[a] <= values[b]) ? a++ : b++;
    sorted[i] = values[at];
    its[i] = places[at];
  }
}
