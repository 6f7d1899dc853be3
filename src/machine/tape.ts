/**
 * Expressions made ready to be evaluated for many devices, one after another: what they share is computed once,
 * and what depends on the level is computed for all levels of a window at once. Numbers without a level are
 * double-doubles, polynomials in l are had in double-double and rounded once (doubleDouble.ts), all else is float64.
 */
import { type DoubleDouble, polynomialTable } from '../numbers/doubleDouble.js';
import { emptySlot } from '../slot.js';
import {
  type Atom,
  call,
  type Expression,
  isAtomLevelFree,
  isLevelFree,
  isShiftable,
  type Monomial,
  shifted,
} from './expression.js';
import { functionForm } from './functions.js';
import { raised } from './powers.js';
import { ScalarProgram, ScalarResults } from './scalarProgram.js';
import type { TapeKernel, Wanted } from './tapeKernel.js';
import {
  givenOn,
  type Place,
  type ProductOfTables,
  type ScalarStep,
  type TableStep,
  type Values,
} from './tapeSteps.js';

export type { Place, Values } from './tapeSteps.js';

/** Writes code for tapes, where it is loaded. */
export const tapeCode = emptySlot<typeof import('./tapeKernel.js')>();

/** Gathers expressions, whose numbers can then be had on any window; more may be added at any time. */
export class Tape {
  readonly #scalarSteps: ScalarStep[] = [];
  readonly #program = new ScalarProgram(this.#scalarSteps);
  readonly #tableSteps: TableStep[] = [];
  readonly #scalars = new Map<string, number>();
  readonly #tables = new Map<string, number>();
  /** Of tables that are a function, which one, by their places. */
  readonly #functions: (Atom & { kind: 'function' })[] = [];

  /** The place of an expression, which is computed once however often it is asked for. */
  place(expression: Expression): Place {
    return isLevelFree(expression)
      ? { kind: 'scalar', at: this.#scalar(expression) }
      : { kind: 'table', at: this.table(expression) };
  }

  /** The place of its table; where it has no level, one number repeated. */
  table(expression: Expression): number {
    const found = this.#tables.get(expression.key);
    if (found !== undefined) return found;
    const terms = this.#tableTerms(expression);
    const [{ factors: [factor, ...factors] = [] } = {}, ...others] = terms;
    if (others.length === 0 && factors.length === 0 && factor?.exponent === 1) {
      this.#tables.set(expression.key, factor.at);
      return factor.at;
    }
    return this.#once(
      this.#tables,
      this.#tableSteps,
      expression.key,
      (): TableStep => ({
        kind: 'sum',
        terms,
      }),
    );
  }

  /**
   * The first table that is the same function as another but for the level, and how many levels on it is read there;
   * null where there is none.
   * @param farthest the most levels
   */
  elsewhere(at: number, farthest: number): { readonly at: number; readonly by: number } | null {
    const atom = this.#functions[at];
    if (atom === undefined || !atom.of.every(isShiftable)) return null;
    const own = call(atom.name, ...atom.of);
    let first: { at: number; by: number } | null = null;
    for (let by = -farthest; by <= farthest; by++) {
      // Read by levels on, the other one is this one.
      const [{ factors }] = shifted(own, -by).monomials;
      const other = this.#tables.get(`atom ${factors[0].atom.key}`);
      if (other !== undefined && other < (first?.at ?? at)) first = { at: other, by };
    }
    return first;
  }

  scalar(expression: Expression): number {
    return this.#scalar(expression);
  }

  #once<Step>(known: Map<string, number>, steps: Step[], key: string, make: () => Step): number {
    const found = known.get(key);
    if (found !== undefined) return found;
    const step = make();
    known.set(key, steps.length);
    steps.push(step);
    return steps.length - 1;
  }

  #scalar(expression: Expression): number {
    return this.#once(
      this.#scalars,
      this.#scalarSteps,
      expression.key,
      (): ScalarStep => ({
        kind: 'sum',
        terms: expression.monomials.map(({ coefficient, factors }) => ({
          coefficient,
          factors: factors.map(({ atom, exponent }) => ({ at: this.#scalarAtom(atom), exponent })),
        })),
      }),
    );
  }

  #scalarAtom(atom: Atom): number {
    return this.#once(this.#scalars, this.#scalarSteps, `atom ${atom.key}`, (): ScalarStep => {
      if (atom.kind === 'parameter') return { kind: 'parameter', name: atom.name };
      if (atom.kind !== 'function') throw new Error('a level is no number of a device');
      return { kind: 'call', name: atom.name, of: atom.of.map((x) => this.#scalar(x)) };
    });
  }

  /** Σ of polynomials in l, each times functions of l. */
  #tableTerms(expression: Expression): ProductOfTables[] {
    const groups = new Map<
      string,
      { atoms: Monomial['factors']; byPower: Map<number, Monomial[]> }
    >();
    for (const m of expression.monomials) {
      let power = 0;
      const atoms: Monomial['factors'][number][] = [];
      const rest: Monomial['factors'][number][] = [];
      for (const factor of m.factors) {
        const { atom, exponent } = factor;
        if (isAtomLevelFree(atom)) rest.push(factor);
        else if (atom.kind === 'level' && Number.isInteger(exponent) && exponent > 0)
          power = exponent;
        else atoms.push(factor);
      }
      const key = atoms.map(({ atom, exponent }) => `${atom.key}^${exponent}`).join('*');
      const group = groups.get(key) ?? { atoms, byPower: new Map<number, Monomial[]>() };
      groups.set(key, group);
      const same = group.byPower.get(power) ?? [];
      group.byPower.set(power, same);
      same.push({
        coefficient: m.coefficient,
        factors: rest,
        key: rest.map(({ atom, exponent }) => `${atom.key}^${exponent}`).join('*'),
      });
    }
    return [...groups.values()].map(({ atoms, byPower }) => {
      const degree = Math.max(...byPower.keys());
      const coefficients = Array.from({ length: degree + 1 }, (_, n) => {
        const monomials = byPower.get(n) ?? [];
        const key = monomials.map((m) => `${m.coefficient}:${m.key}`).join('+');
        return this.#scalar({ monomials, key });
      });
      const factors = atoms.map(({ atom, exponent }) => ({ at: this.#tableAtom(atom), exponent }));
      const step: TableStep = { kind: 'polynomial', coefficients };
      const key = `polynomial ${coefficients.join(' ')}`;
      const isOne = degree === 0 && isOnlyOne(byPower.get(0));
      if (isOne && factors.length > 0) return { factors };
      const at = this.#once(this.#tables, this.#tableSteps, key, () => step);
      return { factors: [{ at, exponent: 1 }, ...factors] };
    });
  }

  #tableAtom(atom: Atom): number {
    const at = this.#once(this.#tables, this.#tableSteps, `atom ${atom.key}`, (): TableStep => {
      if (atom.kind === 'table') return { kind: 'given', values: atom.values, shift: atom.shift };
      if (atom.kind === 'level') {
        const [zero, one] = [0, 1].map((c) => this.#scalar(constantOf(c)));
        return { kind: 'polynomial', coefficients: [zero, one] };
      }
      if (atom.kind !== 'function') throw new Error('a parameter has no table of its own');
      return { kind: 'call', name: atom.name, of: atom.of.map((x) => this.place(x)) };
    });
    if (atom.kind === 'function') this.#functions[at] ??= atom;
    return at;
  }

  readonly #kernels = new Map<number, TapeKernel>();
  readonly #wanted = { tables: new Set<number>(), operations: new Set<number>() };

  /** Code for windows of so many levels, where there is some. */
  kernelFor(size: number): TapeKernel | null {
    return this.#kernels.get(capacityOf(size)) ?? null;
  }

  /** Makes code for windows of so many levels: of what is wanted now, and was before. */
  makeKernel(size: number, { tables, operations }: Wanted): void {
    if (tapeCode.module === null) return;
    for (const at of tables) this.#wanted.tables.add(at);
    for (const n of operations) this.#wanted.operations.add(n);
    const wanted = {
      tables: [...this.#wanted.tables],
      // Operands come before what is made of them.
      operations: [...this.#wanted.operations].sort((a, b) => a - b),
    };
    const most = capacityOf(size);
    const { TapeKernel } = tapeCode.module;
    this.#kernels.set(most, new TapeKernel(this.#program, this.#tableSteps, wanted, most));
  }

  /** How each number is computed. */
  get steps(): { readonly scalars: readonly ScalarStep[]; readonly tables: readonly TableStep[] } {
    return { scalars: this.#scalarSteps, tables: this.#tableSteps };
  }

  /** Numbers on a window, in memory of their own. @param hasCode whether code is written for many devices */
  numbers(lmin: number, size: number, hasCode = true): Numbers {
    return new Numbers(this, this.#program, this.#tableSteps, lmin, size, hasCode);
  }
}

const constantOf = (c: number): Expression => ({
  monomials: c === 0 ? [] : [{ coefficient: c, factors: [], key: '' }],
  key: c === 0 ? '' : `${c}:`,
});

const isOnlyOne = (monomials: readonly Monomial[] = []): boolean =>
  monomials.length === 1 && monomials[0].coefficient === 1 && monomials[0].factors.length === 0;

/**
 * Devices on a window before code of their own computes them. Whoever has loaded what writes it has more to come, and
 * engines would optimise whatever computes a few of them step by step, which is hardly run again.
 */
export const DEVICES_BEFORE_KERNEL = 1;
/** Twice as many tables beside the code, which take as long as making it, have it made again; then four times as many … */
const TABLES_WITHOUT_KERNEL = 1000;

/** Windows up to as many levels share code. */
export const capacityOf = (size: number): number => Math.max(128, 2 ** (32 - Math.clz32(size - 1)));

/**
 * The numbers of one device at a time on a window, each computed when it is first asked for. `fill` puts in another
 * device, and what is read after it is that one's. After the first device the tables that it has asked for are computed
 * by code made for them (tapeKernel.ts), where what makes it is loaded: all at once and to the same bits.
 */
export class Numbers {
  readonly #scalars: ScalarResults;
  readonly #tables: Float64Array[] = [];
  /** Room for one product. */
  readonly #product: Float64Array;
  /** The device that each table was last computed for. */
  readonly #tableOf: number[] = [];
  #device = 0;
  #kernel: TapeKernel | null = null;
  /** The device that the kernel was last run for. */
  #kernelOf = 0;
  /** The kernel's tables, by their places; it may have those of another window. */
  #isOfKernel: boolean[] = [];
  #without = 0;
  #allowed = TABLES_WITHOUT_KERNEL;

  constructor(
    private readonly tape: Tape,
    program: ScalarProgram,
    private readonly steps: readonly TableStep[],
    readonly lmin: number,
    readonly size: number,
    private readonly hasCode: boolean,
  ) {
    this.#scalars = new ScalarResults(program);
    this.#product = new Float64Array(size);
  }

  /** Which device it is: the number of fillings so far. */
  get device(): number {
    return this.#device;
  }

  /** The code that computes them; null where there is none. */
  get kernel(): TapeKernel | null {
    return this.#kernel;
  }

  fill(values: Values): void {
    this.#takeKernel();
    this.#scalars.fill(values);
    this.#device++;
  }

  /** Has code made for what the devices so far have asked for, where that is time, and takes what there is. */
  #takeKernel(): void {
    if (!this.hasCode || this.#device < DEVICES_BEFORE_KERNEL) return;
    const { tape, size } = this;
    const isTime =
      tape.kernelFor(size) === this.#kernel &&
      this.#without > (this.#kernel === null ? 0 : this.#allowed);
    if (isTime) {
      const tables = [...this.#tableOf.keys()].filter((at) => this.#tableOf[at] !== undefined);
      tape.makeKernel(size, { tables, operations: this.#scalars.done });
    }
    const kernel = tape.kernelFor(size);
    if (kernel === null || kernel === this.#kernel) return;
    this.#kernel = kernel;
    this.#without = 0;
    this.#allowed *= 2;
    this.#isOfKernel = [];
    for (const [at, table] of kernel.tables(size)) {
      this.#tables[at] = table;
      this.#isOfKernel[at] = true;
    }
  }

  /** Computes what it can for this device, once, and before anything else. */
  runKernel(): void {
    const kernel = this.#kernel;
    if (kernel === null || (this.#kernelOf === this.#device && kernel.user === this)) return;
    kernel.run(this, this.#scalars.values);
    if (this.#kernelOf === this.#device) return;
    this.#kernelOf = this.#device;
    this.#scalars.take(kernel.results, kernel.operations);
  }

  scalar(at: number): number {
    this.runKernel();
    return this.#scalars.number(at);
  }

  /** The same with about 30 digits. */
  doubleDouble(at: number): DoubleDouble {
    this.runKernel();
    return this.#scalars.doubleDouble(at);
  }

  /** The numbers at every level. */
  table(at: number): Float64Array {
    this.runKernel();
    if (this.#isOfKernel[at] === true) return this.#tables[at];
    if (this.#tableOf[at] !== this.#device) {
      this.#tables[at] ??= new Float64Array(this.size);
      this.#run(this.steps[at], this.#tables[at]);
      this.#tableOf[at] = this.#device;
      this.#without++;
    }
    return this.#tables[at];
  }

  #run(step: TableStep, out: Float64Array): void {
    if (step.kind === 'polynomial') {
      polynomialTable(
        step.coefficients.map((at) => this.#scalars.doubleDouble(at)),
        this.lmin,
        out,
      );
    } else if (step.kind === 'given') givenOn(step, out);
    else if (step.kind === 'call') this.#call(step, out);
    else this.#sum(step, out);
  }

  #call({ name, of }: TableStep & { kind: 'call' }, out: Float64Array): void {
    const compute = functionForm(name).float64;
    const tables = of.map((place) => (place.kind === 'scalar' ? null : this.table(place.at)));
    const x = of.map((place) => (place.kind === 'scalar' ? this.scalar(place.at) : 0));
    const [a, b, c, d] = tables;
    const [a0, b0, c0, d0] = x;
    for (let i = 0; i < out.length; i++) {
      out[i] = compute(a ? a[i] : a0, b ? b[i] : b0, c ? c[i] : c0, d ? d[i] : d0);
    }
  }

  #sum({ terms }: TableStep & { kind: 'sum' }, out: Float64Array): void {
    // Before the first product is begun: they may need room for products of their own.
    for (const { factors } of terms) for (const { at } of factors) this.table(at);
    if (terms.length === 0) out.fill(0);
    terms.forEach(({ factors }, k) => {
      const product = k === 0 ? out : this.#product;
      product.set(this.table(factors[0].at));
      raise(product, factors[0].exponent);
      for (let f = 1; f < factors.length; f++) {
        multiplyBy(product, this.table(factors[f].at), factors[f].exponent);
      }
      if (k > 0) for (let i = 0; i < out.length; i++) out[i] += product[i];
    });
  }
}

/** x ← xⁿ, number by number. */
function raise(x: Float64Array, exponent: number): void {
  if (exponent === 1) return;
  if (exponent === 2) for (let i = 0; i < x.length; i++) x[i] *= x[i];
  else if (exponent === 0.5) for (let i = 0; i < x.length; i++) x[i] = Math.sqrt(x[i]);
  else for (let i = 0; i < x.length; i++) x[i] = raised(x[i], exponent);
}

/** x ← x yⁿ, number by number. */
function multiplyBy(x: Float64Array, y: Float64Array, exponent: number): void {
  if (exponent === 1) for (let i = 0; i < x.length; i++) x[i] *= y[i];
  else if (exponent === 2) for (let i = 0; i < x.length; i++) x[i] *= y[i] * y[i];
  else if (exponent === 0.5) for (let i = 0; i < x.length; i++) x[i] *= Math.sqrt(y[i]);
  else for (let i = 0; i < x.length; i++) x[i] *= raised(y[i], exponent);
}
