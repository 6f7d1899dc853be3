/**
 * The numbers of a tape in double-double, about 30 digits each: for the few devices of which float64 leaves no
 * digits. Each is computed when it is first asked for.
 */
import { add, type DoubleDouble, fromNumber, multiply } from '../numbers/doubleDouble.js';
import { addTable, type ExactTable, exactTable, multiplyTable } from '../numbers/exactTable.js';
import { functionForm } from './functions.js';
import type { Tape } from './tape.js';
import { type ScalarStep, scalarPower, type TableStep, type Values } from './tapeSteps.js';

/** Of a sum that has lost so many roundings nothing is left. */
const ALL_DIGITS = 2 ** 98;

export class ExactNumbers {
  #scalars: DoubleDouble[] = [];
  #tables: ExactTable[] = [];
  #values: Values = {};
  readonly #product: ExactTable;
  readonly #exactScalar: (boolean | undefined)[] = [];
  readonly #exactTable: (boolean | undefined)[] = [];
  #cancelled = 1;

  constructor(
    private readonly tape: Tape,
    private readonly lmin: number,
    private readonly size: number,
  ) {
    this.#product = exactTable(size);
  }

  /** Σ|terms| / |Σ terms| at its largest among the sums so far: so many roundings have they lost. */
  get cancelled(): number {
    return this.#cancelled;
  }

  #noteSum(magnitude: number, { high }: DoubleDouble): void {
    const factor = magnitude / Math.abs(high);
    // Beyond all digits the sum is 0.
    if (factor > this.#cancelled && factor < ALL_DIGITS) this.#cancelled = factor;
  }

  /** The device whose numbers they are. */
  get values(): Values {
    return this.#values;
  }

  /** Puts in another device: what is read after it is that one's. */
  fill(values: Values): void {
    this.#values = values;
    this.#scalars = [];
    this.#tables = [];
    this.#cancelled = 1;
  }

  scalar(at: number): DoubleDouble {
    this.#scalars[at] ??= this.#compute(this.tape.steps.scalars[at]);
    return this.#scalars[at];
  }

  /** The numbers at every level. */
  table(at: number): ExactTable {
    if (this.#tables[at] === undefined) {
      const out = exactTable(this.size);
      this.#run(this.tape.steps.tables[at], out);
      this.#tables[at] = out;
    }
    return this.#tables[at];
  }

  /** Whether a number has more digits than float64: all the functions in it are known to them. */
  isExactScalar(at: number): boolean {
    this.#exactScalar[at] ??= this.#isExactScalarStep(this.tape.steps.scalars[at]);
    return this.#exactScalar[at];
  }

  /** The same of a table. */
  isExactTable(at: number): boolean {
    this.#exactTable[at] ??= this.#isExactTableStep(this.tape.steps.tables[at]);
    return this.#exactTable[at];
  }

  #isExactScalarStep(step: ScalarStep): boolean {
    if (step.kind === 'parameter') return true;
    if (step.kind === 'call') {
      return (
        functionForm(step.name).exact !== null && step.of.every((at) => this.isExactScalar(at))
      );
    }
    return step.terms.every(({ factors }) => factors.every(({ at }) => this.isExactScalar(at)));
  }

  #isExactTableStep(step: TableStep): boolean {
    if (step.kind === 'given') return true;
    if (step.kind === 'polynomial') return step.coefficients.every((at) => this.isExactScalar(at));
    if (step.kind === 'call') {
      return (
        functionForm(step.name).exact !== null &&
        step.of.every(({ kind, at }) =>
          kind === 'scalar' ? this.isExactScalar(at) : this.isExactTable(at),
        )
      );
    }
    return step.terms.every(({ factors }) => factors.every(({ at }) => this.isExactTable(at)));
  }

  #compute(step: ScalarStep): DoubleDouble {
    if (step.kind === 'parameter') return fromNumber(this.#values[step.name]);
    if (step.kind === 'call') {
      const of = step.of.map((at) => this.scalar(at));
      const { float64, exact } = functionForm(step.name);
      return exact === null ? fromNumber(float64(...of.map(({ high }) => high))) : exact(...of);
    }
    let sum = fromNumber(0);
    let magnitude = 0;
    for (const { coefficient, factors } of step.terms) {
      let product = fromNumber(coefficient);
      for (const { at, exponent } of factors) {
        product = multiply(product, scalarPower(this.scalar(at), exponent));
      }
      sum = add(sum, product);
      magnitude += Math.abs(product.high);
    }
    this.#noteSum(magnitude, sum);
    return sum;
  }

  #run(step: TableStep, out: ExactTable): void {
    if (step.kind === 'polynomial') this.#polynomial(step.coefficients, out);
    else if (step.kind === 'given') this.#given(step, out);
    else if (step.kind === 'call') this.#call(step, out);
    else this.#sum(step, out);
  }

  /** By Horner's rule. */
  #polynomial(coefficients: readonly number[], out: ExactTable): void {
    const c = coefficients.map((at) => this.scalar(at));
    for (let i = 0; i < this.size; i++) {
      const x = fromNumber(this.lmin + i);
      let value = c[c.length - 1] ?? fromNumber(0);
      let magnitude = Math.abs(value.high);
      for (let n = c.length - 2; n >= 0; n--) {
        value = add(multiply(value, x), c[n]);
        magnitude = magnitude * Math.abs(x.high) + Math.abs(c[n].high);
      }
      this.#noteSum(magnitude, value);
      out.high[i] = value.high;
      out.low[i] = value.low;
    }
  }

  /** Beyond the window there is nothing: a shift that leads there leads out of it. */
  #given({ values, shift }: TableStep & { kind: 'given' }, out: ExactTable): void {
    const end = Math.min(this.size, this.size - shift);
    for (let i = Math.max(0, -shift); i < end; i++) out.high[i] = values[i + shift];
  }

  #call({ name, of }: TableStep & { kind: 'call' }, out: ExactTable): void {
    const { float64, exact } = functionForm(name);
    const read = of.map(({ kind, at }): ((i: number) => DoubleDouble) => {
      if (kind === 'scalar') {
        const x = this.scalar(at);
        return () => x;
      }
      const { high, low } = this.table(at);
      return (i) => ({ high: high[i], low: low[i] });
    });
    for (let i = 0; i < this.size; i++) {
      const x = read.map((at) => at(i));
      const y = exact === null ? fromNumber(float64(...x.map(({ high }) => high))) : exact(...x);
      out.high[i] = y.high;
      out.low[i] = y.low;
    }
  }

  #sum({ terms }: TableStep & { kind: 'sum' }, out: ExactTable): void {
    // Before the first product is begun: they may need room for products of their own.
    for (const { factors } of terms) for (const { at } of factors) this.table(at);
    terms.forEach(({ factors }, k) => {
      const product = k === 0 ? out : this.#product;
      const [first, ...others] = factors.map(({ at, exponent }) => this.#power(at, exponent));
      product.high.set(first.high);
      product.low.set(first.low);
      for (const factor of others) multiplyTable(product, factor);
      if (k > 0) addTable(out, product);
    });
  }

  #power(at: number, exponent: number): ExactTable {
    const x = this.table(at);
    if (exponent === 1) return x;
    const result = exactTable(this.size);
    if (exponent === 2) {
      result.high.set(x.high);
      result.low.set(x.low);
      multiplyTable(result, x);
      return result;
    }
    for (let i = 0; i < this.size; i++) {
      const y = scalarPower({ high: x.high[i], low: x.low[i] }, exponent);
      result.high[i] = y.high;
      result.low[i] = y.low;
    }
    return result;
  }
}
