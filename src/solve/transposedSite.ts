/**
 * What the transposed substitutions of conservingFactors.ts do at one site, as WebAssembly: along the rows of the factors,
 * two columns at a time, each in its lane, so that all numbers are the same to the last bit. Several vectors are gone
 * through together: what one waits for, another makes use of.
 */
import { f64x2, type Local, local, v128 } from 'wasmati';
import type { Address } from '../whileLess.js';
import { afterOwn } from './sitePairs.js';
import { NUMBER, type Offset, type SiteAddresses, type SitePlaces } from './sitePlaces.js';

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
    const two = twoOf(first);
    const next = Math.min(2 * two + 2, end);
    columns.push({ two, first, isBoth: next === first + 2 });
    first = next;
  }
  return columns;
}

/** One of the vectors that are gone through together: where it is at a site and at its inner neighbour, and twos of it. */
export interface TransposedVector {
  readonly own: Address;
  readonly inner: Address;
  readonly x: readonly Local<'v128'>[];
  readonly y: readonly Local<'v128'>[];
  /** One number in both lanes, and what becomes of it. */
  readonly number: Local<'v128'>;
  readonly product: Local<'v128'>;
}

export class TransposedSite {
  /** @param entries what is read of the factors, for all vectors at once */
  constructor(
    private readonly places: SitePlaces,
    private readonly at: Pick<SiteAddresses, 'rows' | 'innerRows' | 'pivots'>,
    private readonly vectors: readonly TransposedVector[],
    private readonly entries: Local<'v128'>,
  ) {}

  /** Adds to later unknowns and to the inner site's what the site's own, one after another, bring to them. */
  substitute(): void {
    const { places, vectors } = this;
    const { rows } = this.at;
    const { width, paired } = places.shape;
    const met = places.met(places.count - 1);
    for (const { x, y, own, inner } of vectors) {
      load(x, own, width);
      load(y, inner, met);
    }
    for (let j = 0; j < places.count; j++) {
      this.#spread(j);
      for (const columns of columnsOf(afterOwn(j, paired), width)) {
        this.#multiply(rows, places.entry(j, columns.first), columns);
        for (const { x, product } of vectors) addTo(x[columns.two], product);
      }
      for (const columns of columnsOf(0, places.met(j))) {
        this.#multiply(rows, places.entry(j, width + columns.first), columns);
        for (const { y, product } of vectors) addTo(y[columns.two], product);
      }
    }
    for (const { x, y, own, inner } of vectors) {
      store(x, own, width);
      store(y, inner, met);
    }
  }

  /** Takes from each unknown what it has of the inner site's and of later ones, these from the last on, and pivots. */
  forward(): void {
    const { places, vectors } = this;
    const { rows, innerRows } = this.at;
    const { width } = places.shape;
    const { groups } = places;
    for (const { x, own } of vectors) load(x, own, width);
    const take = (from: Address, place: Offset, columns: Columns) => {
      this.#multiply(from, place, columns);
      for (const { x, product } of vectors) {
        local.set(x[columns.two], f64x2.sub(x[columns.two], product));
      }
    };
    for (let t = 0; t < places.met(places.count - 1); t++) {
      for (const { number, inner } of vectors) {
        local.set(number, v128.load64_splat({ offset: NUMBER * t }, inner));
      }
      const first = groups.find(([j]) => places.met(j) > t)?.[0] ?? width;
      for (const columns of columnsOf(first, places.count)) {
        take(innerRows, places.beyond(t, columns.first), columns);
      }
    }
    const pass = (t: number, before: number) => {
      this.#spread(t);
      for (const columns of columnsOf(0, before)) {
        take(rows, places.entry(t, columns.first), columns);
      }
    };
    for (let t = width - 1; t >= places.count; t--) pass(t, places.count);
    for (const [j, next] of groups.reverse()) {
      if (next === j + 2) this.#turnPair(j);
      else this.#turn(j);
      for (let t = next - 1; t >= j; t--) pass(t, j);
    }
    for (const { x, own } of vectors) store(x, own, width);
  }

  /** Has an unknown in both lanes. */
  #spread(j: number): void {
    for (const { x, number } of this.vectors) {
      local.set(number, f64x2.splat(f64x2.extract_lane(laneOf(j), x[twoOf(j)])));
    }
  }

  /** Entries at an address times what is spread; 0 in the lane of a column that takes no part. */
  #multiply(rows: Address, place: Offset, { first, isBoth }: Columns): void {
    const { entries } = this;
    if (isBoth) local.set(entries, v128.load(place, rows));
    else if (laneOf(first) === 0) local.set(entries, v128.load64_zero(place, rows));
    else {
      local.set(entries, v128.const('f64x2', [0, 0]));
      local.set(entries, v128.load64_lane(place, 1, rows, entries));
    }
    for (const { number, product } of this.vectors) {
      local.set(product, f64x2.mul(entries, number));
    }
  }

  /** The transposed inverse pivot of a pair times its numbers. */
  #turnPair(j: number): void {
    const { places, vectors, entries } = this;
    const { pivots } = this.at;
    for (const k of [0, 1]) {
      this.#spread(j + k);
      local.set(entries, v128.load(places.pivot(j + k, 0), pivots));
      for (const { number, product } of vectors) {
        if (k === 0) local.set(product, f64x2.mul(entries, number));
        else local.set(number, f64x2.mul(entries, number));
      }
    }
    for (const { x, number, product } of vectors) {
      local.set(x[twoOf(j)], f64x2.add(product, number));
    }
  }

  /** The inverse pivot of a population times its number. */
  #turn(j: number): void {
    const { places, entries } = this;
    local.set(entries, v128.const('f64x2', [1, 1]));
    const place = places.pivot(j, 0);
    local.set(entries, v128.load64_lane(place, laneOf(j), this.at.pivots, entries));
    for (const { x } of this.vectors) {
      local.set(x[twoOf(j)], f64x2.mul(x[twoOf(j)], entries));
    }
  }
}

const twoOf = (j: number): number => Math.floor(j / 2);
const laneOf = (j: number): 0 | 1 => (j % 2 === 0 ? 0 : 1);

function addTo(sum: Local<'v128'>, term: Local<'v128'>): void {
  local.set(sum, f64x2.add(sum, term));
}

function load(twos: readonly Local<'v128'>[], at: Address, count: number): void {
  for (const { two, first, isBoth } of columnsOf(0, count)) {
    const place = { offset: NUMBER * first };
    local.set(twos[two], isBoth ? v128.load(place, at) : v128.load64_zero(place, at));
  }
}

function store(twos: readonly Local<'v128'>[], at: Address, count: number): void {
  for (const { two, first, isBoth } of columnsOf(0, count)) {
    const place = { offset: NUMBER * first };
    if (isBoth) v128.store(place, at, twos[two]);
    else v128.store64_lane(place, 0, at, twos[two]);
  }
}
