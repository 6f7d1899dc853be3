/**
 * The equations z𝓛 = ℓ − m1 of adjoint solutions, by what goes from one unknown to another alone. What leaves a population
 * is what arrives elsewhere: of z, which hardly differs from one population to the next where modes are slow, nothing is
 * summed that all of them have in common.
 */
import { disturbances } from '../solve/disturbance.js';
import { copied, zeros } from '../zeros.js';
import { arrivals, type FilledSector, type Run, type RunPlaces } from './run.js';

export interface AdjointSector extends FilledSector {
  readonly runs: readonly Run[];
  /** What leads from pairs to populations, and from where to where. */
  readonly fromPairs: readonly Run[];
  readonly placesFromPairs: RunPlaces;
}

/** What z is a solution of. */
export interface AdjointEquations {
  /** ℓ */
  readonly row: Float64Array;
  /** m */
  readonly mean: number;
  /** The sums of magnitudes of the terms that ℓ's numbers are made of. */
  readonly sizes: Float64Array;
  /** What rounding of terms meets, where that is known: it is worst with the signs of that. */
  readonly met?: Float64Array | undefined;
}

/** What z leaves of its equations, and what rounding of their terms does in one case. */
export interface Remainder {
  readonly left: Float64Array;
  readonly rounded: Float64Array;
}

/** What rounding may do to each term of equations, as one case of what it may do to all. */
export const IN_TERM = 4 * Number.EPSILON;

/** Of all that a pair brings to populations, by magnitude, the share that each number brings. */
export function sharesFromPairs({
  fromPairs,
  placesFromPairs: { from },
  numbers,
  sites,
  siteWidth,
}: AdjointSector): Float64Array {
  const shares = zeros(from.length);
  const brought = zeros(sites * siteWidth);
  let n = 0;
  for (const { table, first, stride, count } of fromPairs) {
    const values = numbers.table(table);
    for (let i = 0, p = first; i < count; i++, p += stride, n++) {
      const size = Math.abs(values[p]);
      shares[n] = size;
      brought[from[n]] += size;
    }
  }
  for (let n = 0; n < shares.length; n++) if (shares[n] !== 0) shares[n] /= brought[from[n]];
  return shares;
}

/**
 * What counts as nothing of z for each unknown, as what it brings to all populations adds up to 0: of a population what
 * it has itself, of a pair's the mean over the populations that it brings something to.
 * @param shares as `sharesFromPairs` has them
 */
export function commonOf(
  { placesFromPairs: { from, to }, siteWidth, sitePaired }: AdjointSector,
  shares: Float64Array,
  z: Float64Array,
): Float64Array {
  const common = copied(z);
  for (let start = 0; start < z.length; start += siteWidth) {
    for (let i = start; i < start + sitePaired; i++) common[i] = 0;
  }
  for (let n = 0; n < shares.length; n++) common[from[n]] += shares[n] * z[to[n]];
  return common;
}

/** @param shares as `sharesFromPairs` has them */
export function remainderOf(
  sector: AdjointSector,
  z: Float64Array,
  shares: Float64Array,
  { row, mean, sizes, met }: AdjointEquations,
): Remainder {
  const { siteWidth, sitePaired, numbers, runs } = sector;
  const common = commonOf(sector, shares, z);
  const [left, rounded] = [zeros(z.length), zeros(z.length)];
  const { toPairs, toPopulations } = arrivals(runs, sitePaired);
  for (const some of [toPairs, toPopulations]) {
    for (const { source, target, from, to, first, stride, count, sign, table } of some) {
      const values = numbers.table(table);
      let p = first;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const term = sign * values[p] * (some === toPairs ? z[out] : z[out] - common[at]);
        left[at] += term;
        rounded[at] += Math.abs(term);
      }
    }
  }
  // What is left of the equations, in place of what they give.
  for (let i = 0; i < left.length; i++) left[i] = row[i] - left[i];
  for (let start = 0; start < left.length; start += siteWidth) {
    for (let i = start + sitePaired; i < start + siteWidth; i++) left[i] -= mean;
  }
  takeCase(rounded, sizes, met);
  return { left, rounded };
}

/**
 * In place of magnitudes what rounding of these and of more terms does in one case.
 * @param met what that meets, where it is known
 */
export function takeCase(
  magnitudes: Float64Array,
  sizes: Float64Array,
  met: Float64Array | undefined,
): void {
  // As if at random, too: the signs that are worst for one derivative may cancel for another.
  const atRandom = disturbances(magnitudes.length);
  for (let i = 0; i < magnitudes.length; i++) {
    const share = met === undefined ? atRandom[i] : atRandom[i] + Math.sign(met[i]);
    magnitudes[i] = IN_TERM * (magnitudes[i] + Math.abs(sizes[i])) * share;
  }
}
