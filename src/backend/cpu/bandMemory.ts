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

/** Sites and entries of a band, whatever its unknowns stand for. */
type Band = Pick<CoupledBand, 'start' | 'rowStart' | 'columns' | 'values'>;

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

  /** @param more bytes that are wanted in the same memory */
  static async of(band: Band, more = 0): Promise<BandMemory> {
    // Loaded where a band is wanted, and not by everything that might want one.
    const { bandKernels } = await import('./bandKernels.js');
    return new BandMemory(band, bandKernels, more);
  }

  private constructor(
    band: Band,
    kernels: (memory: WebAssembly.Memory) => BandKernels,
    more: number,
  ) {
    const { start, values } = band;
    this.levels = start.length - 1;
    this.begin = new Int32Array(this.levels + 1);
    this.block = new Float64Array(this.levels);
    let end = 0;
    const room = (bytes: number) => {
      const address = end;
      end += 16 * Math.ceil(bytes / 16);
      return address;
    };
    let widest = 0;
    for (let s = 0; s < this.levels; s++) {
      const order = paddedOrder(start[s + 1] - start[s]);
      this.begin[s + 1] = this.begin[s] + order;
      this.block[s] = room(8 * order ** 2);
      widest = Math.max(widest, order);
    }
    const padded = this.begin[this.levels];
    const couplings = room(16 * values.length);
    this.rows = room(4 * (SIDES * padded + 1));
    this.zAddress = room(8 * padded);
    this.right = room(8 * padded);
    this.packed = room(8 * 4 * widest);
    this.pivots = room(4 * widest);
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
    this.floats.fill(0, 0, couplings / 8);
    this.z = this.floats.subarray(this.zAddress / 8, this.zAddress / 8 + padded);
    this.z.fill(0);
    const words = new Int32Array(memory.buffer);
    this.load(band, couplings, words);
    for (let s = 0; s < this.levels; s++) {
      const place = [this.block[s], this.order(s), 8 * this.begin[s], this.rowsOf(s, BELOW)];
      words.set(place, (this.sites + SITE * s) / 4);
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

  /** Writes the blocks, and the couplings between levels. */
  private load(
    { start, rowStart, columns, values }: Band,
    couplings: number,
    words: Int32Array,
  ): void {
    const { floats } = this;
    let next = couplings;
    let row = this.rows / 4;
    const couple = (address: number, value: number) => {
      floats[next / 8] = value;
      words[next / 4 + 2] = address;
      next += 16;
    };
    for (let s = 0; s < this.levels; s++) {
      const [begin, end] = [start[s], start[s + 1]];
      const order = this.order(s);
      const [below, above] = [
        s > 0 ? this.begin[s - 1] - start[s - 1] : 0,
        this.begin[s + 1] - end,
      ];
      for (let r = 0; r < order; r++) {
        const own = this.block[s] / 8 + r * order - begin;
        const i = begin + r;
        const [first, last] = i < end ? [rowStart[i], rowStart[i + 1]] : [0, 0];
        words[row++] = next;
        let isAbove = false;
        for (let k = first; k < last; k++) {
          const j = columns[k];
          if (j < begin) couple(8 * (below + j), values[k]);
          else if (j < end) floats[own + j] += values[k];
          else isAbove = true;
        }
        words[row++] = next;
        words[row++] = next;
        for (let k = first; isAbove && k < last; k++) {
          if (columns[k] >= end) couple(8 * (above + columns[k]), values[k]);
        }
        if (i >= end) floats[own + i] = 1;
      }
    }
    words[row] = next;
  }
}
