/**
 * Tables of a device's numbers in memory of WebAssembly: where code computes them they are read there, others are
 * brought once for each device.
 */
import type { Numbers } from '../machine/tape.js';
import type { TapeKernel } from '../machine/tapeKernel.js';

/** A table in memory. */
export interface BroughtTable {
  /** Its place on the tape. */
  readonly at: number;
  readonly values: Float64Array;
  /** The device that it has the numbers of; null where it is computed there. */
  device: number | null;
}

/** There is room for so many beyond the first ones. */
const MORE_TABLES = 32;

export class BroughtTables {
  /** Memory that they take, in numbers. */
  static room = (first: number, size: number): number => (first + MORE_TABLES) * size;

  readonly #tables = new Map<number, BroughtTable>();
  #taken = 0;
  readonly #first: readonly BroughtTable[];

  /**
   * @param memory numbers for all of them
   * @param size levels of each
   * @param first the places of those that are brought together
   * @param computed the code that computes tables in the same memory
   */
  constructor(
    private readonly memory: Float64Array,
    private readonly size: number,
    first: readonly number[],
    private readonly computed: TapeKernel | null,
  ) {
    this.#first = first.map((at) => this.of(at) as BroughtTable).filter(isBrought);
  }

  /** The table of a place; null where there is no room left. */
  of(at: number): BroughtTable | null {
    const known = this.#tables.get(at);
    if (known !== undefined) return known;
    const table = this.#computedAt(at) ?? this.#new(at);
    if (table !== null) this.#tables.set(at, table);
    return table;
  }

  /** Where a number without a level is computed, in bytes; undefined where it has to be brought. */
  scalarAt(at: number): number | undefined {
    return this.computed?.scalarAt(at);
  }

  #computedAt(at: number): BroughtTable | null {
    const address = this.computed?.tableAt(at);
    if (address === undefined) return null;
    const values = new Float64Array(this.memory.buffer, address, this.size);
    return { at, values, device: null };
  }

  #new(at: number): BroughtTable | null {
    const begin = this.size * this.#taken;
    if (begin + this.size > this.memory.length) return null;
    this.#taken++;
    return { at, values: this.memory.subarray(begin, begin + this.size), device: -1 };
  }

  /** Has the numbers of the device computed that they have now, and brings in the others; by default of the first tables. */
  bring(numbers: Numbers, tables: readonly BroughtTable[] = this.#first): void {
    const { device } = numbers;
    if (this.computed !== null) numbers.runKernel();
    for (const table of tables) {
      if (table.device === device) continue;
      table.values.set(numbers.table(table.at));
      table.device = device;
    }
  }
}

/** Whether a table has to be brought. */
export const isBrought = ({ device }: BroughtTable): boolean => device !== null;
