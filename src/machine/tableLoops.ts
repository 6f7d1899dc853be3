/**
 * Loops over the levels of tables by code that was prepared, to the same bits as without it: engines interpret what
 * computes a first device's tables, and have memory for each number on the way.
 */
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import { instanceOn, preparedModule } from '../writtenCode.js';
import type { ProductOfTables } from './tapeSteps.js';

/** x ← yⁿ, or x ← x yⁿ, with √y in place of y where it is of a root; of addresses in bytes. */
type Power = (x: number, y: number, end: number, n: number, isRoot: number) => void;
/** As `polynomialOf` has it. */
type Polynomial = (first: number, level: number, end: number, out: number) => void;

/** What is exported; polynomials by their degree. */
export type TableCode = {
  readonly raise: Power;
  readonly times: Power;
  /** x ← x + y. */
  readonly add: (x: number, y: number, end: number) => void;
} & Readonly<Record<`polynomial${1 | 2 | 3 | 4}`, Polynomial>>;

/** By which its code is prepared. */
export const TABLE_LOOPS = 'loops over tables';

const NUMBER = 8;
/** A sum, a product, a factor, levels, and coefficients have room on a page. */
const PAGES = 1;
const MOST_LEVELS = 1024;
const [SUM, PRODUCT, FACTOR, LEVELS, COEFFICIENTS] = [0, 1, 2, 3, 4].map(
  (k) => NUMBER * MOST_LEVELS * k,
);

/** Code with its memory, which is used again for each table. */
export class TableMemory {
  readonly buffer: ArrayBufferLike;
  readonly code: TableCode;
  readonly polynomials: readonly (Polynomial | undefined)[];
  /** Whose levels are there. */
  user: TableLoops | null = null;

  constructor(code: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: PAGES });
    this.buffer = memory.buffer;
    this.code = instanceOn<TableCode>(code, memory);
    const { polynomial1, polynomial2, polynomial3, polynomial4 } = this.code;
    this.polynomials = [undefined, polynomial1, polynomial2, polynomial3, polynomial4];
  }
}

let prepared: TableMemory | null | undefined;

/** What is prepared; null where nothing is, or there are more levels than it has room for. */
export function preparedLoops(lmin: number, size: number): TableLoops | null {
  if (prepared === undefined) {
    const code = preparedModule(TABLE_LOOPS);
    prepared = code && new TableMemory(code);
  }
  return prepared === null || size > MOST_LEVELS ? null : new TableLoops(prepared, lmin, size);
}

/** Whether a power is made of products and of roots. */
const isMade = (exponent: number): boolean => exponent > 0 && Number.isInteger(2 * exponent);

/** On a window of at most `MOST_LEVELS` levels. */
export class TableLoops {
  readonly #sum: Float64Array;
  readonly #factor: Float64Array;
  /** Bytes of a table. */
  readonly #bytes: number;

  constructor(
    private readonly memory: TableMemory,
    private readonly lmin: number,
    private readonly size: number,
  ) {
    this.#sum = new Float64Array(memory.buffer, SUM, size);
    this.#factor = new Float64Array(memory.buffer, FACTOR, size);
    this.#bytes = NUMBER * size;
  }

  /** As `polynomialTable` has it; false where there is no code for the degree. */
  polynomial(coefficients: readonly DoubleDouble[], out: Float64Array): boolean {
    const { memory } = this;
    const compute = memory.polynomials[coefficients.length - 1];
    if (compute === undefined) return false;
    if (memory.user !== this) this.#putLevels();
    const put = new Float64Array(memory.buffer, COEFFICIENTS, 2 * coefficients.length);
    coefficients.forEach(({ high, low }, n) => {
      put[2 * n] = high;
      put[2 * n + 1] = low;
    });
    compute(COEFFICIENTS, LEVELS, LEVELS + this.#bytes, SUM);
    out.set(this.#sum);
    return true;
  }

  #putLevels(): void {
    const levels = new Float64Array(this.memory.buffer, LEVELS, this.size);
    for (let i = 0; i < levels.length; i++) levels[i] = this.lmin + i;
    this.memory.user = this;
  }

  /**
   * Σ of products of powers; false where there is no code for one of these.
   * @param tableOf computed before
   */
  sum(
    terms: readonly ProductOfTables[],
    tableOf: (at: number) => Float64Array,
    out: Float64Array,
  ): boolean {
    const isThere = ({ factors }: ProductOfTables) =>
      factors.every(({ exponent }) => isMade(exponent));
    if (terms.length === 0 || !terms.every(isThere)) return false;
    const { add } = this.memory.code;
    terms.forEach(({ factors }, k) => {
      this.#multiply(factors, tableOf, k === 0 ? SUM : PRODUCT);
      if (k > 0) add(SUM, PRODUCT, SUM + this.#bytes);
    });
    out.set(this.#sum);
    return true;
  }

  #multiply(
    factors: ProductOfTables['factors'],
    tableOf: (at: number) => Float64Array,
    product: number,
  ): void {
    const { raise, times } = this.memory.code;
    const end = product + this.#bytes;
    for (let f = 0; f < factors.length; f++) {
      const { at, exponent } = factors[f];
      this.#factor.set(tableOf(at));
      const isWhole = Number.isInteger(exponent);
      const by = f === 0 ? raise : times;
      by(product, FACTOR, end, isWhole ? exponent : 2 * exponent, isWhole ? 0 : 1);
    }
  }
}
