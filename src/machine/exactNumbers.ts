/**
 * The numbers of a tape in double-double, about 30 digits each: for the few devices of which float64 leaves no
 * digits. Each is computed when it is first asked for; a table that depends on no parameter that has changed since
 * another device is kept.
 */
import {
  add,
  type DoubleDouble,
  fromNumber,
  multiply,
  productError,
} from '../numbers/doubleDouble.js';
import { addLanes, ExactLanes, multiplyLanes } from '../numbers/exactLanes.js';
import { type ExactTable, exactTable } from '../numbers/exactTable.js';
import { functionForm } from './functions.js';
import type { Tape } from './tape.js';
import {
  type Place,
  type ScalarStep,
  scalarPower,
  type TableStep,
  type Values,
} from './tapeSteps.js';

/**
 * What rounding takes from a number, relative to itself: 2⁻¹⁰⁴ for each operation, of which there are a few hundred
 * from the parameters to a number; e^{−x} loses x times as much.
 */
export const EXACT_RELATIVE = 2 ** -94;
/** What a rounding takes from a sum that has cancelled, by how much it has. */
const CANCELLED = 2 ** -102;
/** Of a sum that has lost so many roundings nothing is left. */
const ALL_DIGITS = 2 ** 98;

export class ExactNumbers {
  #scalars: DoubleDouble[] = [];
  readonly #tables: ExactTable[] = [];
  /** The last device that each table is of, and the one that it was computed for. */
  readonly #tableOf: Values[] = [];
  readonly #madeFor: Values[] = [];
  /** How many roundings have been lost by what each is made of, as `#cancelled` has it. */
  readonly #lostByScalar: number[] = [];
  readonly #lostByTable: number[] = [];
  readonly #parameters: (readonly string[] | undefined)[] = [];
  #values: Values = {};
  /** The same, as they were put in: it stands for the device. */
  #device: Values = {};
  readonly #product: ExactTable;
  readonly #power: ExactTable;
  readonly #lanes: ExactLanes;
  readonly #levels: ExactTable;
  /** Numbers without a level at every one, by their places. */
  #repeated = new Map<number, ExactTable>();
  readonly #exactScalar: (boolean | undefined)[] = [];
  readonly #exactTable: (boolean | undefined)[] = [];
  /** Σ|terms| / |Σ terms| at its largest among the sums so far: so many roundings have they lost. */
  #cancelled = 1;

  constructor(
    private readonly tape: Tape,
    lmin: number,
    private readonly size: number,
  ) {
    this.#product = exactTable(size);
    this.#power = exactTable(size);
    this.#lanes = new ExactLanes(size);
    this.#levels = exactTable(size);
    for (let i = 0; i < size; i++) this.#levels.high[i] = lmin + i;
  }

  /** What rounding has taken from the numbers that were asked for so far, relative to themselves. */
  get relative(): number {
    return Math.max(EXACT_RELATIVE, CANCELLED * this.#cancelled);
  }

  #noteSum(magnitude: number, high: number): void {
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
    this.#device = { ...values };
    this.#scalars = [];
    this.#repeated = new Map();
    this.#lanes.forget();
    this.#cancelled = 1;
  }

  scalar(at: number): DoubleDouble {
    if (this.#scalars[at] === undefined) {
      this.#lostByScalar[at] = this.#lostBy(() => {
        this.#scalars[at] = this.#compute(this.tape.steps.scalars[at]);
      });
    }
    this.#note(this.#lostByScalar[at]);
    return this.#scalars[at];
  }

  /** The numbers at every level. */
  table(at: number): ExactTable {
    if (this.#tableOf[at] !== this.#device) {
      if (!this.#isKept(at)) {
        this.#tables[at] ??= exactTable(this.size);
        this.#lostByTable[at] = this.#lostBy(() => {
          this.#run(this.tape.steps.tables[at], this.#tables[at]);
        });
        this.#madeFor[at] = this.#device;
      }
      this.#tableOf[at] = this.#device;
    }
    this.#note(this.#lostByTable[at]);
    return this.#tables[at];
  }

  /** Whether a table was computed for a device of which all that it depends on is the same. */
  #isKept(at: number): boolean {
    const other = this.#madeFor[at];
    if (other === undefined) return false;
    return this.#parametersOf(at).every((name) => Object.is(other[name], this.#device[name]));
  }

  /** The parameters that a table depends on. */
  #parametersOf(at: number): readonly string[] {
    const { scalars, tables } = this.tape.steps;
    const all = (some: readonly (readonly string[])[]) => [...new Set(some.flat())];
    const ofScalar = (place: number): readonly string[] => {
      const step = scalars[place];
      if (step.kind === 'parameter') return [step.name];
      if (step.kind === 'call') return all(step.of.map(ofScalar));
      return all(step.terms.flatMap(({ factors }) => factors.map((f) => ofScalar(f.at))));
    };
    const ofTable = (step: TableStep): readonly string[] => {
      if (step.kind === 'given') return [];
      if (step.kind === 'polynomial') return all(step.coefficients.map(ofScalar));
      if (step.kind === 'sum')
        return all(
          step.terms.flatMap(({ factors }) => factors.map((f) => this.#parametersOf(f.at))),
        );
      return all(
        step.of.map((place) =>
          place.kind === 'scalar' ? ofScalar(place.at) : this.#parametersOf(place.at),
        ),
      );
    };
    this.#parameters[at] ??= ofTable(tables[at]);
    return this.#parameters[at];
  }

  /** What a computation loses, as `#cancelled` has it. */
  #lostBy(compute: () => void): number {
    const before = this.#cancelled;
    this.#cancelled = 1;
    compute();
    const lost = this.#cancelled;
    this.#cancelled = before;
    return lost;
  }

  #note(lost: number): void {
    if (lost > this.#cancelled) this.#cancelled = lost;
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
    this.#noteSum(magnitude, sum.high);
    return sum;
  }

  #run(step: TableStep, out: ExactTable): void {
    if (step.kind === 'polynomial') this.#polynomial(step.coefficients, out);
    else if (step.kind === 'given') this.#given(step, out);
    else if (step.kind === 'call') this.#call(step, out);
    else this.#sum(step, out);
  }

  /** By Horner's rule, in whole numbers that are short. */
  #polynomial(coefficients: readonly number[], out: ExactTable): void {
    const { high: levels } = this.#levels;
    const c = coefficients.map((at) => this.scalar(at));
    const last = c.pop() ?? fromNumber(0);
    for (let i = 0; i < this.size; i++) {
      const x = levels[i];
      let { high, low } = last;
      let magnitude = Math.abs(high);
      for (let n = c.length - 1; n >= 0; n--) {
        const product = high * x;
        const lost = productError(high, x, product);
        const rest = (Number.isFinite(lost) ? lost : 0) + low * x;
        const sum = product + c[n].high;
        const part = sum - product;
        const more = product - (sum - part) + (c[n].high - part) + (rest + c[n].low);
        high = Number.isFinite(sum) ? sum + more : sum;
        low = Number.isFinite(high) ? more - (high - sum) : 0;
        magnitude = magnitude * Math.abs(x) + Math.abs(c[n].high);
      }
      out.high[i] = high;
      out.low[i] = low;
      if (magnitude > this.#cancelled * Math.abs(high)) this.#noteSum(magnitude, high);
    }
  }

  /** Beyond the window there is nothing: a shift that leads there leads out of it. */
  #given({ values, shift }: TableStep & { kind: 'given' }, out: ExactTable): void {
    const end = Math.min(this.size, this.size - shift);
    out.high.fill(0);
    for (let i = Math.max(0, -shift); i < end; i++) out.high[i] = values[i + shift];
  }

  #call({ name, of }: TableStep & { kind: 'call' }, out: ExactTable): void {
    const { float64, lanes } = functionForm(name);
    const x = of.map((place) => this.at(place));
    if (lanes !== null) {
      this.#lanes.within(out, () => lanes(this.#lanes, ...x));
      return;
    }
    for (let i = 0; i < this.size; i++) out.high[i] = float64(...x.map(({ high }) => high[i]));
    out.low.fill(0);
  }

  /** The numbers of a place by level. */
  at({ kind, at }: Place): ExactTable {
    return kind === 'scalar' ? this.#everywhere(at) : this.table(at);
  }

  #everywhere(at: number): ExactTable {
    const { high, low } = this.scalar(at);
    let known = this.#repeated.get(at);
    if (known === undefined) {
      known = exactTable(this.size);
      known.high.fill(high);
      known.low.fill(low);
      this.#repeated.set(at, known);
    }
    return known;
  }

  #sum({ terms }: TableStep & { kind: 'sum' }, out: ExactTable): void {
    // Before the first product is begun: they may need room for products of their own.
    for (const { factors } of terms) for (const { at } of factors) this.table(at);
    if (terms.length === 0) clear(out);
    terms.forEach(({ factors }, k) => {
      const product = k === 0 ? out : this.#product;
      factors.forEach(({ at, exponent }, f) => {
        const factor = this.#raised(at, exponent);
        if (f > 0) multiplyLanes(product, product, factor);
        else copy(factor, product);
      });
      if (k > 0) addLanes(out, out, product, 1);
    });
  }

  /** A power; the next one overwrites it. */
  #raised(at: number, exponent: number): ExactTable {
    const x = this.table(at);
    if (exponent === 1) return x;
    const result = this.#power;
    if (exponent === 2) multiplyLanes(result, x, x);
    else this.#lanes.within(result, () => this.#lanes.power(x, exponent));
    return result;
  }
}

function copy({ high, low }: ExactTable, to: ExactTable): void {
  to.high.set(high);
  to.low.set(low);
}

function clear({ high, low }: ExactTable): void {
  high.fill(0);
  low.fill(0);
}
