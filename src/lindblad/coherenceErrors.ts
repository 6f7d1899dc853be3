/**
 * What the coherences of a sector's steady state may be off by, from what rounding leaves of their equations.
 *
 * A coherence z turns and decays by itself, and jumps bring others to it: of −λz + Σ κz' + u = 0 an error of u in any
 * of them reaches all that follow, where those are small, too. With |λ| and −|κ| in place of the numbers the same
 * equations bound the errors, all at once. Jumps take no more from a coherence than what it decays by, so that these
 * equations have one solution, without a number below 0.
 */
import { hypotenuse } from '../machine/functions.js';
import { isInRange } from '../norm.js';
import { zeros } from '../zeros.js';
import type { FilledSector } from './run.js';

/** What rounding leaves of a coherence's equation, in units of what it takes from a population. */
const OF_EQUATIONS = 2;
/** The same, where nothing is known of the equations that were solved, or of their numbers. */
const OF_UNKNOWN_EQUATIONS = 1024;
/** How often bounds of real and imaginary parts are made better by those of their neighbours, and what is worth it. */
export const BETTER_BOUNDS = 4;
export const BETTER = 0.9;

/** What rounding leaves of a coherence's equation, in units of the sum of its magnitudes. */
export const equationRounding = (relative: number, isKnown: boolean): number =>
  relative * (isKnown ? OF_EQUATIONS : OF_UNKNOWN_EQUATIONS);

/** How far apart pairs are, among all of them, that jumps couple. @param paired unknowns of a site that are in pairs */
export const couplingReach = (paired: number): number => paired - 1;

/** √(h² + v²), without divisions where its square is in range. */
function modulus(h: number, v: number): number {
  const square = h * h + v * v;
  return isInRange(square) || (h === 0 && v === 0) ? Math.sqrt(square) : hypotenuse(h, v);
}

/** The smallest singular value of [a b; c d]: |a + ic| where it turns and scales alone. */
function leastStretch(a: number, b: number, c: number, d: number): number {
  const turning = modulus(a + d, c - b);
  const mirroring = modulus(a - d, b + c);
  return Math.abs(turning - mirroring) / 2;
}

/**
 * Adds the magnitudes of what pairs bring to others, to those of row i at column j − i + reach.
 * @param toReal what comes to the real parts
 * @param toImaginary what comes to the imaginary parts
 */
function addCouplings(
  { amongPairs, numbers, sitePaired }: FilledSector,
  toReal: Float64Array,
  toImaginary: Float64Array,
  reach: number,
): void {
  const perSite = sitePaired / 2;
  const row = 2 * reach + 1;
  for (const { source, target, from, to, first, stride, count, table } of amongPairs) {
    const values = numbers.table(table);
    const band = to % 2 === 0 ? toReal : toImaginary;
    const i = target * perSite + (to >> 1);
    const j = source * perSite + (from >> 1);
    let at = i * row + j - i + reach;
    for (let n = 0, p = first; n < count; n++, p += stride, at += perSite * row) {
      band[at] += Math.abs(values[p]);
    }
  }
}

/**
 * The moduli of all pairs' errors: a banded system whose elimination subtracts nothing from a positive number but on
 * its diagonal, and needs no exchange of rows.
 * @param relative what rounding leaves of an equation, in units of the sum of its magnitudes
 * @returns by pair, infinite where the bounds have no solution
 */
function moduli(
  equations: FilledSector,
  blocks: Float64Array,
  magnitudes: Float64Array,
  relative: number,
): Float64Array {
  const { sites, siteWidth, sitePaired } = equations;
  const perSite = sitePaired / 2;
  const size = sites * perSite;
  const reach = couplingReach(sitePaired);
  const row = 2 * reach + 1;
  const band = zeros(size * row);
  const other = zeros(size * row);
  addCouplings(equations, band, other, reach);
  const bound = zeros(size);
  for (let i = 0; i < band.length; i++) band[i] = -Math.max(band[i], other[i]);
  for (let i = 0; i < size; i++) {
    const at = Math.floor(i / perSite) * siteWidth + 2 * (i % perSite);
    const b = 2 * at;
    const own = leastStretch(blocks[b], blocks[b + 1], blocks[b + 2], blocks[b + 3]);
    const isThere = magnitudes[at] !== 0 || magnitudes[at + 1] !== 0;
    band[i * row + reach] = isThere ? own : 1;
    bound[i] = isThere ? relative * modulus(magnitudes[at], magnitudes[at + 1]) : 0;
  }
  for (let k = 0; k < size; k++) {
    const pivot = band[k * row + reach];
    if (!(pivot > 0)) return bound.fill(Number.POSITIVE_INFINITY);
    const end = Math.min(size, k + reach + 1);
    for (let i = k + 1; i < end; i++) {
      const factor = band[i * row + k - i + reach] / pivot;
      if (factor === 0) continue;
      for (let j = k + 1; j < end; j++) {
        band[i * row + j - i + reach] -= factor * band[k * row + j - k + reach];
      }
      bound[i] -= factor * bound[k];
    }
    band[k * row + reach] = 1 / pivot;
  }
  for (let k = size - 1; k >= 0; k--) {
    const end = Math.min(size, k + reach + 1);
    for (let j = k + 1; j < end; j++) bound[k] -= band[k * row + j - k + reach] * bound[j];
    bound[k] *= band[k * row + reach];
  }
  return bound;
}

/** Σ of the magnitudes of what other pairs bring to each. */
function byPairs({ amongPairs, numbers, siteWidth }: FilledSector, x: Float64Array): Float64Array {
  const among = zeros(x.length);
  for (const { source, target, from, to, first, stride, count, table } of amongPairs) {
    const values = numbers.table(table);
    let at = source * siteWidth + from;
    let out = target * siteWidth + to;
    for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
      among[out] += Math.abs(values[p] * x[at]);
    }
  }
  return among;
}

/**
 * Writes the errors of all coherences.
 * @param blocks of the pairs, row by row, at twice the index of Re
 * @param magnitudes those of 𝓛x
 * @param relative what rounding takes from a population, relative to itself
 * @param isKnown whether the numbers and the solution of the equations are right to rounding
 */
export function boundCoherences(
  errors: Float64Array,
  equations: FilledSector,
  blocks: Float64Array,
  magnitudes: Float64Array,
  relative: number,
  isKnown: boolean,
): void {
  const { sites, siteWidth, sitePaired } = equations;
  const perSite = sitePaired / 2;
  if (perSite === 0) return;
  const ofEquation = equationRounding(relative, isKnown);
  const bounds = moduli(equations, blocks, magnitudes, ofEquation);
  for (let i = 0; i < bounds.length; i++) {
    const at = Math.floor(i / perSite) * siteWidth + 2 * (i % perSite);
    errors[at] = bounds[i];
    errors[at + 1] = bounds[i];
  }
  if (!isKnown) return;
  for (let better = 0; better < BETTER_BOUNDS; better++) {
    const among = byPairs(equations, errors);
    let isBetter = false;
    for (let site = 0; site < sites; site++) {
      const start = site * siteWidth;
      for (let at = start; at < start + sitePaired; at += 2) {
        if (magnitudes[at] === 0 && magnitudes[at + 1] === 0) continue;
        const a = blocks[2 * at];
        const b = blocks[2 * at + 1];
        const c = blocks[2 * at + 2];
        const d = blocks[2 * at + 3];
        const u = ofEquation * magnitudes[at] + among[at];
        const v = ofEquation * magnitudes[at + 1] + among[at + 1];
        const determinant = Math.abs(a * d - b * c);
        const re = (Math.abs(d) * u + Math.abs(b) * v) / determinant;
        const im = (Math.abs(c) * u + Math.abs(a) * v) / determinant;
        if (re < BETTER * errors[at] || im < BETTER * errors[at + 1]) isBetter = true;
        if (re < errors[at]) errors[at] = re;
        if (im < errors[at + 1]) errors[at + 1] = im;
      }
    }
    if (!isBetter) break;
  }
}
