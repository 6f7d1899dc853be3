/** What shaders/chain_blocks.wgsl needs to know of chains: a few words for each class and coupling. */
import { keptSectors } from '../../generator/chains.js';
import type { Coupling, Generator } from '../../generator/generator.js';
import { partnerOf, type Sector } from '../../generator/siteMatrix.js';
import { ONE } from '../../operators/operator.js';
import { grouped, ONE_TABLE, PRODUCT, SUM, TableStore } from '../gather.js';

export interface ChainLayout {
  /** Unknowns per site. */
  readonly width: number;
  /** Sites of each chain, the longest first. */
  readonly sites: Uint32Array<ArrayBuffer>;
  /** Five words for each of the `width` rows of each chain; 0 throughout where a chain has fewer. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** Six words a coupling. */
  readonly couplings: Int32Array<ArrayBuffer>;
  /** Complex numbers, interleaved. */
  readonly tables: Float64Array;
  /** Of each chain the sector that it is. */
  readonly sectors: readonly Sector[];
  /** The elements that a vector must have for chains to find theirs. */
  readonly elements: number;
}

export const WORDS_PER_ROW = 5;
const WORDS_PER_COUPLING = 6;

/** @throws {Error} when a coupling reaches beyond neighbouring levels, or a class has no conjugate */
export function chainLayout({ space, couplings }: Generator, all: readonly Sector[]): ChainLayout {
  const { classes, window } = space;
  const kept = new Set(keptSectors(space, all));
  const longest = ({ classes: own }: Sector) => Math.max(...own.map((c) => classes[c].length));
  const sectors = all
    .filter((sector) => kept.has(sector.classes))
    .sort((a, b) => longest(b) - longest(a));
  const width = Math.max(1, ...sectors.map((sector) => sector.classes.length));
  const column = new Int32Array(classes.length).fill(-1);
  for (const sector of sectors) {
    sector.classes.forEach((c, at) => {
      column[c] = at;
    });
  }
  const byTarget: Coupling[][] = classes.map(() => []);
  for (const coupling of couplings) byTarget[coupling.targetClass].push(coupling);

  const store = new TableStore(window.size);
  const rows = new Int32Array(sectors.length * width * WORDS_PER_ROW);
  const words: number[] = [];
  let elements = 0;
  sectors.forEach((sector, k) => {
    const own = new Set(sector.classes);
    sector.classes.forEach((c, r) => {
      const { offset, length } = classes[c];
      const partner = partnerOf(space, c);
      const mirror = own.has(partner) ? -1 : classes[partner].offset;
      elements = Math.max(elements, offset + length, mirror + length);
      const first = words.length / WORDS_PER_COUPLING;
      for (const item of grouped(byTarget[c])) {
        const shape = 'shape' in item ? item.shape : item;
        const begin = shape.target - offset;
        const block = 1 + shape.source - classes[shape.sourceClass].offset - begin;
        if (block < 0 || block > 2)
          throw new Error('a coupling reaches beyond neighbouring levels');
        const place = (parts: readonly Coupling[], side: 'ket' | 'bra') =>
          store.place(parts.map((p) => ({ coefficient: p.coefficient, table: p[side] }))) +
          (side === 'ket' ? shape.ketStart : shape.braStart) -
          begin;
        words.push(begin, begin + shape.count, block * width + column[shape.sourceClass]);
        if (!('shape' in item)) {
          const bra = store.place([{ coefficient: ONE, table: item.bra }]) + item.braStart - begin;
          words.push(PRODUCT, place([item], 'ket'), bra);
        } else if (item.ket.length > 0 && item.bra.length > 0) {
          words.push(SUM, place(item.ket, 'ket'), place(item.bra, 'bra'));
        } else {
          const side = item.ket.length > 0 ? 'ket' : 'bra';
          words.push(ONE_TABLE, place(item[side], side), 0);
        }
      }
      const count = words.length / WORDS_PER_COUPLING - first;
      rows.set([offset, mirror, length, first, count], (k * width + r) * WORDS_PER_ROW);
    });
  });
  return {
    width,
    sites: Uint32Array.from(sectors, longest),
    rows,
    couplings: Int32Array.from(words),
    tables: Float64Array.from(store.values),
    sectors,
    elements,
  };
}
