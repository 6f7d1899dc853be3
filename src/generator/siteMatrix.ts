/**
 * A generator on one sector as a complex block-tridiagonal matrix: a site is the lower of an element's
 * two rotor levels, and holds one unknown for each class. Every term moves ket and bra by at most one
 * level, so that it couples neighbouring sites only.
 */
import type { DiagonalClass, Space } from './classes.js';
import { coefficientsOf, type Generator } from './generator.js';
import { ReachError } from './reach.js';

export interface SiteMatrix {
  /** Number of sites. */
  readonly sites: number;
  /** Unknowns of a site: coherences first, then populations. */
  readonly width: number;
  /** How many of them are coherences. */
  readonly coherences: number;
  /**
   * Entry (row r of site s; column c of site s − 1 + b), b = 0, 1, 2, at ((s·width + r)·3 + b)·width + c.
   */
  readonly re: Float64Array;
  readonly im: Float64Array;
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

/** The space as sectors, none of which the generator connects to another. */
export function sectorsOf({ space, couplings }: Generator): Sector[] {
  const { classes } = space;
  const parent = classes.map((_, c) => c);
  const root = (c: number): number => {
    let at = c;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (const { sourceClass, targetClass } of couplings) {
    parent[root(sourceClass)] = root(targetClass);
  }
  // Probability is conserved as a whole: populations stay together even where nothing connects them.
  const populations = classes.flatMap((c, at) => (isPopulation(c) ? [at] : []));
  for (const at of populations) parent[root(at)] = root(populations[0]);
  const members = new Map<number, number[]>();
  for (let c = 0; c < classes.length; c++) {
    const key = root(c);
    const list = members.get(key);
    if (list === undefined) members.set(key, [c]);
    else list.push(c);
  }
  return [...members.values()].map((list) => {
    const off = list.filter((c) => !isPopulation(classes[c]));
    const own = new Set(list);
    return {
      classes: [...off, ...list.filter((c) => isPopulation(classes[c]))],
      coherences: off.length,
      hermitian: list.every((c) => own.has(partnerOf(space, c))),
    };
  });
}

/**
 * The matrix of the generator on one of its sectors.
 * @throws {ReachError} when a coupling reaches beyond neighbouring sites
 */
export function siteMatrix({ space, couplings }: Generator, sector: Sector): SiteMatrix {
  const { classes } = space;
  const width = sector.classes.length;
  const column = new Int32Array(classes.length).fill(-1);
  sector.classes.forEach((c, at) => {
    column[c] = at;
  });
  const sites = Math.max(...sector.classes.map((c) => classes[c].length));
  const row = 3 * width;
  const re = new Float64Array(sites * width * row);
  const im = new Float64Array(re.length);
  for (const coupling of couplings) {
    const { sourceClass, targetClass, count } = coupling;
    if (column[sourceClass] < 0) continue;
    const { kind, re: real, im: imaginary } = coefficientsOf(coupling);
    const source = coupling.source - classes[sourceClass].offset;
    const target = coupling.target - classes[targetClass].offset;
    const side = source - target;
    if (side < -1 || side > 1) {
      throw new ReachError('rational steps take terms that reach to the next level');
    }
    let at =
      (target * width + column[targetClass]) * row + (1 + side) * width + column[sourceClass];
    for (let p = 0; p < count; p++, at += width * row) {
      if (kind !== 'imaginary') re[at] += real[p];
      if (kind !== 'real') im[at] += imaginary[p];
    }
  }
  return { sites, width, coherences: sector.coherences, re, im };
}

/** Where the elements of a sector's unknowns, site by site, are in a vector of the space; −1 for none. */
export function siteIndex({ classes }: Space, sector: Sector, sites: number): Int32Array {
  const width = sector.classes.length;
  const index = new Int32Array(sites * width).fill(-1);
  sector.classes.forEach((c, column) => {
    const { offset, length } = classes[c];
    for (let p = 0; p < length; p++) index[p * width + column] = offset + p;
  });
  return index;
}
