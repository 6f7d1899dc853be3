/**
 * The elimination of one site of conservingElimination.ts as WebAssembly, for one shape of matrices, two columns at a
 * time: the same operations on each number in the same order, and so the same to the last bit.
 */
import { f64, f64x2, func, i32, if_, type Local, local, return_, v128 } from 'wasmati';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { DONE, type EliminationShape } from './eliminationShape.js';

type Numbers = readonly Local<'f64'>[];
type Vectors = readonly Local<'v128'>[];
const NUMBER = 8;
/** Locals for single numbers. */
const SINGLE = 8;

/** A neighbour towards the centre: where its rows begin, and how far each unknown's coupling reaches. */
interface Inner {
  readonly at: Address;
  readonly reach: Int32Array;
}

/** The locals of code for one site. */
interface Registers {
  /** Where the site's rows begin. */
  readonly site: Address;
  readonly target: Address;
  readonly end: Address;
  readonly single: Numbers;
  /** The two rows that are being eliminated. */
  readonly first: Vectors;
  readonly second: Vectors;
  readonly factors: readonly [Local<'v128'>, Local<'v128'>];
}

/** Writes the code for one kind of site. */
class SiteCode {
  readonly #row: number;

  constructor(
    private readonly shape: EliminationShape,
    private readonly registers: Registers,
    private readonly inner: Inner | null,
  ) {
    this.#row = 3 * shape.width * NUMBER;
  }

  /** Where column k of the site's own block and its neighbour's is in a row of the site. */
  #own(r: number, k: number): { offset: number } {
    return { offset: r * this.#row + (this.shape.width + k) * NUMBER };
  }

  /** Where it is in a row of the inner neighbour. */
  #beyond(r: number, k: number): { offset: number } {
    return { offset: r * this.#row + k * NUMBER };
  }

  /** Columns in pairs from `begin` on; the last may be alone. */
  #columns(begin: number, end: number): { readonly k: number; readonly isPair: boolean }[] {
    const columns: { k: number; isPair: boolean }[] = [];
    for (let k = begin; k < end; k += 2) columns.push({ k, isPair: k + 1 < end });
    return columns;
  }

  /** Two numbers side by side, or one and nothing. */
  #load(at: Address, place: { offset: number }, isPair: boolean) {
    return isPair ? v128.load(place, at) : v128.load64_zero(place, at);
  }

  #store(at: Address, place: { offset: number }, isPair: boolean, value: Local<'v128'>) {
    if (isPair) v128.store(place, at, value);
    else v128.store64_lane(place, 0, at, value);
  }

  /**
   * Unknowns up to `count`, step by step; returns their place from the function where one cannot reach the others.
   */
  *write(count: number): Generator<void> {
    for (let j = 0; j < count; j += 2) {
      const two = j + 1 < count;
      const met = this.inner === null ? 0 : this.inner.reach[two ? j + 1 : j];
      if (!two) yield* this.#one(j, met);
      else if (j < this.shape.paired) yield* this.#pair(j, met);
      else yield* this.#populations(j, met);
      yield;
    }
  }

  *#pair(j: number, met: number): Generator<void> {
    const { width } = this.shape;
    const { site, single, first, second, factors } = this.registers;
    const [a, b, c, d, inverse, e] = single;
    local.set(a, f64.load(this.#own(j, j), site));
    local.set(b, f64.load(this.#own(j, j + 1), site));
    local.set(c, f64.load(this.#own(j + 1, j), site));
    local.set(d, f64.load(this.#own(j + 1, j + 1), site));
    local.set(inverse, f64.div(1, f64.sub(f64.mul(a, d), f64.mul(b, c))));
    yield;
    const columns = this.#columns(j + 2, width + met);
    const [u, v] = factors;
    const combine = (r: number, rows: Vectors, x: () => void, y: () => void) => {
      x();
      local.set(e);
      local.set(u, f64x2.splat(e));
      y();
      local.set(e);
      local.set(v, f64x2.splat(e));
      columns.forEach(({ k, isPair }, i) => {
        const upper = f64x2.mul(u, this.#load(site, this.#own(j, k), isPair));
        const lower = f64x2.mul(v, this.#load(site, this.#own(j + 1, k), isPair));
        local.set(rows[i], f64x2.add(upper, lower));
      });
      return r;
    };
    combine(
      j,
      first,
      () => f64.mul(f64.neg(d), inverse),
      () => f64.mul(b, inverse),
    );
    combine(
      j + 1,
      second,
      () => f64.mul(c, inverse),
      () => f64.mul(f64.neg(a), inverse),
    );
    columns.forEach(({ k, isPair }, i) => {
      this.#store(site, this.#own(j, k), isPair, first[i]);
      this.#store(site, this.#own(j + 1, k), isPair, second[i]);
    });
    yield;
    this.#addTwo(j, met);
  }

  /** Leaves the function where nothing flows out of a population. */
  #unlessFlows(outflow: Local<'f64'>, j: number): void {
    i32.eqz(f64.gt(outflow, f64.const(0)));
    if_(nothing, () => {
      i32.const(j);
      return_();
    });
  }

  *#populations(j: number, met: number): Generator<void> {
    const { width, paired } = this.shape;
    const { site, single, first, second, factors } = this.registers;
    const [outflow, inverse, factor, passed, x] = single;
    const { inner } = this;
    this.#outflowOf(j, met, outflow);
    this.#unlessFlows(outflow, j);
    local.set(inverse, f64.div(1, outflow));
    yield;
    local.set(factor, f64.mul(f64.load(this.#own(j, j + 1), site), inverse));
    f64.store(this.#own(j, j + 1), site, factor);
    local.set(passed, f64.load(this.#own(j + 1, j), site));
    const columns = this.#columns(j + 2, width + met);
    const [u, v] = factors;
    local.set(u, f64x2.splat(inverse));
    local.set(v, f64x2.splat(passed));
    columns.forEach(({ k, isPair }, i) => {
      local.set(first[i], f64x2.mul(this.#load(site, this.#own(j, k), isPair), u));
      this.#store(site, this.#own(j, k), isPair, first[i]);
      const own = this.#load(site, this.#own(j + 1, k), isPair);
      local.set(second[i], f64x2.add(own, f64x2.mul(v, first[i])));
    });
    // What the first adds to the second's column.
    local.set(outflow, f64.const(0));
    const update = (at: Address, own: { offset: number }, next: { offset: number }) => {
      const before = f64.load(next, at);
      local.set(x, f64.add(before, f64.mul(factor, f64.load(own, at))));
      f64.store(next, at, x);
    };
    for (let r = j + 2; r < width; r++) {
      update(site, this.#own(r, j), this.#own(r, j + 1));
      local.set(outflow, f64.add(outflow, x));
    }
    for (let r = 0; inner !== null && r < met; r++) {
      update(inner.at, this.#beyond(r, j), this.#beyond(r, j + 1));
      if (r >= paired) local.set(outflow, f64.add(outflow, x));
    }
    yield;
    this.#unlessFlows(outflow, j + 1);
    local.set(inverse, f64.div(1, outflow));
    yield;
    local.set(u, f64x2.splat(inverse));
    columns.forEach(({ k, isPair }, i) => {
      local.set(second[i], f64x2.mul(second[i], u));
      this.#store(site, this.#own(j + 1, k), isPair, second[i]);
    });
    yield;
    this.#addTwo(j, met);
  }

  /** What leaves a population: the sum of its column in the rows of the populations to come. */
  #outflowOf(j: number, met: number, outflow: Local<'f64'>): void {
    const { width, paired } = this.shape;
    const { inner } = this;
    local.set(outflow, f64.const(0));
    for (let r = j + 1; r < width; r++) {
      local.set(outflow, f64.add(outflow, f64.load(this.#own(r, j), this.registers.site)));
    }
    for (let r = paired; inner !== null && r < met; r++) {
      local.set(outflow, f64.add(outflow, f64.load(this.#beyond(r, j), inner.at)));
    }
  }

  /** Runs the body for the rows that are left of the site, and those of the inner one that are met. */
  #targets(after: number, met: number, body: (column: (k: number) => { offset: number }) => void) {
    const { width } = this.shape;
    const { site, target, end } = this.registers;
    const { inner } = this;
    if (after < width) {
      local.set(target, i32.add(site, after * this.#row));
      local.set(end, i32.add(site, width * this.#row));
      whileLess(target, end, this.#row, () => body((k) => this.#own(0, k)));
    }
    if (inner === null || met === 0) return;
    local.set(target, inner.at);
    local.set(end, i32.add(inner.at, met * this.#row));
    whileLess(target, end, this.#row, () => body((k) => this.#beyond(0, k)));
  }

  /** Puts the two rows' combinations in place of their unknowns everywhere else. */
  #addTwo(j: number, met: number): void {
    const { target, first, second, factors } = this.registers;
    const [u, v] = factors;
    const columns = this.#columns(j + 2, this.shape.width + met);
    const vector = first[columns.length];
    if (columns.length === 0) return;
    this.#targets(j + 2, met, (column) => {
      local.set(u, v128.load64_splat(column(j), target));
      local.set(v, v128.load64_splat(column(j + 1), target));
      columns.forEach(({ k, isPair }, i) => {
        const own = this.#load(target, column(k), isPair);
        const more = f64x2.add(f64x2.mul(u, first[i]), f64x2.mul(v, second[i]));
        local.set(vector, f64x2.add(own, more));
        this.#store(target, column(k), isPair, vector);
      });
    });
  }

  /** A last population by itself. */
  *#one(j: number, met: number): Generator<void> {
    const { width } = this.shape;
    const { site, single, first, factors, target } = this.registers;
    const [outflow, inverse, m] = single;
    this.#outflowOf(j, met, outflow);
    this.#unlessFlows(outflow, j);
    local.set(inverse, f64.div(1, outflow));
    yield;
    const [u] = factors;
    local.set(u, f64x2.splat(inverse));
    const columns = this.#columns(j + 1, width + met);
    columns.forEach(({ k, isPair }, i) => {
      local.set(first[i], f64x2.mul(this.#load(site, this.#own(j, k), isPair), u));
      this.#store(site, this.#own(j, k), isPair, first[i]);
    });
    const vector = first[columns.length];
    if (columns.length === 0) return;
    this.#targets(j + 1, met, (column) => {
      local.set(m, f64.load(column(j), target));
      f64.ne(m, f64.const(0));
      if_(nothing, () => {
        local.set(u, f64x2.splat(m));
        columns.forEach(({ k, isPair }, i) => {
          const own = this.#load(target, column(k), isPair);
          local.set(vector, f64x2.add(own, f64x2.mul(u, first[i])));
          this.#store(target, column(k), isPair, vector);
        });
      });
    });
  }
}

/** What code for one site has beside its addresses. */
const localsOf = ({ width }: EliminationShape) => {
  const single = Array.from({ length: SINGLE }, () => f64);
  const wide = Array.from({ length: 2 * (width + 1) + 2 }, () => v128);
  return [i32, i32, ...single, ...wide] as const;
};

function registersOf({ width }: EliminationShape, site: Address, locals: readonly Local[]) {
  const [target, end] = locals as readonly Address[];
  const single = locals.slice(2, 2 + SINGLE) as Numbers;
  const rows = locals.slice(2 + SINGLE) as Vectors;
  const vectors = width + 1;
  const factors: Registers['factors'] = [rows[2 * vectors], rows[2 * vectors + 1]];
  return {
    ...{ site, target, end, single, factors },
    first: rows.slice(0, vectors),
    second: rows.slice(vectors, 2 * vectors),
  };
}

/** eliminate(site, inner): one site, whose inner neighbour's rows begin there; `DONE` or the place of a closed population. */
export const siteFunction = (shape: EliminationShape, reach: Int32Array | null, count: number) =>
  func({ in: [i32, i32], locals: [...localsOf(shape)], out: [i32] }, ([site, at], locals) => {
    const inner = reach === null ? null : { at, reach };
    const code = new SiteCode(shape, registersOf(shape, site, locals), inner);
    for (const _ of code.write(count));
    i32.const(DONE);
  });

/**
 * eliminate(lower, afterLower, upper, afterUpper): the same of two sites from below and from above, whose neighbours
 * these are not, a step of one and a step of the other: neither waits for the other's divisions.
 */
export const bothFunction = (shape: EliminationShape) => {
  const one = localsOf(shape);
  return func(
    { in: [i32, i32, i32, i32], locals: [...one, ...one], out: [i32] },
    ([lower, afterLower, upper, afterUpper], locals) => {
      const { below, above } = shape.reach;
      const ofLower = registersOf(shape, lower, locals.slice(0, one.length));
      const ofUpper = registersOf(shape, upper, locals.slice(one.length));
      const codes = [
        new SiteCode(shape, ofLower, { at: afterLower, reach: below }),
        new SiteCode(shape, ofUpper, { at: afterUpper, reach: above }),
      ].map((code) => code.write(shape.width));
      while (codes.filter((code) => code.next().done !== true).length > 0);
      i32.const(DONE);
    },
  );
};
