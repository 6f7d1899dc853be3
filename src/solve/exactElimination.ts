/**
 * The elimination of conservingElimination.ts in double-double, about 30 digits: the same unknowns in the same order,
 * towards the ending that float64 has found. Pairs are eliminated together, populations one by one.
 */

import {
  add,
  type DoubleDouble,
  divide,
  fromNumber,
  multiply,
  negate,
  SPLITTER,
  subtract,
} from '../numbers/doubleDouble.js';
import { addAt, type ExactTable, exactTable } from '../numbers/exactTable.js';
import {
  type BlockTridiagonal,
  type Ending,
  everyUnknown,
  swapUnknowns,
  swapUnknownsOf,
} from './conservingElimination.js';

/** A matrix in the same layout, its entries in two parts. */
export interface ExactBlockTridiagonal extends Omit<BlockTridiagonal, 'entries'> {
  readonly entries: ExactTable;
}

/**
 * The null vector, its populations summing to 1.
 * @param matrix ordered about the ending's centre; it is overwritten
 * @returns null where a population is never left, or where numbers leave float64's range
 */
export function exactNullVector(
  matrix: ExactBlockTridiagonal,
  { free }: Pick<Ending, 'free'>,
): ExactTable | null {
  const last = matrix.width - 1;
  if (free === last) return eliminate(matrix);
  const { high, low } = matrix.entries;
  const entries = {
    high: swapUnknowns(matrix, high, free, last),
    low: swapUnknowns(matrix, low, free, last),
  };
  const x = eliminate({ ...matrix, entries, reach: everyUnknown(matrix.width) });
  return (
    x && {
      high: swapUnknownsOf(x.high, matrix.width, free, last),
      low: swapUnknownsOf(x.low, matrix.width, free, last),
    }
  );
}

function eliminate(matrix: ExactBlockTridiagonal): ExactTable | null {
  const { sites, centre, width, paired, reach, entries } = matrix;
  const row = 3 * width;
  const step = width * row;
  const last = width - 1;
  const site = (at: number, inner: number, count: number, met: Int32Array) =>
    eliminateSite(entries, at * step, inner < 0 ? -1 : inner * step, count, width, paired, met);

  for (let s = 0; s < centre; s++) if (!site(s, s + 1, width, reach.below)) return null;
  // The centre has two outer neighbours. The lower one is done with, so the upper takes its place.
  for (const part of [entries.high, entries.low]) {
    for (let at = centre * step; at < centre * step + step; at += row) {
      part.copyWithin(at, at + 2 * width, at + row);
    }
  }
  for (let s = sites - 1; s > centre; s--) if (!site(s, s - 1, width, reach.above)) return null;
  if (!site(centre, -1, last, reach.below)) return null;

  const x = exactTable(sites * width);
  x.high[centre * width + last] = 1;
  substitute(entries, x, centre, centre, last, width);
  for (let s = centre + 1; s < sites; s++) substitute(entries, x, s, s - 1, width, width);
  for (let s = centre - 1; s >= 0; s--) substitute(entries, x, s, s + 1, width, width);
  normalise(matrix, x);
  return x.high.every(Number.isFinite) ? x : null;
}

function normalise({ sites, width, paired }: ExactBlockTridiagonal, x: ExactTable): void {
  let total = fromNumber(0);
  const at = (i: number): DoubleDouble => ({ high: x.high[i], low: x.low[i] });
  for (let s = 0; s < sites; s++) {
    for (let r = paired; r < width; r++) total = add(total, at(s * width + r));
  }
  for (let i = 0; i < x.high.length; i++) {
    const { high, low } = divide(at(i), total);
    x.high[i] = high;
    x.low[i] = low;
  }
}

/** The first `count` unknowns of a site from the later ones and, where it is another, the inner site's. */
function substitute(
  entries: ExactTable,
  x: ExactTable,
  site: number,
  inner: number,
  count: number,
  width: number,
): void {
  const own = site * width;
  const beyond = inner * width;
  for (let j = count - 1; j >= 0; j--) {
    const at = (own + j) * 3 * width + width;
    // The unknown itself is still 0, and so are the ones before it.
    addProducts(entries, at + j + 1, x, own + j + 1, width - j - 1, x, own + j);
    if (inner !== site) addProducts(entries, at + width, x, beyond, width, x, own + j);
  }
}

/** out_at ← out_at + Σ_k a_(from + k) b_(begin + k) over `count` of them. */
function addProducts(
  a: ExactTable,
  from: number,
  b: ExactTable,
  begin: number,
  count: number,
  out: ExactTable,
  at: number,
): void {
  for (let k = 0; k < count; k++) {
    const factor = a.high[from + k];
    if (factor !== 0) addMultiples(factor, a.low[from + k], b, begin + k, out, at, 1);
  }
}

/**
 * Eliminates the first `count` unknowns of one site.
 * @param site, inner where the rows of the site and of its inner neighbour start; inner < 0 for none
 * @param reach see `BlockTridiagonal`
 * @returns whether each population reaches a later one
 */
function eliminateSite(
  entries: ExactTable,
  site: number,
  inner: number,
  count: number,
  width: number,
  paired: number,
  reach: Int32Array,
): boolean {
  const row = 3 * width;
  // A site's own columns are followed by its inner neighbour's. In the neighbour's rows the same
  // columns begin with the row, the site being its outer neighbour.
  const own = site + width;
  const ownEnd = own + width * row;
  let j = 0;
  while (j < count) {
    const together = j < paired ? 2 : 1;
    const met = inner < 0 ? 0 : reach[j + together - 1];
    const columns = width + met;
    const innerEnd = inner + met * row;
    const first = own + j * row;
    const next = first + together * row;
    if (together === 2) solvePair(entries, first, first + row, j, columns);
    else {
      const outflow = outflowOf(entries, [next, ownEnd], [inner + paired * row, innerEnd], row, j);
      if (!(outflow.high > 0)) return false;
      scaleRow(entries, first + j + 1, first + columns, divide(fromNumber(1), outflow));
    }
    for (let p = 0; p < together; p++) {
      const pivot = first + p * row;
      replace(entries, next, ownEnd, row, pivot, j + p, j + together, columns);
      replace(entries, inner, innerEnd, row, pivot, j + p, j + together, columns);
    }
    j += together;
  }
  return true;
}

/** Σ of a column over two ranges of rows. */
function outflowOf(
  { high, low }: ExactTable,
  own: readonly [number, number],
  inner: readonly [number, number],
  row: number,
  column: number,
): DoubleDouble {
  let sum = fromNumber(0);
  for (const [begin, end] of [own, inner]) {
    for (let at = begin + column; at < end + column; at += row) {
      if (high[at] !== 0) sum = add(sum, { high: high[at], low: low[at] });
    }
  }
  return sum;
}

/** The rows of a pair as its unknowns' combinations of the later ones. */
function solvePair(
  entries: ExactTable,
  first: number,
  second: number,
  j: number,
  columns: number,
): void {
  const { high, low } = entries;
  const at = (i: number): DoubleDouble => ({ high: high[i], low: low[i] });
  const [a, b, c, d] = [first + j, first + j + 1, second + j, second + j + 1].map(at);
  const inverse = divide(fromNumber(1), subtract(multiply(a, d), multiply(b, c)));
  const e = multiply(negate(d), inverse);
  const f = multiply(b, inverse);
  const g = multiply(c, inverse);
  const h = multiply(negate(a), inverse);
  // They follow from later ones, not from each other.
  high[first + j + 1] = 0;
  low[first + j + 1] = 0;
  for (let k = j + 2; k < columns; k++) {
    const [u, v] = [at(first + k), at(second + k)];
    if (u.high === 0 && v.high === 0) continue;
    const x = add(multiply(e, u), multiply(f, v));
    const y = add(multiply(g, u), multiply(h, v));
    high[first + k] = x.high;
    low[first + k] = x.low;
    high[second + k] = y.high;
    low[second + k] = y.low;
  }
}

function scaleRow({ high, low }: ExactTable, begin: number, end: number, by: DoubleDouble): void {
  for (let at = begin; at < end; at++) {
    if (high[at] === 0) continue;
    const x = multiply({ high: high[at], low: low[at] }, by);
    high[at] = x.high;
    low[at] = x.low;
  }
}

/** Puts a pivot row's combination in place of its unknown in the rows from `begin` to `end`. */
function replace(
  entries: ExactTable,
  begin: number,
  end: number,
  row: number,
  pivot: number,
  unknown: number,
  from: number,
  columns: number,
): void {
  const { high, low } = entries;
  for (let target = begin; target < end; target += row) {
    const m = high[target + unknown];
    if (m === 0) continue;
    addMultiples(
      m,
      low[target + unknown],
      entries,
      pivot + from,
      entries,
      target + from,
      columns - from,
    );
  }
}

/** out_(at + k) ← out_(at + k) + (a, b) x_(begin + k) for k < count. */
function addMultiples(
  a: number,
  b: number,
  x: ExactTable,
  begin: number,
  out: ExactTable,
  at: number,
  count: number,
): void {
  const splitA = SPLITTER * a;
  const aHigh = splitA - (splitA - a);
  const aLow = a - aHigh;
  const { high, low } = out;
  for (let k = 0; k < count; k++) {
    const y = x.high[begin + k];
    if (y === 0) continue;
    const product = a * y;
    const splitY = SPLITTER * y;
    const yHigh = splitY - (splitY - y);
    const yLow = y - yHigh;
    const lost = aHigh * yHigh - product + aHigh * yLow + aLow * yHigh + aLow * yLow;
    addAt(high, low, at + k, product, lost + (a * x.low[begin + k] + b * y));
  }
}
