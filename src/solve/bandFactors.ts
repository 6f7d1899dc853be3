/** A coupled band, factorised block by block: S_s = D_s − L_s S_{s−1}⁻¹ U_{s−1}, each S_s⁻¹ kept. */
import type { CoupledBand } from '../generator/coupledBand.js';
import { invertInPlace, paddedOrder } from './inverse.js';

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

/** Stopped on request. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Called with the share of the work that is done; a promise of false stops. */
export type OnProgress = (share: number) => Promise<boolean>;

/** @throws {SingularMatrixError | StoppedError} */
export async function factoriseBand(
  band: CoupledBand,
  onProgress?: OnProgress,
): Promise<BandFactors> {
  const { start, places, parts, mirrors, rowStart, columns, values } = band;
  const sites = start.length - 1;
  const unknowns = start[sites];
  const inverses: Float64Array[] = [];
  for (let s = 0; s < sites; s++) {
    const begin = start[s];
    const end = start[s + 1];
    const order = paddedOrder(end - begin);
    const pivot = new Float64Array(order * order);
    for (let i = end - begin; i < order; i++) pivot[i * order + i] = 1;
    const before = s === 0 ? 0 : start[s - 1];
    const previous = paddedOrder(begin - before);
    const combined = new Float64Array(previous);
    for (let i = begin; i < end; i++) {
      const row = (i - begin) * order;
      combined.fill(0);
      let coupled = false;
      for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
        const j = columns[k];
        if (j >= end) continue;
        if (j >= begin) {
          pivot[row + j - begin] += values[k];
          continue;
        }
        if (j < before) throw new Error('a coupling reaches beyond neighbouring levels');
        coupled = true;
        addRow(combined, inverses[s - 1], (j - before) * previous, values[k]);
      }
      if (!coupled) continue;
      // (L S⁻¹ U) row by row: U's entries are those of the level below in the columns of this one.
      for (let m = before; m < begin; m++) {
        const factor = combined[m - before];
        if (factor === 0) continue;
        for (let k = rowStart[m]; k < rowStart[m + 1]; k++) {
          const j = columns[k];
          if (j >= begin) pivot[row + j - begin] -= factor * values[k];
        }
      }
    }
    invertInPlace(pivot, order);
    inverses.push(pivot);
    const going = (await onProgress?.((s + 1) / sites)) ?? true;
    if (!going) throw new StoppedError('stopped while a band was factorised');
  }

  const z = new Float64Array(unknowns);
  const right = new Float64Array(unknowns);
  return {
    solve: (x, y) => {
      for (let i = 0; i < unknowns; i++) z[i] = x[2 * places[i] + parts[i]];
      for (let s = 0; s < sites; s++) {
        for (let i = start[s]; i < start[s + 1]; i++) {
          let sum = z[i];
          for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
            if (columns[k] < start[s]) sum -= values[k] * z[columns[k]];
          }
          right[i] = sum;
        }
        multiplyBlock(inverses[s], right, z, start[s], start[s + 1]);
      }
      for (let s = sites - 2; s >= 0; s--) {
        for (let i = start[s]; i < start[s + 1]; i++) {
          let sum = 0;
          for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
            if (columns[k] >= start[s + 1]) sum += values[k] * z[columns[k]];
          }
          right[i] = sum;
        }
        subtractBlock(inverses[s], right, z, start[s], start[s + 1]);
      }
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
