/** Numbers of a device where code reads them: of tables, and those without a level. */
import type { Numbers, Place } from '../machine/tape.js';
import { type BroughtTable, type BroughtTables, isBrought } from './broughtTables.js';

const NUMBER = 8;

/** A number without a level in memory, and the device that it is of. */
interface BroughtScalar {
  readonly at: number;
  readonly slot: number;
  device: number;
}

export class Coefficients {
  readonly #tables: BroughtTable[] = [];
  readonly #scalars: BroughtScalar[] = [];

  /** @param scalars room for numbers that have to be brought */
  constructor(
    private readonly tables: BroughtTables,
    private readonly scalars: Float64Array,
  ) {}

  /**
   * Where a number is, or one of a table's, in bytes; null where there is no room for it.
   * @param first which of the table's
   */
  addressOf({ kind, at }: Place, first: number): number | null {
    if (kind === 'scalar') return this.tables.scalarAt(at) ?? this.#broughtScalar(at);
    const table = this.tables.of(at);
    if (table === null) return null;
    if (isBrought(table) && !this.#tables.includes(table)) this.#tables.push(table);
    return table.values.byteOffset + NUMBER * first;
  }

  /** Has the numbers of the device there that they have now. */
  bring(numbers: Numbers): void {
    this.tables.bring(numbers, this.#tables);
    for (const scalar of this.#scalars) {
      if (scalar.device === numbers.device) continue;
      this.scalars[scalar.slot] = numbers.scalar(scalar.at);
      scalar.device = numbers.device;
    }
  }

  /** Where a number is that has to be brought. */
  #broughtScalar(at: number): number | null {
    let known = this.#scalars.find((scalar) => scalar.at === at);
    if (known === undefined) {
      if (this.#scalars.length === this.scalars.length) return null;
      known = { at, slot: this.#scalars.length, device: -1 };
      this.#scalars.push(known);
    }
    return this.scalars.byteOffset + NUMBER * known.slot;
  }
}
