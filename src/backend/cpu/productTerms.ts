/** How a product's terms are written down for the loops that add them up, and their coefficients. */
import { PRODUCT, SUM } from '../gather.js';

/** Which parts of a coefficient are not 0. */
export type Parts = 'real' | 'imaginary' | 'complex';

/**
 * Where the coefficient of element p comes from: one number, the p-th of a table, or the sum or the product
 * of those of two tables. (Sums and products with an imaginary table are taken as complex.)
 */
export type From = 'constant' | 'table' | 'sum' | 'product';

/** coefficient[p] · x[p], a term of y[p]. */
export interface TermKind {
  readonly from: From;
  readonly parts: Parts;
}

/** The terms of stretches of y that one loop adds up. */
export interface Pattern {
  readonly terms: readonly TermKind[];
  /** Whether they are added to what y has already, or are all that it has. */
  readonly adds: boolean;
}

/** Numbers of each coefficient: the two of a complex one are interleaved. */
export const numbersOf = (parts: Parts): number => (parts === 'complex' ? 2 : 1);

export const isConstant = ({ from }: TermKind): boolean => from === 'constant';

/** Addresses of a term for a stretch of ys: of its first x, and of the first coefficient in each table. */
export const addressesOf = ({ from }: TermKind): number =>
  from === 'constant' ? 1 : from === 'table' ? 2 : 3;

// What is to be done is written down as words, in groups of stretches of y that have the same pattern of terms
// with the same constants.

/** Words of a group before its stretches: its pattern, its bytes; then the address of each constant. */
export const GROUP_WORDS = 2;

/** Words of a stretch before its terms' addresses: the address of the first y, and the bytes of all. */
export const STRETCH_WORDS = 2;

/** Words of a class that is conjugated: where it is, where its conjugate goes, its bytes, and the sign of imaginary parts. */
export const CONJUGATE_WORDS = 4;

/** A kind of term with its tables. */
export interface Coefficient extends TermKind {
  /** The same for coefficients that a group's stretches may differ in: for all but constants, by kind. */
  readonly order: number;
  /** Addresses of the constant, or of the beginnings of one or two tables. */
  readonly addresses: readonly number[];
  /** Bytes from one number of a table to the next. */
  readonly stride: number;
}

const FROM: readonly From[] = ['constant', 'table', 'sum', 'product'];
const PARTS: readonly Parts[] = ['real', 'imaginary', 'complex'];

/** The numbers of a product's coefficients, each table once in every form that is asked for. */
export class Coefficients {
  /** Of each table. */
  private readonly parts: Parts[] = [];
  private readonly constant: boolean[] = [];
  private readonly starts = new Map<number, number>();
  private readonly known = new Map<number, Coefficient>();
  private readonly values = [0, 0];
  /** The address of a complex 0. */
  readonly zero: number;

  /**
   * @param tables interleaved complex numbers, `levels` in each table
   * @param address where the numbers will be
   */
  constructor(
    private readonly tables: Float64Array,
    private readonly levels: number,
    private readonly address: number,
  ) {
    this.zero = address;
    for (let t = 0; t < tables.length; t += 2 * levels) {
      const table = tables.subarray(t, t + 2 * levels);
      const real = table.every((value, i) => i % 2 === 0 || value === 0);
      const imaginary = table.every((value, i) => i % 2 === 1 || value === 0);
      this.parts.push(real ? 'real' : imaginary ? 'imaginary' : 'complex');
      this.constant.push(table.every((value, i) => value === table[i % 2]));
    }
  }

  /** @param rule ONE_TABLE, PRODUCT or SUM of the tables with these numbers */
  of(rule: number, first: number, second: number): Coefficient {
    const key = (rule * this.parts.length + first) * this.parts.length + second;
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.make(rule, first, second);
      this.known.set(key, found);
    }
    return found;
  }

  /** All numbers that were asked for. */
  all(): Float64Array {
    return Float64Array.from(this.values);
  }

  private make(rule: number, first: number, second: number): Coefficient {
    const two = rule === SUM || rule === PRODUCT;
    const from =
      rule === SUM ? 'sum' : two ? 'product' : this.constant[first] ? 'constant' : 'table';
    const real = this.parts[first] === 'real' && this.parts[second] === 'real';
    const parts = !two ? this.parts[first] : real ? 'real' : 'complex';
    const addresses = (two ? [first, second] : [first]).map((table) => this.place(table, parts));
    const kind = FROM.indexOf(from) * PARTS.length + PARTS.indexOf(parts);
    return {
      from,
      parts,
      order: from === 'constant' ? FROM.length * PARTS.length + addresses[0] : kind,
      addresses,
      stride: 8 * numbersOf(parts),
    };
  }

  /** The address of a table in the given form. */
  private place(table: number, parts: Parts): number {
    const { tables, levels, values } = this;
    const key = table * PARTS.length + PARTS.indexOf(parts);
    let start = this.starts.get(key);
    if (start === undefined) {
      start = values.length;
      this.starts.set(key, start);
      for (let i = table * levels; i < (table + 1) * levels; i++) {
        if (parts !== 'imaginary') values.push(tables[2 * i]);
        if (parts !== 'real') values.push(tables[2 * i + 1]);
      }
    }
    return this.address + 8 * start;
  }
}
