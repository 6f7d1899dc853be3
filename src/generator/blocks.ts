/**
 * A generator on an invariant Hermitian sector as a real block-tridiagonal matrix.
 *
 * A site is a rotor level l with its populations (and coherences within the level). A coherence between
 * the levels l and l + 1 is a link: it belongs to the level farther from the centre, so that an
 * elimination towards the centre meets each link before both of its levels. Rows are the equations of
 * motion of the unknowns, columns the unknowns.
 */
import { zeros } from '../zeros.js';
import type { HermitianGenerator, HermitianLayout } from './hermitian.js';
import { ReachError } from './reach.js';

export interface BlockTridiagonal {
  /** Number of sites, N. */
  readonly sites: number;
  /**
   * Unknowns per site: pairs (Re, Im), those of links first, then populations. Where populations belong to
   * links too, they come next to the pairs, and there are no other pairs.
   */
  readonly width: number;
  /** How many of them belong to links, and how many to pairs of either kind. */
  readonly linked: number;
  readonly paired: number;
  /** The site towards which the blocks of a row are ordered. */
  readonly centre: number;
  /**
   * Entry (row r of site s; column c of a site near it) at ((s·width + r)·3 + b)·width + c, where
   * b = 0 for the neighbour away from the centre, 1 for s itself, 2 for the neighbour towards the
   * centre; at the centre b = 0 for s − 1 and 2 for s + 1.
   *
   * The centre has no links of its own. Its places for them stand for those of site centre + 1 in what
   * couples these to the links of site centre − 1, which is no neighbour of theirs.
   */
  readonly entries: Float64Array;
  /**
   * For each unknown of a site below (above) the centre, how many unknowns of the neighbour towards the
   * centre, in their order, it or an earlier one of the site is coupled to in either direction.
   */
  readonly reach: { readonly below: Int32Array; readonly above: Int32Array };
}

/** The site of an element of an unknown: the lower of its levels, or the upper one beyond the centre. */
function siteOf(element: number, delta: number, centre: number): number {
  return delta !== 0 && element >= centre ? element + Math.abs(delta) : element;
}

/** Overwritten by each matrix: memory of its size is dearer to get than to fill. */
let workspace = new Float64Array(0);

/**
 * The matrix of the sum of generators of one layout. The next call overwrites its entries.
 * @throws {ReachError} when a band reaches beyond neighbouring sites.
 */
export function blockTridiagonal(
  layout: HermitianLayout,
  generators: readonly HermitianGenerator[],
  centre: number,
): BlockTridiagonal {
  const { space, width, linked, paired, delta } = layout;
  const sites = space.window.size;
  const row = 3 * width;
  const step = width * row;
  const length = sites * step;
  if (workspace.length < length) workspace = new Float64Array(length);
  const entries = workspace.subarray(0, length).fill(0);
  const reach = { below: new Int32Array(width), above: new Int32Array(width) };

  for (const { bands } of generators) {
    for (const band of bands) {
      const { target, source, count, factor, table } = band;
      if (band.row === band.column && band.row >= paired && target === source) continue;
      let begin = 0;
      while (begin < count) {
        // Where sites, and with them blocks, change their relation to p.
        let end = count;
        if (begin < centre - source && centre - source < end) end = centre - source;
        if (begin < centre - target && centre - target < end) end = centre - target;
        if (begin < centre + 1 - target && centre + 1 - target < end) end = centre + 1 - target;
        let sourceSite = siteOf(source + begin, delta[band.column], centre);
        let targetSite = siteOf(target + begin, delta[band.row], centre);
        if (sourceSite - targetSite === 2) sourceSite = centre;
        if (targetSite - sourceSite === 2) targetSite = centre;
        const side = sourceSite - targetSite;
        if (side < -1 || side > 1) {
          throw new ReachError('conserving elimination takes terms that reach to the next level');
        }
        const block = targetSite <= centre ? 1 + side : 1 - side;
        if (side !== 0) {
          const half = Math.min(sourceSite, targetSite) < centre ? reach.below : reach.above;
          const outer = block === 0 ? band.column : band.row;
          const inner = block === 0 ? band.row : band.column;
          if (half[outer] <= inner) half[outer] = inner + 1;
        }
        const at = band.at;
        let e = (targetSite * width + band.row) * row + block * width + band.column;
        if (table === null) for (let p = begin; p < end; p++, e += step) entries[e] += factor;
        else for (let p = begin; p < end; p++, e += step) entries[e] += factor * table[at + p];
        begin = end;
      }
    }
  }
  accumulate(reach.below, paired);
  accumulate(reach.above, paired);
  return { sites, width, linked, paired, centre, reach, entries };
}

/** From what each unknown meets to what it or an earlier one does; pairs meet and are met whole. */
function accumulate(reach: Int32Array, paired: number): void {
  let met = 0;
  for (let j = 0; j < reach.length; j++) {
    met = Math.max(met, reach[j]);
    if (met < paired) met += met % 2;
    reach[j] = met;
  }
  for (let j = 0; j < paired; j += 2) reach[j] = reach[j + 1];
}

/**
 * Unknowns in the order of sites, unknown by unknown.
 * @param centre the one that the sites were ordered about
 */
export function fromSites(
  { space, width, delta }: HermitianLayout,
  ordered: Float64Array,
  centre: number,
): Float64Array {
  const { size } = space.window;
  const unknowns = zeros(width * size);
  for (let r = 0; r < width; r++) {
    const apart = Math.abs(delta[r]);
    for (let p = 0; p < size - apart; p++) {
      unknowns[r * size + p] = ordered[(p >= centre ? p + apart : p) * width + r];
    }
  }
  return unknowns;
}
