/** The numbers of one device after another on a window. */
import { type DoubleDouble, polynomialTable } from '../numbers/doubleDouble.js';
import { functionForm } from './functions.js';
import { raised } from './powers.js';
import { preparedLoops } from './preparedLoops.js';
import { type ScalarProgram, ScalarResults } from './scalarProgram.js';
import type { TableLoops } from './tableLoops.js';
import type { TapeKernel } from './tapeKernel.js';
import type { TapeKernels } from './tapeKernels.js';
import { givenOn, type TableStep, type Values } from './tapeSteps.js';

/**
 * Devices on a window before code of their own computes them. Whoever has loaded what writes it has more to come, and
 * engines would optimise whatever computes a few of them step by step, which is hardly run again.
 */
export const DEVICES_BEFORE_KERNEL = 1;
/** After so many devices it is made again if it lacks numbers without a level, whether tables are asked for or not. */
const DEVICES_BEFORE_ALL = 64;
/** Twice as many tables beside the code, which take as long as making it, have it made again; then four times as many … */
const TABLES_WITHOUT_KERNEL = 1000;

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
  /** What computes tables of the first device, where it is prepared. */
  #loops: TableLoops | null | undefined;
  #without = 0;
  #allowed = TABLES_WITHOUT_KERNEL;

  constructor(
    private readonly kernels: TapeKernels,
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
    const { kernels, size } = this;
    const hasTables = this.#isOfKernel.length > 0;
    const isTime =
      this.#without > (hasTables ? this.#allowed : 0) ||
      (this.#device === DEVICES_BEFORE_ALL && this.#lacksNumbers);
    if (isTime && kernels.kernelFor(size) === this.#kernel) {
      const tables = [...this.#tableOf.keys()].filter((at) => this.#tableOf[at] !== undefined);
      kernels.makeKernel(size, { tables, operations: this.#scalars.done });
    }
    const kernel = kernels.kernelFor(size);
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

  /** Whether numbers without a level have been computed that are none of the code's. */
  get #lacksNumbers(): boolean {
    const known = new Set(this.#kernel?.operations);
    return this.#scalars.done.some((operation) => !known.has(operation));
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

  /** Whether a number with all its digits is another one than before. */
  isOther(at: number, before: DoubleDouble): boolean {
    this.runKernel();
    return this.#scalars.isOther(at, before);
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

  /** Of the first device alone: engines optimise what goes on without. */
  get #prepared(): TableLoops | null {
    if (this.#device > DEVICES_BEFORE_KERNEL) return null;
    if (this.#loops === undefined) this.#loops = preparedLoops(this.lmin, this.size);
    return this.#loops;
  }

  #run(step: TableStep, out: Float64Array): void {
    if (step.kind === 'polynomial') {
      const coefficients = step.coefficients.map((at) => this.#scalars.doubleDouble(at));
      const isDone = coefficients.length > 1 && this.#prepared?.polynomial(coefficients, out);
      if (isDone !== true) polynomialTable(coefficients, this.lmin, out);
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
    if (this.#prepared?.sum(terms, (at) => this.#tables[at], out) === true) return;
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
