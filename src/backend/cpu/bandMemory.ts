/** A coupled band in a memory of its own, where bandKernels.ts factorises and solves it. */
import { SingularMatrixError } from '../../generator/chains.js';
import type { CoupledBand } from '../../generator/coupledBand.js';
import type { BandKernels } from './bandKernels.js';
import { giveBack, lentMemory, MOST_PAGES, PAGE } from './lentMemory.js';

/** The order at which blocks of order n are kept: rows and columns beyond n are those of 1. */
export const paddedOrder = (n: number): number => 4 * Math.ceil(n / 4);

/** Which of a row's couplings. */
export const BELOW = 0;
export const ABOVE = 2;
type Side = typeof BELOW | typeof ABOVE;

/** Sides of a row: the level's own couplings are in its block, and that list is empty. */
const SIDES = 3;
/** Bytes of what the kernels are told of a level: as in bandKernels.ts, which is loaded where it is needed. */
const SITE = 16;

/** Bytes of a coupling. */
const COUPLING = 16;

/** Where the sites and entries of a band are in memory, whatever its unknowns stand for and its numbers are. */
export class BandLayout {
  /** The number of levels. */
  readonly levels: number;
  /** Where each level is in vectors of the band, all levels being padded. */
  readonly begin: Int32Array;
  /** The order of the largest block. */
  readonly widest: number;
  /** By level the address of its block, which the first come one after another; then those of couplings. */
  readonly block: Float64Array;
  readonly couplings: number;
  readonly end: number;
  /** By entry the place of its number, of 8 bytes each; those of the same place add up. */
  readonly targets: Int32Array;
  /** Places of numbers 1, in rows that pad a block. */
  readonly ones: Int32Array;
  /** By coupling the address of the number in a vector that it goes with. */
  readonly partners: Int32Array;
  /** By padded row where its couplings begin, below, within and above; and the end of them all. */
  readonly rows: Int32Array;

  constructor({ start, rowStart, columns }: Pick<CoupledBand, 'start' | 'rowStart' | 'columns'>) {
    this.levels = start.length - 1;
    this.begin = new Int32Array(this.levels + 1);
    this.block = new Float64Array(this.levels);
    let [end, widest] = [0, 0];
    for (let s = 0; s < this.levels; s++) {
      const order = paddedOrder(start[s + 1] - start[s]);
      this.begin[s + 1] = this.begin[s] + order;
      this.block[s] = end;
      end += 8 * order ** 2;
      widest = Math.max(widest, order);
    }
    this.widest = widest;
    this.couplings = end;
    const padded = this.begin[this.levels];
    this.targets = new Int32Array(columns.length);
    this.rows = new Int32Array(SIDES * padded + 1);
    this.ones = new Int32Array(padded - start[this.levels]);
    const partners = new Int32Array(columns.length);
    let [count, row, one] = [0, 0, 0];
    const couple = (k: number, place: number) => {
      this.targets[k] = (this.couplings + COUPLING * count) / 8;
      partners[count++] = 8 * place;
    };
    for (let s = 0; s < this.levels; s++) {
      const [first, last] = [start[s], start[s + 1]];
      const order = this.begin[s + 1] - this.begin[s];
      const below = s > 0 ? this.begin[s - 1] - start[s - 1] : 0;
      const above = this.begin[s + 1] - last;
      for (let r = 0; r < order; r++) {
        const own = this.block[s] / 8 + r * order - first;
        const i = first + r;
        const [from, to] = i < last ? [rowStart[i], rowStart[i + 1]] : [0, 0];
        const here = () => this.couplings + COUPLING * count;
        this.rows[row++] = here();
        let isAbove = false;
        for (let k = from; k < to; k++) {
          const j = columns[k];
          if (j < first) couple(k, below + j);
          else if (j < last) this.targets[k] = own + j;
          else isAbove = true;
        }
        this.rows[row++] = here();
        this.rows[row++] = here();
        for (let k = from; isAbove && k < to; k++) {
          if (columns[k] >= last) couple(k, above + columns[k]);
        }
        if (i >= last) this.ones[one++] = own + i;
      }
    }
    this.end = this.couplings + COUPLING * count;
    this.rows[row] = this.end;
    this.partners = partners.subarray(0, count);
  }
}

export class BandMemory {
  /** The number of levels. */
  readonly levels: number;
  /** Where each level is in vectors of the band, all levels being padded. */
  readonly begin: Int32Array;
  /** The vector that is solved for, and its address. */
  readonly z: Float64Array;
  readonly zAddress: number;
  readonly memory: WebAssembly.Memory;
  /** The address of what else was asked for. */
  readonly more: number;

  /** Addresses, in bytes: of each level's block, of rows, vectors, and room for what the kernels need. */
  private readonly block: Float64Array;
  private readonly rows: number;
  private readonly right: number;
  private readonly packed: number;
  private readonly pivots: number;
  private readonly sites: number;
  private readonly floats: Float64Array;
  private readonly kernels: BandKernels;

  /**
   * @param values by entry of the layout
   * @param more bytes that are wanted in the same memory
   */
  static async of(layout: BandLayout, values: Float64Array, more = 0): Promise<BandMemory> {
    // Loaded where a band is wanted, and not by everything that might want one.
    const { bandKernels } = await import('./bandKernels.js');
    return new BandMemory(layout, values, bandKernels, more);
  }

  private constructor(
    layout: BandLayout,
    values: Float64Array,
    kernels: (memory: WebAssembly.Memory) => BandKernels,
    more: number,
  ) {
    this.levels = layout.levels;
    this.begin = layout.begin;
    this.block = layout.block;
    let { end } = layout;
    const room = (bytes: number) => {
      const address = end;
      end += 16 * Math.ceil(bytes / 16);
      return address;
    };
    const padded = this.begin[this.levels];
    this.rows = room(4 * layout.rows.length);
    this.zAddress = room(8 * padded);
    this.right = room(8 * padded);
    this.packed = room(8 * 4 * layout.widest);
    this.pivots = room(4 * layout.widest);
    this.sites = room(SITE * this.levels);
    this.more = room(more);
    const pages = Math.ceil(end / PAGE);
    if (pages > MOST_PAGES) {
      const size = `${(end / 1e9).toPrecision(2)} GB`;
      throw new RangeError(`a coupled band of ${size} is more than WebAssembly addresses, 4.3 GB`);
    }
    const memory = lentMemory(pages);
    this.memory = memory;
    this.floats = new Float64Array(memory.buffer);
    this.z = this.floats.subarray(this.zAddress / 8, this.zAddress / 8 + padded);
    this.z.fill(0);
    const words = new Int32Array(memory.buffer);
    load(layout, values, this.floats, words);
    words.set(layout.rows, this.rows / 4);
    for (let s = 0; s < this.levels; s++) {
      const at = (this.sites + SITE * s) / 4;
      words[at] = this.block[s];
      words[at + 1] = this.order(s);
      words[at + 2] = 8 * this.begin[s];
      words[at + 3] = this.rowsOf(s, BELOW);
    }
    this.kernels = kernels(memory);
  }

  /** What is in it is no more used. */
  release(): void {
    giveBack(this.memory);
  }

  /** Subtracts from the block of level s what a level t beside it, once eliminated, takes off. */
  subtract(s: number, t: number): void {
    const side = t < s ? BELOW : ABOVE;
    this.kernels.subtract(
      this.block[s],
      this.order(s),
      8 * this.begin[s],
      this.rowsOf(s, side),
      this.block[t],
      this.order(t),
      8 * this.begin[t],
      this.rowsOf(t, side === BELOW ? ABOVE : BELOW),
      this.packed,
    );
  }

  /** Replaces the block of level s by its inverse. @throws {SingularMatrixError} */
  invert(s: number): void {
    const singular = this.kernels.invert(this.block[s], this.order(s), this.packed, this.pivots);
    if (singular !== 0) throw new SingularMatrixError('a block of the band is singular');
  }

  /** inwards: z ← S⁻¹(z − C z); outwards: z ← z − S⁻¹C z, at level s with its couplings C to others. */
  substitute(s: number, direction: 'inwards' | 'outwards', sides: readonly Side[]): void {
    const [begin, end] = [this.begin[s], this.begin[s + 1]];
    const right = this.right + 8 * begin;
    const own = this.zAddress + 8 * begin;
    if (direction === 'inwards') {
      this.floats.copyWithin(right / 8, own / 8, own / 8 + end - begin);
    } else {
      this.floats.fill(0, right / 8, right / 8 + end - begin);
    }
    for (const side of sides) {
      this.kernels.couple(this.rowsOf(s, side), end - begin, this.zAddress, right);
    }
    if (direction === 'inwards') this.z.fill(0, begin, end);
    this.kernels.multiply(this.block[s], end - begin, right, own);
  }

  /** z ← M⁻¹z for levels that are eliminated from the first on to before `end`, and coupled to no others. */
  solve(first: number, end: number): void {
    const [from, to] = [this.sites + SITE * first, this.sites + SITE * end];
    this.kernels.inwards(from, to, this.zAddress, this.right);
    this.kernels.outwards(from, to, this.zAddress, this.right);
  }

  /** Every level's block, where it is. */
  blocks(): Float64Array[] {
    return Array.from(this.block, (address, s) =>
      this.floats.subarray(address / 8, address / 8 + this.order(s) ** 2),
    );
  }

  private order(s: number): number {
    return this.begin[s + 1] - this.begin[s];
  }

  /** The address of the addresses of a level's couplings on one side. */
  private rowsOf(s: number, side: Side): number {
    return this.rows + 4 * (SIDES * this.begin[s] + side);
  }
}

/** Writes the blocks, and the couplings between levels. */
function load(
  { couplings, end, targets, ones, partners }: BandLayout,
  values: Float64Array,
  floats: Float64Array,
  words: Int32Array,
): void {
  floats.fill(0, 0, end / 8);
  for (let k = 0; k < targets.length; k++) floats[targets[k]] += values[k];
  for (let k = 0; k < ones.length; k++) floats[ones[k]] = 1;
  for (let k = 0, at = couplings / 4 + 2; k < partners.length; k++, at += COUPLING / 4) {
    words[at] = partners[k];
  }
}
