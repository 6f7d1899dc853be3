/**
 * Sorting of spectra. Levels and populations of one qubit state rise or fall over whole stretches of the
 * rotor's levels, so that merging such runs takes few passes.
 */
import { zeros } from '../zeros.js';

type Room = readonly [Float64Array, Float64Array];
const roomFor = (n: number): Room => [new Float64Array(n), new Float64Array(n)];

/** Two arrays to merge between, which every sorting of no more values uses again. */
const MOST_IN_ROOM = 1 << 10;
const room = roomFor(MOST_IN_ROOM);

/** The values in ascending order. */
export function ascending(values: Float64Array): Float64Array {
  const sorted = zeros(values.length);
  sorted.set(ascendingNow(values).subarray(0, values.length));
  return sorted;
}

/**
 * The same at the beginning of an array that the next sorting overwrites: by a merge sort that starts from the runs it
 * finds.
 */
export function ascendingNow(values: Float64Array): Float64Array {
  const n = values.length;
  let [from, to] = n <= MOST_IN_ROOM ? room : roomFor(n);
  let ends = runs(values, from);
  while (ends.length > 1) {
    const merged: number[] = [];
    let begin = 0;
    for (let i = 0; i < ends.length; i += 2) {
      const middle = ends[i];
      const end = i + 1 < ends.length ? ends[i + 1] : middle;
      merge(from, begin, middle, end, to);
      merged.push(end);
      begin = end;
    }
    ends = merged;
    [from, to] = [to, from];
  }
  return from;
}

/** Copies the values, falling runs turned round, and returns where each run ends. */
function runs(values: Float64Array, copy: Float64Array): number[] {
  const n = values.length;
  const ends: number[] = [];
  let begin = 0;
  while (begin < n) {
    let end = begin + 1;
    if (end < n && values[end] < values[begin]) {
      while (end < n && values[end] < values[end - 1]) end++;
      for (let i = begin, j = end - 1; i < end; i++, j--) copy[i] = values[j];
    } else {
      while (end < n && values[end] >= values[end - 1]) end++;
      for (let i = begin; i < end; i++) copy[i] = values[i];
    }
    ends.push(end);
    begin = end;
  }
  return ends;
}

function merge(
  from: Float64Array,
  begin: number,
  middle: number,
  end: number,
  to: Float64Array,
): void {
  let a = begin;
  let b = middle;
  let i = begin;
  while (a < middle && b < end) {
    const x = from[a];
    const y = from[b];
    if (x <= y) {
      to[i++] = x;
      a++;
    } else {
      to[i++] = y;
      b++;
    }
  }
  while (a < middle) to[i++] = from[a++];
  while (b < end) to[i++] = from[b++];
}
