/**
 * The chain rule of tapeSlopes.ts from a tape's tables back to its numbers without a level, as WebAssembly: one loop over
 * the levels, two at a time, in which the derivatives by all tables are at hand at once.
 */
import { func, i32 } from 'wasmati';
import type { FunctionName } from './functions.js';
import { Graph, type Node } from './graph.js';
import { compiledOn, PAGE, VECTOR, writeLoop } from './graphModule.js';
import { SharedPairs } from './sharedPairs.js';
import { isSmooth, slopesOn } from './slopeGraphs.js';
import { Layout } from './tableGraph.js';
import type { Numbers } from './tape.js';
import type { Place, ProductOfTables, TableStep } from './tapeSteps.js';
import type { Varying } from './varying.js';

const NUMBER = 8;

/** Derivatives and their errors; of tables or, each a sum, of a number. */
interface Parts<T> {
  readonly slope: T;
  readonly error: T;
}

/** Takes what is added to the derivative by a number without a level. */
export type AddScalar = (at: number, slope: number, error: number) => void;

/** What the code is made of. */
export interface SlopesSource {
  readonly tables: readonly TableStep[];
  readonly varying: Varying;
  /** The table that is the same function of the opposite first argument; null for none. */
  readonly mirrored: (at: number) => number | null;
}

type Call = TableStep & { readonly kind: 'call' };
const callKey = (name: FunctionName, of: readonly Place[]): string =>
  `${name} ${of.map(({ kind, at }) => `${kind} ${at}`).join(' ')}`;

/** The chain rule on a graph. */
class SlopesGraph {
  readonly graph = new Graph();
  readonly layout = new Layout();
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Of each table that is read its address. */
  readonly read = new Map<number, number>();
  /** Of each number the two places that each part of its derivative is summed at. */
  readonly sums = new Map<number, Parts<number>>();
  readonly #found = new Map<number, Parts<Node>>();
  readonly #toScalars = new Map<number, Parts<Node>>();
  /** Tables that are functions, by these and their arguments. */
  readonly #calls: ReadonlyMap<string, number>;
  readonly #pairs: SharedPairs;
  readonly #foundPairs = new Map<string, Parts<Node>>();

  /** @param seeds addresses of the derivatives that it begins with, by table */
  constructor(
    private readonly source: SlopesSource,
    seeded: readonly number[],
    private readonly most: number,
    readonly seeds = new Map<number, Parts<number>>(),
  ) {
    const { graph, layout } = this;
    this.#pairs = new SharedPairs(source.tables, source.varying.tables);
    this.#calls = new Map(
      source.tables.flatMap((step, at) =>
        step.kind === 'call' ? [[callKey(step.name, step.of), at] as const] : [],
      ),
    );
    const room = () => layout.numbers(most);
    for (const at of seeded) {
      const seed = { slope: room(), error: room() };
      seeds.set(at, seed);
      this.#found.set(at, { slope: graph.running(seed.slope), error: graph.running(seed.error) });
    }
    this.levels = room();
    const { tables, varying } = source;
    for (let at = tables.length - 1; at >= 0; at--) {
      this.#backPairs(at);
      const found = this.#found.get(at);
      if (found !== undefined && varying.tables[at]) this.#back(at, found);
    }
    for (const [at, parts] of this.#toScalars) {
      const sum = { slope: layout.numbers(2), error: layout.numbers(2) };
      this.sums.set(at, sum);
      graph.accumulate(sum.slope, parts.slope);
      graph.accumulate(sum.error, parts.error);
    }
  }

  #table(at: number): Node {
    let address = this.read.get(at);
    if (address === undefined) {
      address = this.layout.numbers(this.most);
      this.read.set(at, address);
    }
    return this.graph.running(address);
  }

  readonly #registers = new Map<number, number>();

  /** Numbers without a level that are read, each with its address. */
  get registers(): ReadonlyMap<number, number> {
    return this.#registers;
  }

  #scalar(at: number): Node {
    let address = this.#registers.get(at);
    if (address === undefined) {
      address = this.layout.numbers(1);
      this.#registers.set(at, address);
    }
    return this.graph.number(address);
  }

  #back(at: number, found: Parts<Node>): void {
    const step = this.source.tables[at];
    if (step.kind === 'polynomial') this.#backPolynomial(step.coefficients, found);
    else if (step.kind === 'call') this.#backCall(at, step, found);
    else if (step.kind === 'sum') for (const term of step.terms) this.#backProduct(term, found);
  }

  #backPolynomial(coefficients: readonly number[], found: Parts<Node>): void {
    const { graph } = this;
    const level = graph.running(this.levels);
    let power: Node | null = null;
    coefficients.forEach((at, n) => {
      if (n > 0) power = power === null ? level : graph.multiply(power, level);
      if (this.source.varying.scalars[at]) this.#add(this.#toScalars, at, power, found);
    });
  }

  #number({ kind, at }: Place): Node {
    return kind === 'table' ? this.#table(at) : this.#scalar(at);
  }

  /** Those of opposite ones are opposite: what is made of their magnitudes is the same. */
  #arguments(at: number, { of }: Call): Node[] {
    const [first, ...others] = of;
    const mirrored = this.source.mirrored(at);
    const rest = others.map((place) => this.#number(place));
    if (mirrored === null || mirrored > at) return [this.#number(first), ...rest];
    const [opposite] = (this.source.tables[mirrored] as Call).of;
    return [this.graph.negate(this.#number(opposite)), ...rest];
  }

  #backCall(at: number, step: Call, found: Parts<Node>): void {
    const square = this.#squared(step);
    if (square !== null) {
      this.#backProduct(square, found);
      return;
    }
    const { name, of } = step;
    const { varying } = this.source;
    const read = (other: FunctionName) => {
      const there = this.#calls.get(callKey(other, of));
      return there === undefined ? null : this.#table(there);
    };
    const slopes = slopesOn(this.graph, name, this.#arguments(at, step), read);
    of.forEach(({ kind, at }, k) => {
      const by = slopes[k];
      if (by === null) return;
      const isTable = kind === 'table';
      if (!(isTable ? varying.tables : varying.scalars)[at]) return;
      const there = isSmooth(name) ? by : this.#where(found, by);
      this.#add(isTable ? this.#found : this.#toScalars, at, there, found);
    });
  }

  /** The square of a product with roots in it is that of its factors; null for any other square. */
  #squared({ name, of }: Call): ProductOfTables | null {
    if (name !== 'square' || of[0].kind !== 'table') return null;
    const step = this.source.tables[of[0].at];
    if (step.kind !== 'sum' || step.terms.length !== 1) return null;
    const [{ factors }] = step.terms;
    if (factors.every(({ exponent }) => Number.isInteger(exponent))) return null;
    return { factors: factors.map(({ at, exponent }) => ({ at, exponent: 2 * exponent })) };
  }

  /** @param isWhole whether a pair that others have, too, is not taken as one factor */
  #backProduct({ factors }: ProductOfTables, found: Parts<Node>, isWhole = false): void {
    const { tables } = this.source.varying;
    const pair = isWhole ? null : this.#pairs.of(factors.filter(({ at }) => tables[at]));
    if (pair !== null) {
      const rest = factors.filter((factor) => !pair.factors.includes(factor));
      const by = rest.length === 0 ? null : this.#product(rest);
      this.#add(this.#foundPairs, pair.key, by, found);
    }
    factors.forEach((factor, k) => {
      if (!tables[factor.at] || pair?.factors.includes(factor)) return;
      this.#add(this.#found, factor.at, this.#byFactor(factors, k, found), found);
    });
  }

  /** Those of which a table is the later factor: whatever has them stands after it. */
  #backPairs(at: number): void {
    for (const [key, { factors }] of this.#pairs.endingAt(at)) {
      const found = this.#foundPairs.get(key);
      if (found !== undefined) this.#backProduct({ factors }, found, true);
    }
  }

  #product(factors: ProductOfTables['factors']): Node {
    return factors
      .map(({ at, exponent }) => this.#power(this.#table(at), exponent))
      .reduce((product, factor) => this.graph.multiply(product, factor));
  }

  /** The derivative of a product by one of its factors; null where it is 1. */
  #byFactor(factors: ProductOfTables['factors'], k: number, found: Parts<Node>): Node | null {
    const { graph } = this;
    let by: Node | null = null;
    factors.forEach(({ at, exponent }, j) => {
      if (j === k && exponent === 1) return;
      const x = this.#table(at);
      const factor = j === k ? this.#powerSlope(x, exponent, found) : this.#power(x, exponent);
      by = by === null ? factor : graph.multiply(by, factor);
    });
    return by;
  }

  /** Where nothing depends on it there may be no derivative either. */
  #where({ slope }: Parts<Node>, by: Node): Node {
    const { graph } = this;
    const zero = graph.constant(0);
    const isNumber = graph.equal(graph.multiply(by, zero), zero);
    return graph.select(isNumber, by, graph.select(graph.equal(slope, zero), zero, by));
  }

  #power(x: Node, exponent: number): Node {
    const { graph } = this;
    if (exponent === 1) return x;
    if (exponent === 0.5) return graph.squareRoot(x);
    if (Number.isInteger(exponent) && exponent > 1) {
      return graph.multiply(x, this.#power(x, exponent - 1));
    }
    return graph.imported(`power ${exponent}`, (value) => value ** exponent, x);
  }

  #powerSlope(x: Node, exponent: number, found: Parts<Node>): Node {
    const { graph } = this;
    if (exponent === 2) return graph.multiply(graph.constant(2), x);
    if (exponent === 0.5) {
      return this.#where(found, graph.divide(graph.constant(0.5), graph.squareRoot(x)));
    }
    const by = graph.multiply(graph.constant(exponent), this.#power(x, exponent - 1));
    return exponent > 1 ? by : this.#where(found, by);
  }

  /** Adds to what is known of a derivative. @param by null for 1 */
  #add<Key>(
    known: Map<Key, Parts<Node>>,
    at: Key,
    by: Node | null,
    { slope, error }: Parts<Node>,
  ): void {
    const { graph } = this;
    const before = known.get(at);
    const sum = (x: Node | undefined, y: Node) => (x === undefined ? y : graph.add(x, y));
    const times = (x: Node, factor: Node | null) =>
      factor === null ? x : graph.multiply(factor, x);
    const size = by === null ? null : graph.absolute(by);
    known.set(at, {
      slope: sum(before?.slope, times(slope, by)),
      error: sum(before?.error, times(error, size)),
    });
  }
}

export class SlopesKernel {
  readonly #memory: WebAssembly.Memory;
  /** All of the memory, number by number. */
  readonly #numbers: Float64Array;
  readonly #graph: SlopesGraph;
  /** Where seeds end, and from where to where sums are, by numbers. */
  readonly #seedsEnd: number;
  readonly #sums: readonly (readonly [at: number, parts: Parts<number>])[];
  readonly #seeds: readonly (readonly [at: number, seed: Parts<number>])[];
  readonly #read: readonly (readonly [at: number, address: number])[];
  readonly #registers: readonly (readonly [at: number, address: number])[];
  readonly #varying: readonly boolean[];
  readonly #stride: number;
  readonly #run: (bytes: number) => void;
  #lmin = Number.NaN;
  #size = 0;

  /**
   * @param seeded the tables that derivatives begin at
   * @param most levels of a window
   */
  constructor(source: SlopesSource, seeded: readonly number[], most: number) {
    this.#graph = new SlopesGraph(source, seeded, most);
    const { layout, sums } = this.#graph;
    this.#sums = [...sums];
    this.#seeds = [...this.#graph.seeds];
    this.#read = [...this.#graph.read];
    this.#registers = [...this.#graph.registers];
    this.#varying = source.varying.tables;
    this.#stride = 2 * Math.ceil(most / 2);
    this.#seedsEnd = 2 * seeded.length * this.#stride;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / PAGE) });
    this.#numbers = new Float64Array(this.#memory.buffer);
    this.#run = this.#compiled();
  }

  /** Whether derivatives may begin at a table. */
  takes(at: number): boolean {
    return this.#graph.seeds.has(at);
  }

  /**
   * @param numbers filled with those of the device, of a window whose lowest level is `lmin`
   * @param seeds the derivatives by tables; those that are not there are 0
   * @returns whether all that it found are numbers; where not, nothing has been added
   */
  run(
    numbers: Numbers,
    [lmin, size]: readonly [number, number],
    seeds: readonly (Parts<Float64Array> | undefined)[],
    add: AddScalar,
  ): boolean {
    const memory = this.#numbers;
    if (lmin !== this.#lmin || size !== this.#size) this.#enter(numbers, lmin, size);
    const put = (address: number, values: Float64Array) => memory.set(values, address / NUMBER);
    for (const [at, { slope, error }] of this.#seeds) {
      const given = seeds[at];
      const first = slope / NUMBER;
      if (given === undefined) memory.fill(0, first, first + 2 * this.#stride);
      else {
        put(slope, given.slope);
        put(error, given.error);
      }
    }
    for (const [at, address] of this.#read) {
      if (!this.#varying[at]) continue;
      const values = numbers.table(at);
      put(address, values);
      // The last two numbers side by side may be one and nothing: what nothing depends on must still be a number.
      if (size % 2 === 1) memory[address / NUMBER + size] = values[size - 1];
    }
    for (const [at, address] of this.#registers) memory[address / NUMBER] = numbers.scalar(at);
    for (const [, { slope, error }] of this.#sums) {
      memory.fill(0, slope / NUMBER, error / NUMBER + 2);
    }
    this.#run(VECTOR * Math.ceil(size / 2));
    const total = (address: number) => memory[address / NUMBER] + memory[address / NUMBER + 1];
    if (this.#sums.some(([, { slope, error }]) => !Number.isFinite(total(slope) + total(error)))) {
      return false;
    }
    for (const [at, { slope, error }] of this.#sums) add(at, total(slope), total(error));
    return true;
  }

  /** What is the same for all devices of a window. */
  #enter(numbers: Numbers, lmin: number, size: number): void {
    this.#numbers.fill(0, 0, this.#seedsEnd);
    const first = this.#graph.levels / NUMBER;
    for (let i = 0; i < this.#stride; i++) this.#numbers[first + i] = lmin + i;
    for (const [at, address] of this.#read) {
      if (this.#varying[at]) continue;
      const values = numbers.table(at);
      // Beyond the ends of a ladder √(n − 1) is no number, and nothing depends on it.
      const put = (i: number, x: number) => {
        this.#numbers[address / NUMBER + i] = Number.isFinite(x) ? x : 0;
      };
      for (let i = 0; i < size; i++) put(i, values[i]);
      if (size % 2 === 1) put(size, values[size - 1]);
    }
    [this.#lmin, this.#size] = [lmin, size];
  }

  #compiled(): (bytes: number) => void {
    const code = this.#graph.graph.code();
    const run = func(
      { in: [i32], locals: [i32, ...code.locals], out: [] },
      ([bytes], [offset, ...own]) => writeLoop(code, own, offset, bytes),
    );
    return compiledOn(run, this.#memory);
  }
}
