/**
 * A sector's generator on states, by what goes from one unknown to another alone. What leaves a population is what
 * arrives elsewhere, and no sum of it is rounded.
 */
import { disturbances } from '../solve/disturbance.js';
import { zeros } from '../zeros.js';
import type { FilledSector, Run } from './run.js';

interface ConservingSector extends FilledSector {
  readonly runs: readonly Run[];
}

/**
 * 𝓛x, in which what one population loses is what another one gains to the last digit, however large the flows are that
 * cancel in it; and what rounding of its terms does in one case, in units of a share of each term.
 * @param met what that meets, where it is known: it is worst with the signs of that
 */
export function conservingProduct(
  sector: ConservingSector,
  x: Float64Array,
  met?: Float64Array,
): { readonly y: Float64Array; readonly rounded: Float64Array } {
  const { siteWidth, sitePaired, numbers, runs } = sector;
  const [y, low, rounded] = [zeros(x.length), zeros(x.length), zeros(x.length)];
  let count = 0;
  for (const run of runs) count += run.count;
  // As if at random, too: the signs that are worst for one derivative may cancel for another.
  const atRandom = disturbances(count);
  let n = 0;
  for (const { source, target, from, to, first, stride, count, sign, table } of runs) {
    const isFlow = from >= sitePaired && to >= sitePaired;
    if (isFlow && source === target && from === to) continue;
    const values = numbers.table(table);
    let p = first;
    let at = source * siteWidth + from;
    let out = target * siteWidth + to;
    for (let i = 0; i < count; i++, n++, p += stride, at += siteWidth, out += siteWidth) {
      const term = sign * values[p] * x[at];
      let share = atRandom[n];
      if (met !== undefined) share += Math.sign(isFlow ? met[out] - met[at] : met[out]);
      const off = Math.abs(term) * share;
      const sum = y[out] + term;
      const added = sum - y[out];
      low[out] += y[out] - (sum - added) + (term - added);
      y[out] = sum;
      rounded[out] += off;
      if (!isFlow) continue;
      const rest = y[at] - term;
      const taken = rest - y[at];
      low[at] += y[at] - (rest - taken) - (term + taken);
      y[at] = rest;
      rounded[at] -= off;
    }
  }
  for (let i = 0; i < y.length; i++) y[i] += low[i];
  return { y, rounded };
}
