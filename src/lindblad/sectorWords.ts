/** Sectors as words that shaders/tape.wgsl and shaders/elimination.wgsl read: what is computed, and where it goes. */
import type { ChainForm } from '../backend/batches.js';
import { EVERYWHERE } from '../machine/range.js';
import { TapeWords } from '../machine/tapeWords.js';
import type { BoundSector, SectorProgram } from './sectorProgram.js';
import type { BandForm } from './sectorUnknowns.js';

/** In the place of a table where the entry is 1. */
const NO_TABLE = 2 ** 32 - 1;
const COLUMN = 2 ** 8;
const SIDE = 2 ** 16;
const NEGATIVE = 2 ** 18;
/** In the shader's order: within the site, from the one below, from the one above. */
const SIDES = [0, 1, -1];
/** Unknowns of a site beyond which the kernel has no registers for two sites' equations. */
export const WIDEST = 16;

/** Entries of one place in the blocks of neighbouring sites. */
interface Entries {
  readonly row: number;
  readonly column: number;
  /** 0 within the site, 1 from the one below, −1 from the one above. */
  readonly side: number;
  readonly sign: 1 | -1;
  /** Where the table is kept that they are from; where they are 1, none. */
  readonly slot: number;
  /** The first site that they come from, its place in the table, and of how many sites they are. */
  readonly source: number;
  readonly first: number;
  readonly count: number;
}

/** Which entries there are: at each site, then, by fewer words, those at all sites but for some at the ends. */
function entriesOf(sector: BoundSector, tape: TapeWords): Uint32Array<ArrayBuffer> {
  const { filling, gapEntries, reaches, reach, sites, siteWidth, window } = sector;
  const entries: Entries[] = [
    ...filling.map(({ from, to, target, table, ...run }) => {
      const { slot, first } = tape.placeOf(table) ?? { slot: NO_TABLE, first: 0 };
      return {
        ...run,
        row: to,
        column: from,
        side: target - run.source,
        slot,
        first: first + run.first,
      };
    }),
    ...gapEntries.map(({ site, to, from, value }) => ({
      ...{ row: to, column: from, side: 0, sign: value, slot: NO_TABLE },
      ...{ source: site, first: 0, count: 1 },
    })),
  ];
  // Most are at nearly all sites; between the others there are no more than these.
  const isLong = ({ count }: Entries) => 2 * count > sites;
  let [lowest, highest] = [0, sites - 1];
  for (const entry of entries) {
    const end = entry.source + entry.count;
    const isLow = entry.source + end < sites;
    if (isLong(entry)) {
      lowest = Math.max(lowest, entry.source);
      highest = Math.min(highest, end - 1);
    } else if (isLow) lowest = Math.max(lowest, end);
    else highest = Math.min(highest, entry.source - 1);
  }
  const long = SIDES.map((side) => entries.filter((one) => one.side === side && isLong(one)));
  const signed = ({ sign }: Entries) => (sign < 0 ? NEGATIVE : 0);
  return Uint32Array.from([
    ...[entries.length, lowest, Math.max(0, highest + 1), reach],
    ...long.map((some) => some.length),
    ...[...reaches.below, ...reaches.above],
    ...entries.flatMap((entry) => {
      const { row, column, side, slot, source, first, count } = entry;
      const place = row + COLUMN * column + SIDE * (side + 1) + signed(entry);
      return [place, slot, source, first, count];
    }),
    ...long.flat().flatMap((entry) => {
      const { row, column, slot, source, first } = entry;
      // At the site s its number among those of all tables is this and s·reach more, modulo 2³².
      const number = slot * tape.levels(window.size) + first - source * reach;
      return [row * 2 * siteWidth + column + signed(entry), number];
    }),
  ]);
}

/** A sector's program for a GPU: made once, then for each window. */
export class SectorWords {
  readonly #tape: TapeWords;

  /** @param others tables that are needed beside those of the equations */
  constructor(program: SectorProgram, others: readonly number[] = []) {
    // The elimination never reads what leaves a population.
    const { bands, paired } = program;
    const isRead = ({ row, column, step }: BandForm) =>
      row !== column || step !== 0 || row < paired;
    this.#tape = new TapeWords(program.tape, [
      ...bands.filter(isRead),
      ...others.map((table) => ({ table, range: EVERYWHERE })),
    ]);
  }

  /** The number of a table at the i-th level of a window, among those of all tables. @throws {RangeError} */
  numberOf(table: number, i: number, { window }: BoundSector): number {
    const place = this.#tape.placeOf(table);
    if (place === undefined) throw new RangeError(`no table ${table} on the GPU`);
    return place.slot * this.#tape.levels(window.size) + place.first + i;
  }

  /** @throws {RangeError} where a site has more unknowns than the kernel takes */
  on(sector: BoundSector): ChainForm {
    const { siteWidth, sitePaired, sites, window } = sector;
    if (siteWidth > WIDEST) {
      throw new RangeError(`${siteWidth} unknowns of a site: at most ${WIDEST} on a GPU`);
    }
    return {
      tape: this.#tape,
      given: this.#tape.given(window.size),
      words: entriesOf(sector, this.#tape),
      levels: this.#tape.levels(window.size),
      sites,
      width: siteWidth,
      paired: sitePaired,
      counting: null,
    };
  }

  /** Whether a level's numbers have an e^x in them. */
  get hasExponents(): boolean {
    const { exponentials, ohmic } = this.#tape.conditions;
    return exponentials || ohmic;
  }

  /** Puts down the numbers of the device that the sector is filled with. */
  pack({ numbers, window }: BoundSector, out: Float64Array): void {
    this.#tape.pack(numbers, window.lmin, window.size, out);
  }
}
