/**
 * Sorting of spectra. Levels and populations of one qubit state rise or fall over whole stretches of the
 * rotor's levels, so that merging such runs takes few passes.
 */
import { zeros } from '../zeros.js';

/** The values in ascending order, by a merge sort that starts from the runs it finds. */
export function ascending(values: Float64Array): Float64Array {
  let from = zeros(values.length);
  let to = zeros(values.length);
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
  for (let i = begin; i < end; i++) {
    if (b >= end || (a < middle && from[a] <= from[b])) to[i] = from[a++];
    else to[i] = from[b++];
  }
}
