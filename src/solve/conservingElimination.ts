/**
 * The null vector of a block-tridiagonal matrix that conserves the sum of its populations.
 *
 * After Grassmann, Taksar and Heyman's elimination for Markov chains: the row vector with 1 on
 * populations and 0 on pairs is a left null vector of the matrix and of each of its Schur complements,
 * so that a population's pivot is minus the sum of the other population rows in its column. Nothing is
 * subtracted from a diagonal, and the answer is accurate component by component, whatever the condition
 * number. Sites are eliminated from both ends towards `centre`, whose last population is set free:
 * every other unknown follows from those nearer to the centre, so the tails may fall as low as floating
 * point goes. Cost: O(sites · width³).
 */
import type { BlockTridiagonal } from '../generator/blocks.js';

/** The steady state is not unique (or not determined by the equations at hand). */
export class NonUniqueSteadyStateError extends Error {
  override readonly name = 'NonUniqueSteadyStateError';
}

/** A population (its place at its site) that cannot reach the ones not yet eliminated. */
interface Closed {
  readonly site: number;
  readonly unknown: number;
}

/** Beyond this ratio of the largest unknown to the centre's, the elimination is redone from there. */
const FAR_FROM_CENTRE = 1e100;

/**
 * The null vector with populations summing to 1, site by site (`width` unknowns each).
 * @param start the site first taken as the centre
 * @throws {NonUniqueSteadyStateError} when two sets of populations do not communicate.
 */
export function conservingNullVector(matrix: BlockTridiagonal, start: number): Float64Array {
  const result = eliminate(matrix, start);
  if (result instanceof Float64Array) return centred(matrix, result);
  // Every steady state has weight on a closed population. Freed last, it is found if it belongs to
  // the only closed set; a second population that cannot reach it belongs to another.
  const reordered = swapUnknowns(matrix, result.unknown, matrix.width - 1);
  const again = eliminate(reordered, result.site);
  if (again instanceof Float64Array) {
    const x = centred(reordered, again);
    return swapUnknownsOf(x, matrix.width, result.unknown, matrix.width - 1);
  }
  throw new NonUniqueSteadyStateError(
    'the steady state is not unique: some populations never reach the others ' +
      '(no dissipation or no coupling connects them)',
  );
}

/** Repeats the elimination from the peak of the populations where the first centre was far from it. */
function centred(matrix: BlockTridiagonal, first: Float64Array): Float64Array {
  let x = first;
  for (let attempt = 0; attempt < matrix.sites; attempt++) {
    const peak = peakSite(matrix, x);
    if (peak === null) return normalised(matrix, x);
    const result = eliminate(matrix, peak);
    if (!(result instanceof Float64Array)) break;
    x = result;
  }
  throw new NonUniqueSteadyStateError('the steady state is not determined: no peak was found');
}

function swapUnknownsOf(x: Float64Array, width: number, a: number, b: number): Float64Array {
  const swapped = x.slice();
  for (let at = 0; at < x.length; at += width) {
    swapped[at + a] = x[at + b];
    swapped[at + b] = x[at + a];
  }
  return swapped;
}

/** The matrix with two unknowns of every site exchanged, in rows and columns. */
function swapUnknowns(matrix: BlockTridiagonal, a: number, b: number): BlockTridiagonal {
  const { sites, width } = matrix;
  const entries = swapUnknownsOf(matrix.entries, width, a, b);
  const row = 3 * width;
  for (let site = 0; site < sites; site++) {
    const rowA = (site * width + a) * row;
    const rowB = (site * width + b) * row;
    const kept = entries.slice(rowA, rowA + row);
    entries.copyWithin(rowA, rowB, rowB + row);
    entries.set(kept, rowB);
  }
  return { ...matrix, entries };
}

/** The site to start from instead, or null where the centre was near enough to the peak. */
function peakSite({ sites, width, paired }: BlockTridiagonal, x: Float64Array): number | null {
  let largest = 0;
  let at = 0;
  for (let site = 0; site < sites; site++) {
    for (let r = paired; r < width; r++) {
      const value = Math.abs(x[site * width + r]);
      if (!(value < Number.MAX_VALUE)) return site;
      if (value > largest) {
        largest = value;
        at = site;
      }
    }
  }
  return largest > FAR_FROM_CENTRE ? at : null;
}

function normalised({ sites, width, paired }: BlockTridiagonal, x: Float64Array): Float64Array {
  let total = 0;
  for (let site = 0; site < sites; site++) {
    for (let r = paired; r < width; r++) total += x[site * width + r];
  }
  for (let i = 0; i < x.length; i++) x[i] /= total;
  return x;
}

/**
 * Eliminates every site towards the centre and substitutes back from its last population, set to 1.
 *
 * In place: a site's rows end up holding each of its unknowns as a combination of the later ones
 * (own site first, then the inner neighbour's), and the inner neighbour's own block the Schur
 * complement.
 */
function eliminate(matrix: BlockTridiagonal, centre: number): Float64Array | Closed {
  const { sites, width, paired } = matrix;
  const entries = matrix.entries.slice();
  const row = 3 * width;
  const step = width * row;

  for (let site = 0; site < centre; site++) {
    const inner = site * step + step;
    const unknown = eliminateSite(entries, site * step, inner, 1, width, width, paired);
    if (unknown >= 0) return { site, unknown };
  }
  for (let site = sites - 1; site > centre; site--) {
    const inner = site * step - step;
    const unknown = eliminateSite(entries, site * step, inner, -1, width, width, paired);
    if (unknown >= 0) return { site, unknown };
  }
  const last = width - 1;
  const unknown = eliminateSite(entries, centre * step, -1, 0, last, width, paired);
  if (unknown >= 0) return { site: centre, unknown };

  const x = new Float64Array(sites * width);
  const substitute = (site: number, from: number, inward: number) => {
    const own = site * width;
    const inner = (site + inward) * width;
    for (let j = from; j >= 0; j--) {
      const at = site * step + j * row + width;
      let value = 0;
      for (let k = j + 1; k < width; k++) value += entries[at + k] * x[own + k];
      if (inward !== 0) {
        const there = at + inward * width;
        for (let k = 0; k < width; k++) value += entries[there + k] * x[inner + k];
      }
      x[own + j] = value;
    }
  };
  x[centre * width + last] = 1;
  substitute(centre, last - 1, 0);
  for (let site = centre - 1; site >= 0; site--) substitute(site, last, 1);
  for (let site = centre + 1; site < sites; site++) substitute(site, last, -1);
  return x;
}

/**
 * Eliminates the first `count` unknowns of one site.
 * @param site, inner where the rows of the site and of its inner neighbour start in `entries`
 * @param inward the neighbour's side: +1, −1, or 0 for none
 * @returns a population that cannot reach the remaining ones, or −1 where all can.
 */
function eliminateSite(
  entries: Float64Array,
  site: number,
  inner: number,
  inward: number,
  count: number,
  width: number,
  paired: number,
): number {
  const row = 3 * width;
  // Within a row, where the site's own columns and the neighbour's start.
  const ownColumns = site + width;
  const innerColumns = site + width + inward * width;
  const ownColumnsOfInner = inner + width - inward * width;
  const innerColumnsOfInner = inner + width;
  const reach = inward === 0 ? 0 : width;

  for (let j = 0; j < paired; j += 2) {
    const ownA = ownColumns + j * row;
    const ownB = ownA + row;
    const innerA = innerColumns + j * row;
    const innerB = innerA + row;
    const a = entries[ownA + j];
    const b = entries[ownA + j + 1];
    const c = entries[ownB + j];
    const d = entries[ownB + j + 1];
    const inverse = 1 / (a * d - b * c);
    const e = -d * inverse;
    const f = b * inverse;
    const g = c * inverse;
    const h = -a * inverse;
    entries[ownA + j + 1] = 0; // the pair's unknowns follow from later ones, not from each other
    for (let k = j + 2; k < width; k++) {
      const u = entries[ownA + k];
      const v = entries[ownB + k];
      entries[ownA + k] = e * u + f * v;
      entries[ownB + k] = g * u + h * v;
    }
    for (let k = 0; k < reach; k++) {
      const u = entries[innerA + k];
      const v = entries[innerB + k];
      entries[innerA + k] = e * u + f * v;
      entries[innerB + k] = g * u + h * v;
    }
    for (let i = j + 2; i < width; i++) {
      const own = ownColumns + i * row;
      const p = entries[own + j];
      const q = entries[own + j + 1];
      if (p === 0 && q === 0) continue;
      const there = innerColumns + i * row;
      for (let k = j + 2; k < width; k++) {
        entries[own + k] += p * entries[ownA + k] + q * entries[ownB + k];
      }
      for (let k = 0; k < reach; k++) {
        entries[there + k] += p * entries[innerA + k] + q * entries[innerB + k];
      }
    }
    for (let i = 0; i < reach; i++) {
      const own = ownColumnsOfInner + i * row;
      const p = entries[own + j];
      const q = entries[own + j + 1];
      if (p === 0 && q === 0) continue;
      const there = innerColumnsOfInner + i * row;
      for (let k = j + 2; k < width; k++) {
        entries[own + k] += p * entries[ownA + k] + q * entries[ownB + k];
      }
      for (let k = 0; k < width; k++) {
        entries[there + k] += p * entries[innerA + k] + q * entries[innerB + k];
      }
    }
  }

  for (let j = paired; j < count; j++) {
    let outflow = 0;
    for (let i = j + 1; i < width; i++) outflow += entries[ownColumns + i * row + j];
    for (let i = paired; i < reach; i++) outflow += entries[ownColumnsOfInner + i * row + j];
    if (!(outflow > 0)) return j;
    const inverse = 1 / outflow;
    const ownJ = ownColumns + j * row;
    const innerJ = innerColumns + j * row;
    for (let k = j + 1; k < width; k++) entries[ownJ + k] *= inverse;
    for (let k = 0; k < reach; k++) entries[innerJ + k] *= inverse;
    for (let i = j + 1; i < width; i++) {
      const own = ownColumns + i * row;
      const m = entries[own + j];
      if (m === 0) continue;
      const there = innerColumns + i * row;
      for (let k = j + 1; k < width; k++) entries[own + k] += m * entries[ownJ + k];
      for (let k = 0; k < reach; k++) entries[there + k] += m * entries[innerJ + k];
    }
    for (let i = 0; i < reach; i++) {
      const own = ownColumnsOfInner + i * row;
      const m = entries[own + j];
      if (m === 0) continue;
      const there = innerColumnsOfInner + i * row;
      for (let k = j + 1; k < width; k++) entries[own + k] += m * entries[ownJ + k];
      for (let k = 0; k < width; k++) entries[there + k] += m * entries[innerJ + k];
    }
  }
  return -1;
}
