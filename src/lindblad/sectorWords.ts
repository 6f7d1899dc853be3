/** Sectors as words that shaders/tape.wgsl and shaders/elimination.wgsl read: what is computed, and where it goes. */
import type { ChainForm } from '../backend/batches.js';
import { TapeWords } from '../machine/tapeWords.js';
import type { BoundSector, SectorProgram } from './sectorProgram.js';

/** In the place of a table where the entry is 1. */
const NO_TABLE = 2 ** 32 - 1;
const COLUMN = 2 ** 8;
const SIDE = 2 ** 16;
const NEGATIVE = 2 ** 18;
/** Unknowns of a site beyond which the kernel has no registers for two sites' equations. */
export const WIDEST = 16;

/** The place of an entry at its site. @param side 0 within the site, 1 from the one below, −1 from the one above */
const placeOf = (row: number, column: number, side: number, sign: 1 | -1): number =>
  row + COLUMN * column + SIDE * (side + 1) + (sign < 0 ? NEGATIVE : 0);

/** Which entries there are. @param slotOf of each table of the tape, where it is kept */
function entriesOf(
  { filling, gapEntries, reaches }: BoundSector,
  slotOf: ReadonlyMap<number, number>,
): Uint32Array<ArrayBuffer> {
  const entries = [
    ...filling.map(({ source, target, from, to, first, stride, count, sign, table }) => [
      placeOf(to, from, target - source, sign),
      ...[slotOf.get(table) ?? NO_TABLE, source, first, stride, count],
    ]),
    ...gapEntries.map(({ site, to, from, value }) => [
      placeOf(to, from, 0, value),
      ...[NO_TABLE, site, 0, 0, 1],
    ]),
  ];
  return Uint32Array.from([entries.length, ...reaches.below, ...reaches.above, ...entries.flat()]);
}

/** A sector's program for a GPU: made once, then for each window. */
export class SectorWords {
  readonly #tape: TapeWords;

  constructor(program: SectorProgram) {
    const tables = new Set(program.bands.map(({ table }) => table));
    this.#tape = new TapeWords(program.tape.steps.tables, [...tables]);
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
      words: entriesOf(sector, this.#tape.slotOf),
      levels: window.size,
      sites,
      width: siteWidth,
      paired: sitePaired,
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
