/** Fluxes between the unknowns of a sector, weighted by where they lead from and to. */
import type { Run } from './run.js';

/** What arrives at an unknown counts by `z`, what leaves it for populations by `origins`. */
export interface Weights {
  readonly z: Float64Array;
  readonly origins: Float64Array;
}

/** For each run one after the other, */
export interface Fluxes {
  /** what is left of the equations, weighted, */
  readonly left: Float64Array;
  /** and what rounding of 𝓛's numbers may have done to it, in units of IN_NUMBERS. */
  readonly lost: Float64Array;
}

/**
 * Puts down Σ 𝓛_ij x_j (z_i − origin_j) of a run.
 * @param values of its table
 * @param losses what rounding takes from them
 * @param n which of the runs it is
 */
export function readRun(
  { source, target, from, to, first, stride, count, sign }: Run,
  [width, paired]: readonly [width: number, paired: number],
  x: Float64Array,
  { z, origins }: Weights,
  values: Float64Array,
  losses: Float64Array,
  found: Fluxes,
  n: number,
): void {
  const isCoherence = to < paired;
  // Every other number has a sum of its own: an addition does not wait for the one before.
  let left = 0;
  let lost = 0;
  let otherLeft = 0;
  let otherLost = 0;
  let at = source * width + from;
  let out = target * width + to;
  for (let i = 0, p = first; i < count; i++, p += stride, at += width, out += width) {
    const weighted = x[at] * (isCoherence ? z[out] : z[out] - origins[at]);
    const nextLeft = left + values[p] * weighted;
    const nextLost = lost + Math.abs(losses[p] * weighted);
    left = otherLeft;
    lost = otherLost;
    otherLeft = nextLeft;
    otherLost = nextLost;
  }
  found.left[n] = sign * (left + otherLeft);
  found.lost[n] = lost + otherLost;
}
