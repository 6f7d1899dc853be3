/** Tables of a device's numbers in memory of WebAssembly, brought there once for each device. */
import type { Numbers } from '../machine/tape.js';

/** A table in memory, and the device that it has the numbers of. */
export interface BroughtTable {
  /** Its place on the tape. */
  readonly at: number;
  readonly values: Float64Array;
  device: number;
}

/** There is room for so many beyond the first ones. */
const MORE_TABLES = 32;

export class BroughtTables {
  /** Memory that they take, in numbers. */
  static room = (first: number, size: number): number => (first + MORE_TABLES) * size;

  readonly #tables = new Map<number, BroughtTable>();
  readonly #first: readonly BroughtTable[];

  /**
   * @param memory numbers for all of them
   * @param size levels of each
   * @param first the places of those that are brought together
   */
  constructor(
    private readonly memory: Float64Array,
    private readonly size: number,
    first: readonly number[],
  ) {
    this.#first = first.map((at) => this.of(at) as BroughtTable);
  }

  /** The table of a place; null where there is no room left. */
  of(at: number): BroughtTable | null {
    const known = this.#tables.get(at);
    if (known !== undefined) return known;
    const begin = this.size * this.#tables.size;
    if (begin + this.size > this.memory.length) return null;
    const table = { at, values: this.memory.subarray(begin, begin + this.size), device: -1 };
    this.#tables.set(at, table);
    return table;
  }

  /** Brings in the numbers of the device that they have now; by default of the first tables. */
  bring(numbers: Numbers, tables: readonly BroughtTable[] = this.#first): void {
    const { device } = numbers;
    for (const table of tables) {
      if (table.device === device) continue;
      table.values.set(numbers.table(table.at));
      table.device = device;
    }
  }
}
