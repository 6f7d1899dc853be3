/** A generator's couplings along one direction: many independent block-tridiagonal systems. */
import type { Space } from './classes.js';
import { Coefficients, coefficientsIn, type Generator } from './generator.js';
import { reachOf } from './reach.js';
import { partnerOf, type Sector } from './siteMatrix.js';

/**
 * A batch of independent block-tridiagonal matrices M, all of one block width, with complex entries.
 * The sites of all chains are numbered through, chain after chain. Each unknown of a site is one element
 * of the space's vector; elements that no unknown names are not in any chain.
 */
export interface Chains {
  /** Unknowns per site. */
  readonly width: number;
  /** Chain k has the sites first[k] ≤ s < first[k + 1]; one number more than there are chains. */
  readonly first: Uint32Array;
  /**
   * The index, in complex numbers, of unknown r of site s in a vector of the space: places[s·width + r].
   * −1 where the site has fewer unknowns: row and column of such a place are those of the identity, its
   * right-hand side is 0, and its solution goes nowhere.
   */
  readonly places: Int32Array;
  /**
   * Where the conjugate of the same unknown's solution is written too: mirrors[s·width + r], or −1 for
   * nowhere. (Of a Hermitian pair of chains one is solved.)
   */
  readonly mirrors: Int32Array;
  /**
   * M's entry in row r of site s and column c of site s − 1 + b, b = 0, 1, 2, as real and imaginary
   * part at 2·(((s·width + r)·3 + b)·width + c) and the place after it. Blocks that would reach out of
   * their chain are 0.
   */
  readonly entries: Float64Array;
}

/** A matrix that has to be inverted and is singular to rounding. */
export class SingularMatrixError extends Error {
  override readonly name = 'SingularMatrixError';
}

/**
 * The classes of each sector, of two conjugate sectors of one alone: the other is its mirror image.
 * @throws {Error} when a class has no conjugate
 */
export function keptSectors(space: Space, sectors: readonly Sector[]): (readonly number[])[] {
  const partner = space.classes.map((_, c) => partnerOf(space, c));
  if (partner.some((c) => c < 0)) {
    throw new Error('the space lacks the conjugate of one of its classes');
  }
  return sectors
    .map((sector) => sector.classes)
    .filter((chain) => {
      const least = Math.min(...chain);
      return chain.every((c) => partner[c] >= least);
    });
}

/**
 * The chains of a generator: one for each of the given sectors. A site holds so many values of the lower of an
 * element's levels, that is its place in its class, as a term moves it by. Of two conjugate sectors one is kept and
 * the other mirrored.
 * @throws {Error} when a class has no conjugate
 */
export function chainsOf(generator: Generator, sectors: readonly Sector[]): Chains {
  const { space, couplings } = generator;
  const { classes } = space;
  const partner = classes.map((_, c) => partnerOf(space, c));
  const own = new Int32Array(classes.length).fill(-1);
  const column = new Int32Array(classes.length);
  const kept = keptSectors(space, sectors);
  kept.forEach((chain, k) => {
    chain.forEach((c, at) => {
      own[c] = k;
      column[c] = at;
    });
  });
  const reach = reachOf(generator, (c) => own[c] >= 0);
  const rows = Math.max(1, ...kept.map((chain) => chain.length));
  const width = reach * rows;
  const first = new Uint32Array(kept.length + 1);
  kept.forEach((chain, k) => {
    const levels = Math.max(...chain.map((c) => classes[c].length));
    first[k + 1] = first[k] + Math.ceil(levels / reach);
  });

  const sites = first[kept.length];
  const places = new Int32Array(sites * width).fill(-1);
  const mirrors = new Int32Array(sites * width).fill(-1);
  const entries = new Float64Array(sites * width * 3 * width * 2);
  for (let c = 0; c < classes.length; c++) {
    if (own[c] < 0) continue;
    const mirrored = own[partner[c]] !== own[c];
    // Levels of a site follow one another, each with all of its rows.
    const start = first[own[c]] * width + column[c];
    for (let p = 0; p < classes[c].length; p++) {
      const at = start + p * rows;
      places[at] = classes[c].offset + p;
      if (mirrored) mirrors[at] = classes[partner[c]].offset + p;
    }
  }
  const diagonal = (row: number) => 2 * ((row * 3 + 1) * width + (row % width));
  for (let row = 0; row < places.length; row++) if (places[row] < 0) entries[diagonal(row)] = 1;

  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    const from = classes[coupling.sourceClass];
    const to = classes[coupling.targetClass];
    const chain = own[coupling.targetClass];
    if (chain < 0) continue;
    const source = coupling.source - from.offset;
    const target = coupling.target - to.offset;
    const toRow = first[chain] * width + column[coupling.targetClass];
    const fromRow = column[coupling.sourceClass];
    const { kind, re, im } = coefficientsIn(room, coupling);
    for (let p = 0; p < coupling.count; p++) {
      // The place of the entry's column counted from the site before the row's.
      const site = Math.floor((target + p) / reach);
      const beside = fromRow + (source + p - (site - 1) * reach) * rows;
      const at = 2 * ((toRow + (target + p) * rows) * 3 * width + beside);
      if (kind !== 'imaginary') entries[at] += re[p];
      if (kind !== 'real') entries[at + 1] += im[p];
    }
  }
  return { width, first, places, mirrors, entries };
}
