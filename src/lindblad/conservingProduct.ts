/**
 * A sector's generator on vectors, by what goes from one unknown to another alone. What leaves a population is what
 * arrives elsewhere, and no sum of it is rounded: of a vector that hardly differs from one population to the next, as
 * adjoint solutions of slow modes do, nothing is left of what they have in common.
 */
import { zeros } from '../zeros.js';
import { type Applied, arrivals, type FilledSector, type Run, type RunPlaces } from './run.js';

interface ConservingSector extends FilledSector {
  readonly runs: readonly Run[];
  /** What leads from pairs to populations, and from where to where. */
  readonly fromPairs: readonly Run[];
  readonly placesFromPairs: RunPlaces;
}

/**
 * What counts as nothing of z for each unknown of a pair: the mean over the populations that it brings something to, as
 * what it brings to all of them adds up to 0. For a population it is what that has itself.
 */
export function commonOf(
  { fromPairs, placesFromPairs, numbers, siteWidth, sitePaired }: ConservingSector,
  z: Float64Array,
): Float64Array {
  const { from, to } = placesFromPairs;
  const [common, brought] = [zeros(z.length), zeros(z.length)];
  let n = 0;
  for (const { table, first, stride, count } of fromPairs) {
    const values = numbers.table(table);
    for (let i = 0, p = first; i < count; i++, p += stride, n++) {
      const size = Math.abs(values[p]);
      common[from[n]] += size * z[to[n]];
      brought[from[n]] += size;
    }
  }
  for (let start = 0; start < z.length; start += siteWidth) {
    for (let i = start; i < start + sitePaired; i++) if (brought[i] !== 0) common[i] /= brought[i];
  }
  return common;
}

/** z𝓛, and the sums of the magnitudes of its terms. @param common as `commonOf` has it */
export function conservingTransposed(
  { siteWidth, sitePaired, numbers, runs }: ConservingSector,
  z: Float64Array,
  common: Float64Array,
): Applied {
  const [y, magnitudes] = [zeros(z.length), zeros(z.length)];
  const { toPairs, toPopulations } = arrivals(runs, sitePaired);
  for (const some of [toPairs, toPopulations]) {
    for (const { source, target, from, to, first, stride, count, sign, table } of some) {
      const less = from < sitePaired ? common : z;
      const values = numbers.table(table);
      let p = first;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const term = sign * values[p] * (some === toPairs ? z[out] : z[out] - less[at]);
        y[at] += term;
        magnitudes[at] += Math.abs(term);
      }
    }
  }
  return { y, magnitudes };
}

/** 𝓛x, and the sums of the magnitudes of its terms. */
export function conservingProduct(sector: ConservingSector, x: Float64Array): Applied {
  const { siteWidth, sitePaired, numbers } = sector;
  const [y, magnitudes] = [zeros(x.length), zeros(x.length)];
  for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
    const isFlow = from >= sitePaired && to >= sitePaired;
    if (isFlow && source === target && from === to) continue;
    const values = numbers.table(table);
    let p = first;
    let at = source * siteWidth + from;
    let out = target * siteWidth + to;
    for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
      const term = sign * values[p] * x[at];
      const size = Math.abs(term);
      y[out] += term;
      magnitudes[out] += size;
      if (!isFlow) continue;
      y[at] -= term;
      magnitudes[at] += size;
    }
  }
  return { y, magnitudes };
}
