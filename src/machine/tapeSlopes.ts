/**
 * How a number that was made of a tape's tables changes with every parameter at once: the chain rule from the number
 * back to the parameters, step by step. What cancels in an expression has cancelled before the tape was made, so that
 * nothing is lost here that was not lost in the numbers themselves.
 */

import { emptySlot } from '../slot.js';
import { zeros } from '../zeros.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import { ALONG_TABLES, power, powerSlope, ScalarSlopes, whereNeeded } from './scalarSlopes.js';
import type { SlopesKernel } from './slopesKernel.js';
import type { Extent, TableSlopes } from './tableSlopes.js';
import { capacityOf, DEVICES_BEFORE_KERNEL, type Numbers, type Tape, tapeCode } from './tape.js';
import type { Place, ProductOfTables, TableStep } from './tapeSteps.js';
import { type Varying, varyingIn } from './varying.js';

/** A derivative and about how far it may be off. */
export interface Slope {
  readonly value: number;
  readonly error: number;
}

/** Writes code for the chain rule, where it is loaded. */
export const slopesCode = emptySlot<typeof import('./slopesKernel.js')>();

/** The code for one tape, by capacity, each with how often it could not be used since it was made. */
class SlopesKernels {
  readonly #kernels = new Map<number, { kernel: SlopesKernel | null; without: number }>();
  /** The tables that derivatives have begun at. */
  readonly #seeded = new Map<number, Extent>();

  constructor(private readonly tape: Tape) {}

  /** Code for derivatives that begin at these tables, of these numbers; null where there is none yet. */
  for(
    seeds: readonly (TableSlopes | undefined)[],
    scalars: Float64Array,
    numbers: Numbers,
  ): SlopesKernel | null {
    if (slopesCode.module === null) return null;
    const most = capacityOf(numbers.size);
    let known = this.#kernels.get(most);
    if (known === undefined) {
      known = { kernel: null, without: 0 };
      this.#kernels.set(most, known);
    }
    const { kernel } = known;
    if (kernel?.isFor(numbers) && kernel.takes(seeds, scalars)) return kernel;
    seeds.forEach((seed, at) => {
      if (seed === undefined || this.#seeded.get(at) === 'everywhere') return;
      this.#seeded.set(at, seed.extent);
    });
    // Where the numbers themselves have no code yet they will have some that it can read them of.
    const isEarly = numbers.kernel === null && tapeCode.module !== null;
    if (known.without++ < DEVICES_BEFORE_KERNEL || isEarly) return null;
    const { tape } = this;
    known.kernel = new slopesCode.module.SlopesKernel(
      {
        ...tape.steps,
        varying: varyingIn(tape),
        mirrored: (at) => tape.mirrored(at),
      },
      new Map(this.#seeded),
      most,
      numbers.kernel,
    );
    known.without = 0;
    return known.kernel;
  }
}

const kernels = new WeakMap<Tape, SlopesKernels>();

function kernelsOf(tape: Tape): SlopesKernels {
  let known = kernels.get(tape);
  if (known === undefined) {
    known = new SlopesKernels(tape);
    kernels.set(tape, known);
  }
  return known;
}

export class TapeSlopes {
  readonly #tables: (TableSlopes | undefined)[];
  readonly #scalars: ScalarSlopes;
  /** Derivatives of one step by each of its arguments, by level. */
  #by: readonly Float64Array[] = [];
  #isRead = false;
  #varying: Varying = { scalars: [], tables: [] };

  /** @param numbers filled with those of the device, of a window of `size` levels from `lmin` on */
  constructor(
    private readonly tape: Tape,
    private readonly numbers: Numbers,
    private readonly lmin: number,
    private readonly size: number,
  ) {
    this.#tables = new Array(tape.steps.tables.length);
    this.#scalars = new ScalarSlopes(tape, numbers);
  }

  /** Whether it has been read, and is done with. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Of a table, to add to there. */
  table(at: number, extent: Extent = 'everywhere'): TableSlopes {
    const known = this.#tables[at];
    if (known !== undefined && (known.extent === 'everywhere' || extent === 'ends')) return known;
    const { slope, error } = known ?? { slope: zeros(this.size), error: zeros(this.size) };
    const table: TableSlopes = { slope, error, extent };
    this.#tables[at] = table;
    return table;
  }

  /**
   * Adds to those by a table.
   * @returns whether the arrays that were given are those that are added to from now on
   */
  addTable(at: number, added: TableSlopes): boolean {
    if (this.#tables[at] === undefined) {
      this.#tables[at] = added;
      return true;
    }
    const table = this.table(at, added.extent);
    for (let i = 0; i < this.size; i++) {
      table.slope[i] += added.slope[i];
      table.error[i] += added.error[i];
    }
    return false;
  }

  /** Keeps a copy of a table that was given. */
  own(at: number): void {
    const { slope, error } = this.table(at);
    this.#tables[at] = undefined;
    const own = this.table(at);
    own.slope.set(slope);
    own.error.set(error);
  }

  /** Adds to the derivative by a number without a level. */
  addScalar(at: number, slope: number, error = 0): void {
    this.#scalars.add(at, slope, error);
  }

  /** Adds to the derivative by a number at one level. */
  add(place: Place, i: number, slope: number, error: number): void {
    if (place.kind === 'scalar') {
      this.addScalar(place.at, slope, error);
      return;
    }
    const table = this.table(place.at);
    table.slope[i] += slope;
    table.error[i] += error + ALONG_TABLES * Math.abs(slope);
  }

  /** Adds factor · x to those by a number at the levels from `first` to before `end`, and what is lost of x to errors. */
  addRange(
    place: Place,
    [first, end]: readonly [first: number, end: number],
    factor: number,
    x: Float64Array,
    lost: Float64Array,
  ): void {
    const size = Math.abs(factor);
    if (place.kind === 'table') {
      const { slope, error } = this.table(place.at);
      for (let i = first; i < end; i++) {
        slope[i] += factor * x[i];
        error[i] += size * (lost[i] + ALONG_TABLES * Math.abs(x[i]));
      }
      return;
    }
    let [sum, uncertain] = [0, 0];
    for (let i = first; i < end; i++) {
      sum += x[i];
      uncertain += lost[i];
    }
    this.addScalar(place.at, factor * sum, size * uncertain);
  }

  /** The same of a number at levels from `first` on, of as many numbers of x and of what is lost of them, a step apart. */
  addTerm(
    place: Place,
    { first, count }: { readonly first: number; readonly count: number },
    [factor, size]: readonly [factor: number, size: number],
    x: Float64Array,
    lost: Float64Array,
    { start, step }: { readonly start: number; readonly step: number },
  ): void {
    if (place.kind === 'table') {
      const { slope, error } = this.table(place.at);
      for (let i = first, at = start; i < first + count; i++, at += step) {
        const term = factor * x[at];
        slope[i] += term;
        error[i] += size * lost[at] + ALONG_TABLES * Math.abs(term);
      }
      return;
    }
    let [sum, uncertain] = [0, 0];
    for (let k = 0, at = start; k < count; k++, at += step) {
      sum += x[at];
      uncertain += lost[at];
    }
    this.addScalar(place.at, factor * sum, size * uncertain);
  }

  /** The derivatives by every parameter that there is on the way; to be called once, in the end. */
  byParameter(): Map<string, Slope> {
    const { tape, numbers, lmin, size } = this;
    this.#isRead = true;
    const { parts } = this.#scalars;
    const kernel = kernelsOf(tape).for(this.#tables, parts, numbers);
    const result = new Map<string, Slope>();
    const take = (name: string, value: number, error: number) => {
      result.set(name, { value, error });
    };
    if (kernel?.run(numbers, [lmin, size], this.#tables, parts, take) !== true) {
      this.#backTables();
      this.#scalars.byParameter(take);
    }
    return result;
  }

  #backTables(): void {
    const { tables } = this.tape.steps;
    this.#by = Array.from({ length: MOST_ARGUMENTS }, () => zeros(this.size));
    this.#varying = varyingIn(this.tape);
    for (let at = tables.length - 1; at >= 0; at--) {
      const found = this.#tables[at];
      if (found !== undefined && this.#varying.tables[at]) this.#backTable(tables[at], found);
    }
  }

  #backTable(step: TableStep, found: TableSlopes): void {
    if (step.kind === 'polynomial') this.#backPolynomial(step.coefficients, found);
    else if (step.kind === 'call') this.#backCall(step, found);
    else if (step.kind === 'sum') for (const term of step.terms) this.#backProduct(term, found);
  }

  #backPolynomial(coefficients: readonly number[], found: TableSlopes): void {
    const powers = this.#by[0].fill(1);
    coefficients.forEach((at, n) => {
      if (n > 0) for (let i = 0; i < powers.length; i++) powers[i] *= this.lmin + i;
      if (this.#varying.scalars[at]) this.#sum(at, powers, found);
    });
  }

  #backCall({ name, of }: TableStep & { kind: 'call' }, found: TableSlopes): void {
    const { size } = this;
    const slopes = new Float64Array(MOST_ARGUMENTS);
    const derivatives = slopesOf(name);
    const [a, b, c, d] = of.map(({ kind, at }) =>
      kind === 'table' ? this.numbers.table(at) : null,
    );
    const [a0, b0, c0, d0] = of.map(({ kind, at }) =>
      kind === 'scalar' ? this.numbers.scalar(at) : 0,
    );
    const by = this.#by;
    for (let i = 0; i < size; i++) {
      derivatives(slopes, a ? a[i] : a0, b ? b[i] : b0, c ? c[i] : c0, d ? d[i] : d0);
      for (let k = 0; k < of.length; k++) by[k][i] = slopes[k];
    }
    of.forEach(({ kind, at }, k) => {
      if (kind === 'table') {
        if (this.#varying.tables[at]) this.#pass(at, by[k], found);
      } else if (this.#varying.scalars[at]) this.#sum(at, by[k], found);
    });
  }

  #backProduct({ factors }: ProductOfTables, found: TableSlopes): void {
    for (let k = 0; k < factors.length; k++) {
      const { at } = factors[k];
      if (this.#varying.tables[at]) this.#pass(at, this.#byFactor(factors, k), found);
    }
  }

  /** The derivatives of a product by one of its factors; null where they are 1. */
  #byFactor(factors: ProductOfTables['factors'], k: number): Float64Array | null {
    let by: Float64Array | null = null;
    let isOwn = false;
    for (let j = 0; j < factors.length; j++) {
      const { at, exponent } = factors[j];
      if (j === k && exponent === 1) continue;
      const x = this.numbers.table(at);
      if (by === null && j !== k && exponent === 1) {
        by = x;
        continue;
      }
      const out = this.#by[0];
      if (!isOwn) {
        if (by === null) out.fill(1);
        else out.set(by);
        isOwn = true;
        by = out;
      }
      if (j === k) multiplyBySlope(out, x, exponent);
      else multiplyByPower(out, x, exponent);
    }
    return by;
  }

  /** To a number without a level, by the derivatives at each. */
  #sum(at: number, by: Float64Array, { slope, error }: TableSlopes): void {
    let [total, lost] = [0, 0];
    for (let i = 0; i < by.length; i++) {
      const factor = whereNeeded(by[i], slope[i]);
      total += factor * slope[i];
      lost += Math.abs(factor) * error[i];
    }
    this.addScalar(at, total, lost);
  }

  /** To a table, level by level. @param by the derivatives; null where they are 1 */
  #pass(at: number, by: Float64Array | null, { slope, error }: TableSlopes): void {
    const { slope: toSlope, error: toError } = this.table(at);
    if (by === null) {
      for (let i = 0; i < slope.length; i++) {
        toSlope[i] += slope[i];
        toError[i] += error[i];
      }
      return;
    }
    for (let i = 0; i < slope.length; i++) {
      // Beyond the ends of a ladder a root such as √(n − 1) is no number, and nothing depends on it.
      const factor = whereNeeded(by[i], slope[i]);
      toSlope[i] += factor * slope[i];
      toError[i] += Math.abs(factor) * error[i];
    }
  }
}

/** x ← x yⁿ, number by number. */
function multiplyByPower(x: Float64Array, y: Float64Array, n: number): void {
  if (n === 1) for (let i = 0; i < x.length; i++) x[i] *= y[i];
  else if (n === 2) for (let i = 0; i < x.length; i++) x[i] *= y[i] * y[i];
  else for (let i = 0; i < x.length; i++) x[i] *= power(y[i], n);
}

/** x ← x dyⁿ/dy. */
function multiplyBySlope(x: Float64Array, y: Float64Array, n: number): void {
  if (n === 2) for (let i = 0; i < x.length; i++) x[i] *= 2 * y[i];
  else for (let i = 0; i < x.length; i++) x[i] *= powerSlope(y[i], n);
}
