/**
 * A coupled band, factorised block by block from both of its ends towards a level within: below it
 * S_s = D_s − L_s S_{s−1}⁻¹ U_{s−1}, above it the mirror image, in the middle both. Each S_s⁻¹ is kept.
 *
 * The middle is the level whose equation is given up: what is eliminated on either side then conserves the
 * trace but for what it passes on to the middle, which is most of the populations.
 */
import type { CoupledBand } from '../generator/coupledBand.js';
import { invertInPlace, paddedOrder } from './inverse.js';

/** What elimination leaves of a band, in float64. */
export interface EliminatedBand {
  /** The level that is eliminated last: those below it from the first on, those above from the last on. */
  readonly middle: number;
  /** By level S⁻¹, row by row, at the order `paddedOrder` of its number of unknowns. */
  readonly inverses: readonly Float64Array[];
}

export interface BandFactors {
  /** Writes the solution of the band's system with right-hand side x into y, elsewhere untouched. */
  solve(x: Float64Array, y: Float64Array): void;
}

/** Multiplications and additions of a factorisation, for plans. */
export function bandWork({ start }: CoupledBand): number {
  let total = 0;
  for (let s = 0; s + 1 < start.length; s++) total += 2 * (start[s + 1] - start[s]) ** 3;
  return total;
}

/** The elements that a vector must have for a band to find its own. */
export const elementsOf = ({ places, mirrors }: CoupledBand): number =>
  1 + [places, mirrors].reduce((most, all) => all.reduce((a, b) => Math.max(a, b), most), -1);

/** Stopped on request. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Called with the share of the work that is done; a promise of false stops. */
export type OnProgress = (share: number) => Promise<boolean>;

/** @throws {SingularMatrixError | StoppedError} */
export async function eliminateBand(
  band: CoupledBand,
  onProgress?: OnProgress,
): Promise<EliminatedBand> {
  const levels = band.start.length - 1;
  let middle = 0;
  while (band.start[middle + 1] <= band.pinned) middle++;
  const inverses: Float64Array[] = new Array(levels);
  let done = 0;
  const eliminate = async (s: number, neighbours: readonly number[]) => {
    const pivot = ownBlock(band, s);
    for (const t of neighbours) subtractEliminated(band, s, t, inverses[t], pivot);
    invertInPlace(pivot, paddedOrder(band.start[s + 1] - band.start[s]));
    inverses[s] = pivot;
    const going = (await onProgress?.(++done / levels)) ?? true;
    if (!going) throw new StoppedError('stopped while a band was factorised');
  };
  for (let s = 0; s < middle; s++) await eliminate(s, s > 0 ? [s - 1] : []);
  for (let s = levels - 1; s > middle; s--) await eliminate(s, s < levels - 1 ? [s + 1] : []);
  const beside = [middle - 1, middle + 1].filter((t) => t >= 0 && t < levels);
  await eliminate(middle, beside);
  return { middle, inverses };
}

/** A level's block, in the corner of one of padded order. */
function ownBlock({ start, rowStart, columns, values }: CoupledBand, s: number): Float64Array {
  const begin = start[s];
  const end = start[s + 1];
  const order = paddedOrder(end - begin);
  const block = new Float64Array(order * order);
  for (let i = end - begin; i < order; i++) block[i * order + i] = 1;
  for (let i = begin; i < end; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const j = columns[k];
      if (j >= begin && j < end) block[(i - begin) * order + j - begin] += values[k];
      else if (j < (start[s - 1] ?? 0) || j >= (start[s + 2] ?? end)) {
        throw new Error('a coupling reaches beyond neighbouring levels');
      }
    }
  }
  return block;
}

/** Subtracts from the block of level s what a level t beside it, once eliminated, takes off: L S_t⁻¹ U. */
function subtractEliminated(
  { start, rowStart, columns, values }: CoupledBand,
  s: number,
  t: number,
  inverse: Float64Array,
  block: Float64Array,
): void {
  const [begin, end] = [start[s], start[s + 1]];
  const [first, last] = [start[t], start[t + 1]];
  const order = paddedOrder(end - begin);
  const other = paddedOrder(last - first);
  const combined = new Float64Array(other);
  for (let i = begin; i < end; i++) {
    const row = (i - begin) * order;
    combined.fill(0);
    let coupled = false;
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const j = columns[k];
      if (j < first || j >= last) continue;
      coupled = true;
      addRow(combined, inverse, (j - first) * other, values[k]);
    }
    if (!coupled) continue;
    // Row by row: U's entries are those of level t in the columns of this one.
    for (let m = first; m < last; m++) {
      const factor = combined[m - first];
      if (factor === 0) continue;
      for (let k = rowStart[m]; k < rowStart[m + 1]; k++) {
        const j = columns[k];
        if (j >= begin && j < end) block[row + j - begin] -= factor * values[k];
      }
    }
  }
}

/** @throws {SingularMatrixError | StoppedError} */
export async function factoriseBand(
  band: CoupledBand,
  onProgress?: OnProgress,
): Promise<BandFactors> {
  return bandFactors(band, await eliminateBand(band, onProgress));
}

export function bandFactors(
  { start, places, parts, mirrors, rowStart, columns, values }: CoupledBand,
  { middle, inverses }: EliminatedBand,
): BandFactors {
  const levels = inverses.length;
  const unknowns = start[levels];
  const z = new Float64Array(unknowns);
  const right = new Float64Array(unknowns);
  /** What row i takes from the unknowns first ≤ j < last. */
  const coupled = (i: number, first: number, last: number): number => {
    let sum = 0;
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const j = columns[k];
      if (j >= first && j < last) sum += values[k] * z[j];
    }
    return sum;
  };
  const inwards = (s: number) => {
    const [begin, end] = [start[s], start[s + 1]];
    for (let i = begin; i < end; i++) {
      right[i] = z[i];
      if (s <= middle) right[i] -= coupled(i, 0, begin);
      if (s >= middle) right[i] -= coupled(i, end, unknowns);
    }
    multiplyBlock(inverses[s], right, z, begin, end);
  };
  const outwards = (s: number) => {
    const [begin, end] = [start[s], start[s + 1]];
    for (let i = begin; i < end; i++) {
      right[i] = s < middle ? coupled(i, end, unknowns) : coupled(i, 0, begin);
    }
    subtractBlock(inverses[s], right, z, begin, end);
  };
  return {
    solve: (x, y) => {
      for (let i = 0; i < unknowns; i++) z[i] = x[2 * places[i] + parts[i]];
      for (let s = 0; s < middle; s++) inwards(s);
      for (let s = levels - 1; s >= middle; s--) inwards(s);
      for (let s = middle - 1; s >= 0; s--) outwards(s);
      for (let s = middle + 1; s < levels; s++) outwards(s);
      for (let i = 0; i < unknowns; i++) {
        y[2 * places[i] + parts[i]] = z[i];
        if (mirrors[i] < 0) y[2 * places[i] + 1] = 0;
        else y[2 * mirrors[i] + parts[i]] = parts[i] === 0 ? z[i] : -z[i];
      }
    },
  };
}

function addRow(out: Float64Array, from: Float64Array, start: number, factor: number): void {
  for (let k = 0; k < out.length; k++) out[k] += factor * from[start + k];
}

/** out[begin … end) = A x[begin … end). */
function multiplyBlock(
  a: Float64Array,
  x: Float64Array,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  const order = paddedOrder(end - begin);
  for (let i = begin; i < end; i++) out[i] = rowTimes(a, (i - begin) * order, x, begin, end);
}

function subtractBlock(
  a: Float64Array,
  x: Float64Array,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  const order = paddedOrder(end - begin);
  for (let i = begin; i < end; i++) out[i] -= rowTimes(a, (i - begin) * order, x, begin, end);
}

/** Four sums at once: one alone would wait for each addition. */
function rowTimes(
  a: Float64Array,
  row: number,
  x: Float64Array,
  begin: number,
  end: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = begin;
  let at = row;
  for (; j + 3 < end; j += 4, at += 4) {
    s0 += a[at] * x[j];
    s1 += a[at + 1] * x[j + 1];
    s2 += a[at + 2] * x[j + 2];
    s3 += a[at + 3] * x[j + 3];
  }
  for (; j < end; j++, at++) s0 += a[at] * x[j];
  return s0 + s1 + (s2 + s3);
}
