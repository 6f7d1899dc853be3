/** The chain rule of tapeSlopes.ts on a graph: from the derivatives by a tape's tables to those by its numbers. */
import type { FunctionName } from './functions.js';
import { Graph, type Node } from './graph.js';
import { VECTOR } from './graphModule.js';
import { SharedPairs } from './sharedPairs.js';
import { isSmooth, slopesOn } from './slopeGraphs.js';
import type { Layout } from './tableGraph.js';
import type { TapeKernel } from './tapeKernel.js';
import type { Place, ProductOfTables, TableStep } from './tapeSteps.js';
import type { Varying } from './varying.js';

const NUMBER = 8;
/** A derivative by a number and its error, each at two levels. */
export const PARTS = 4;

/** Derivatives and their errors; of tables or, each a sum, of a number. */
export interface Parts<T> {
  readonly slope: T;
  readonly error: T;
}

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
export class SlopesGraph {
  readonly graph = new Graph();
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Of each table that is read its address: of those that are computed there, and of those that are brought. */
  readonly there = new Map<number, number>();
  readonly brought = new Map<number, number>();
  /** Numbers that have a derivative, and where the parts of those are summed, of one after the other. */
  readonly sums: readonly number[];
  readonly sumsAt: number;
  readonly #found = new Map<number, Parts<Node>>();
  readonly #toScalars = new Map<number, Parts<Node>>();
  /** Tables that are functions, by these and their arguments. */
  readonly #calls: ReadonlyMap<string, number>;
  readonly #pairs: SharedPairs;
  readonly #foundPairs = new Map<string, Parts<Node>>();

  /**
   * @param computes the code that computes numbers in the same memory
   * @param layout gives out what is left of that
   * @param seeds addresses of the derivatives that it begins with, by table
   */
  constructor(
    private readonly source: SlopesSource,
    seeded: readonly number[],
    private readonly most: number,
    private readonly computes: TapeKernel | null,
    readonly layout: Layout,
    readonly seeds = new Map<number, Parts<number>>(),
  ) {
    const { graph } = this;
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
    this.sums = [...this.#toScalars.keys()];
    this.sumsAt = layout.numbers(PARTS * this.sums.length);
    [...this.#toScalars.values()].forEach(({ slope, error }, k) => {
      const place = this.sumsAt + NUMBER * PARTS * k;
      graph.accumulate(place, slope);
      graph.accumulate(place + VECTOR, error);
    });
  }

  #table(at: number): Node {
    const address = this.computes?.tableAt(at);
    if (address !== undefined) this.there.set(at, address);
    return this.graph.running(address ?? this.#place(this.brought, at, this.most));
  }

  /** Numbers without a level that are brought, each with its address. */
  readonly registers = new Map<number, number>();

  #scalar(at: number): Node {
    const address = this.computes?.scalarAt(at);
    return this.graph.number(address ?? this.#place(this.registers, at, 1));
  }

  /** Where something is kept, so many numbers of it. */
  #place(places: Map<number, number>, at: number, count: number): number {
    const place = places.get(at) ?? this.layout.numbers(count);
    places.set(at, place);
    return place;
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
