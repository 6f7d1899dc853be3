/**
 * What the transposed substitutions of conservingFactors.ts do at one site, as WebAssembly: along the rows of the factors,
 * two columns at a time, each in its lane, so that all numbers are the same to the last bit.
 */
import { f64x2, type Local, local, v128 } from 'wasmati';
import type { Address } from '../whileLess.js';
import { afterOwn } from './sitePairs.js';
import { NUMBER, type SiteAddresses, type SitePlaces } from './sitePlaces.js';

/** Two columns of which both, or one, take part. */
interface Columns {
  /** Which two, and the first column of theirs that takes part. */
  readonly two: number;
  readonly first: number;
  readonly isBoth: boolean;
}

/** The columns from one on to before another. */
function columnsOf(from: number, end: number): Columns[] {
  const columns: Columns[] = [];
  for (let first = from; first < end; ) {
    const two = Math.floor(first / 2);
    const next = Math.min(2 * two + 2, end);
    columns.push({ two, first, isBoth: next === first + 2 });
    first = next;
  }
  return columns;
}

/** Twos of a site's numbers and of its inner neighbour's, and what is at hand of one number in both lanes. */
export interface TransposedRegisters {
  readonly x: readonly Local<'v128'>[];
  readonly y: readonly Local<'v128'>[];
  readonly number: Local<'v128'>;
  readonly entries: Local<'v128'>;
}

export class TransposedSite {
  constructor(
    private readonly places: SitePlaces,
    private readonly at: SiteAddresses,
    private readonly registers: TransposedRegisters,
  ) {}

  /** Adds to later unknowns and to the inner site's what the site's own, one after another, bring to them. */
  substitute(): void {
    const { places, at } = this;
    const { x, y } = this.registers;
    const { width, paired } = places.shape;
    const met = places.met(places.count - 1);
    this.#load(x, at.own, width);
    this.#load(y, at.inner, met);
    const add = (to: Local<'v128'>, columns: Columns, offset: number) => {
      this.#product(at.rows, offset, columns);
      local.set(to, f64x2.add(to, this.registers.entries));
    };
    for (let j = 0; j < places.count; j++) {
      this.#spread(j);
      for (const columns of columnsOf(afterOwn(j, paired), width)) {
        add(x[columns.two], columns, places.entry(j, columns.first).offset);
      }
      for (const columns of columnsOf(0, places.met(j))) {
        add(y[columns.two], columns, places.entry(j, width + columns.first).offset);
      }
    }
    this.#store(x, at.own, width);
    this.#store(y, at.inner, met);
  }

  /** Takes from each unknown what it has of the inner site's and of later ones, these from the last on, and pivots. */
  forward(): void {
    const { places, at } = this;
    const { x, number, entries } = this.registers;
    const { width } = places.shape;
    const groups = places.groups;
    this.#load(x, at.own, width);
    const take = (rows: Address, columns: Columns, offset: number) => {
      this.#product(rows, offset, columns);
      local.set(x[columns.two], f64x2.sub(x[columns.two], entries));
    };
    for (let t = 0; t < places.met(places.count - 1); t++) {
      local.set(number, v128.load64_splat({ offset: NUMBER * t }, at.inner));
      const first = groups.find(([j]) => places.met(j) > t)?.[0] ?? width;
      for (const columns of columnsOf(first, places.count)) {
        take(at.innerRows, columns, places.beyond(t, columns.first).offset);
      }
    }
    const pass = (t: number, before: number) => {
      this.#spread(t);
      for (const columns of columnsOf(0, before)) {
        take(at.rows, columns, places.entry(t, columns.first).offset);
      }
    };
    for (let t = width - 1; t >= places.count; t--) pass(t, places.count);
    for (const [j, next] of groups.reverse()) {
      this.#turn(j, next);
      for (let t = next - 1; t >= j; t--) pass(t, j);
    }
    this.#store(x, at.own, width);
  }

  /** Has an unknown in both lanes. */
  #spread(j: number): void {
    const { x, number } = this.registers;
    const two = x[Math.floor(j / 2)];
    local.set(number, f64x2.splat(f64x2.extract_lane((j % 2) as 0 | 1, two)));
  }

  /** Entries at an address times what is spread; 0 in the lane of a column that takes no part. */
  #product(rows: Address, offset: number, { first, isBoth }: Columns): void {
    const { number, entries } = this.registers;
    if (isBoth) local.set(entries, v128.load({ offset }, rows));
    else if (first % 2 === 0) local.set(entries, v128.load64_zero({ offset }, rows));
    else {
      const nothing = v128.const('f64x2', [0, 0]);
      local.set(entries, nothing);
      local.set(entries, v128.load64_lane({ offset }, 1, rows, entries));
    }
    local.set(entries, f64x2.mul(entries, number));
  }

  /** The transposed inverse pivot of a group times its numbers. */
  #turn(j: number, next: number): void {
    const { x, number, entries } = this.registers;
    const { pivots } = this.at;
    const two = x[Math.floor(j / 2)];
    if (next === j + 2) {
      this.#spread(j);
      local.set(entries, f64x2.mul(v128.load(this.places.pivot(j, 0), pivots), number));
      this.#spread(j + 1);
      local.set(number, f64x2.mul(v128.load(this.places.pivot(j + 1, 0), pivots), number));
      local.set(two, f64x2.add(entries, number));
      return;
    }
    const lane = (j % 2) as 0 | 1;
    local.set(entries, v128.const('f64x2', [1, 1]));
    local.set(entries, v128.load64_lane(this.places.pivot(j, 0), lane, pivots, entries));
    local.set(two, f64x2.mul(two, entries));
  }

  #load(numbers: readonly Local<'v128'>[], at: Address, count: number): void {
    for (const { two, first, isBoth } of columnsOf(0, count)) {
      const load = isBoth ? v128.load : v128.load64_zero;
      local.set(numbers[two], load({ offset: NUMBER * first }, at));
    }
  }

  #store(numbers: readonly Local<'v128'>[], at: Address, count: number): void {
    for (const { two, first, isBoth } of columnsOf(0, count)) {
      const place = { offset: NUMBER * first };
      if (isBoth) v128.store(place, at, numbers[two]);
      else v128.store64_lane(place, 0, at, numbers[two]);
    }
  }
}
