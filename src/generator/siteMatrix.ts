/**
 * A generator on one sector as a complex block-tridiagonal matrix: a site is so many values of the lower of an
 * element's two levels as a term moves it by, and holds one unknown for each of them and each class. So only
 * neighbouring sites are coupled.
 */
import type { DiagonalClass, Space } from './classes.js';
import { DisjointSets } from './disjointSets.js';
import { Coefficients, coefficientsIn, type Generator } from './generator.js';
import { reachOf } from './reach.js';

export interface SiteMatrix {
  /** Number of sites. */
  readonly sites: number;
  /** Levels of a site. */
  readonly reach: number;
  /** Unknowns of a site: coherences first, then populations, of either the levels one after another. */
  readonly width: number;
  /** How many of them are coherences. */
  readonly coherences: number;
  /**
   * Entry (row r of site s; column c of site s − 1 + b), b = 0, 1, 2, at ((s·width + r)·3 + b)·width + c.
   */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Σ of each column over the populations, where they are not conserved; absent where it is 0. */
  readonly created?: Float64Array;
  /** The same of imaginary parts. */
  readonly createdIm?: Float64Array;
}

/** Classes of a space that the generator couples to one another and to no others. */
export interface Sector {
  /** Positions in the space, coherences first, then populations. */
  readonly classes: readonly number[];
  readonly coherences: number;
  /** Whether it holds the conjugate of each of its classes. */
  readonly hermitian: boolean;
}

const isPopulation = ({ ket, bra, delta }: DiagonalClass): boolean => ket === bra && delta === 0;

/** The conjugate of a class, as a position in the space, or −1. */
export const partnerOf = (space: Space, at: number): number => {
  const { ket, bra, delta } = space.classes[at];
  return space.find(bra, ket, -delta);
};

/**
 * The class of the conjugates of each class on a diagonal above, or on the main one, where populations are their own.
 * None where a conjugate is not in the space.
 */
export function conjugatesOf(space: Space): ReadonlyMap<number, number> {
  const conjugates = new Map<number, number>();
  for (const [c, { ket, bra, delta }] of space.classes.entries()) {
    const other = partnerOf(space, c);
    if (other < 0) return new Map();
    if (delta > 0 || (delta === 0 && ket <= bra)) conjugates.set(c, other);
  }
  return conjugates;
}

/** The space as sectors, none of which the generator connects to another. */
export function sectorsOf({ space, couplings }: Generator): Sector[] {
  const { classes } = space;
  const sets = new DisjointSets(classes.length);
  for (const { sourceClass, targetClass } of couplings) sets.join(sourceClass, targetClass);
  // Probability is conserved as a whole: populations stay together even where nothing connects them.
  const populations = classes.flatMap((c, at) => (isPopulation(c) ? [at] : []));
  for (const at of populations) sets.join(at, populations[0]);
  return [...sets.members().values()].map((list) => {
    const off = list.filter((c) => !isPopulation(classes[c]));
    const own = new Set(list);
    return {
      classes: [...off, ...list.filter((c) => isPopulation(classes[c]))],
      coherences: off.length,
      hermitian: list.every((c) => own.has(partnerOf(space, c))),
    };
  });
}

/** Where a class's unknown of each of a site's levels is in the site: columns[at · reach + level]. */
function columnsOf({ classes, coherences }: Sector, reach: number): Int32Array {
  const populations = classes.length - coherences;
  return Int32Array.from({ length: classes.length * reach }, (_, i) => {
    const [at, level] = [Math.floor(i / reach), i % reach];
    return at < coherences
      ? level * coherences + at
      : reach * coherences + level * populations + at - coherences;
  });
}

/** The matrix of the generator on one of its sectors. */
export function siteMatrix({ space, couplings }: Generator, sector: Sector): SiteMatrix {
  const { classes } = space;
  const position = new Int32Array(classes.length).fill(-1);
  sector.classes.forEach((c, at) => {
    position[c] = at;
  });
  const reach = reachOf({ space, couplings }, (c) => position[c] >= 0);
  const columns = columnsOf(sector, reach);
  const width = columns.length;
  const levels = Math.max(...sector.classes.map((c) => classes[c].length));
  const sites = Math.ceil(levels / reach);
  const row = 3 * width;
  const re = new Float64Array(sites * width * row);
  const im = new Float64Array(re.length);
  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    const { sourceClass, targetClass, count } = coupling;
    if (position[sourceClass] < 0) continue;
    const { kind, re: real, im: imaginary } = coefficientsIn(room, coupling);
    const source = coupling.source - classes[sourceClass].offset;
    const target = coupling.target - classes[targetClass].offset;
    const from = position[sourceClass] * reach;
    const to = position[targetClass] * reach;
    for (let p = 0; p < count; p++) {
      const site = Math.floor((target + p) / reach);
      const other = Math.floor((source + p) / reach);
      const r = columns[to + target + p - site * reach];
      const c = columns[from + source + p - other * reach];
      const at = (site * width + r) * row + (1 + other - site) * width + c;
      if (kind !== 'imaginary') re[at] += real[p];
      if (kind !== 'real') im[at] += imaginary[p];
    }
  }
  return { sites, reach, width, coherences: reach * sector.coherences, re, im };
}

/** What a map adds to the trace by each element of its space. */
export function createdBy({ space, couplings }: Generator): Float64Array {
  const created = new Float64Array(2 * space.size);
  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    if (!isPopulation(space.classes[coupling.targetClass])) continue;
    const { kind, re, im } = coefficientsIn(room, coupling);
    for (let p = 0; p < coupling.count; p++) {
      const at = 2 * (coupling.source + p);
      if (kind !== 'imaginary') created[at] += re[p];
      if (kind !== 'real') created[at + 1] += im[p];
    }
  }
  return created;
}

/** Where the elements of a sector's unknowns, site by site, are in a vector of the space; −1 for none. */
export function siteIndex(
  { classes }: Space,
  sector: Sector,
  { sites, reach, width }: Pick<SiteMatrix, 'sites' | 'reach' | 'width'>,
): Int32Array {
  const index = new Int32Array(sites * width).fill(-1);
  const columns = columnsOf(sector, reach);
  sector.classes.forEach((c, at) => {
    const { offset, length } = classes[c];
    for (let p = 0; p < length; p++) {
      index[Math.floor(p / reach) * width + columns[at * reach + (p % reach)]] = offset + p;
    }
  });
  return index;
}

/** For each unknown the place of its conjugate, in a sector that holds the conjugates. */
export function sitePartners(
  space: Space,
  sector: Sector,
  { sites, reach, width }: Pick<SiteMatrix, 'sites' | 'reach' | 'width'>,
): Int32Array {
  const columns = columnsOf(sector, reach);
  const partner = new Int32Array(width);
  sector.classes.forEach((c, at) => {
    const other = sector.classes.indexOf(partnerOf(space, c));
    for (let p = 0; p < reach; p++) partner[columns[at * reach + p]] = columns[other * reach + p];
  });
  return Int32Array.from({ length: sites * width }, (_, i) => i - (i % width) + partner[i % width]);
}
