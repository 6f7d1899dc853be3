/** The chain rule of tapeSlopes.ts on a graph: from the derivatives by a tape's tables to those by its numbers. */
import type { FunctionName } from './functions.js';
import { Graph, type Node } from './graph.js';
import { operandsOf, repeatedCalls } from './repeatedCalls.js';
import type { Parts, SlopesSource } from './scalarSlopes.js';
import { SharedPairs } from './sharedPairs.js';
import { isSmooth, slopesOn } from './slopeGraphs.js';
import { addTo, byFactor, power, where } from './slopeParts.js';
import type { Layout } from './tableGraph.js';
import type { TapeKernel } from './tapeKernel.js';
import type { Place, ProductOfTables, TableStep } from './tapeSteps.js';

type Call = TableStep & { readonly kind: 'call' };
const NUMBER = 8;
const callKey = (name: FunctionName, of: readonly Place[]): string =>
  `${name} ${of.map(({ kind, at }) => `${kind} ${at}`).join(' ')}`;

/** Levels above a window that the chain rule may go through, two by two. */
const ABOVE = 2;
const VECTOR = 16;

/** Functions of which derivatives take so long that those of one that is another a level on are left to that. */
const SLOW: readonly FunctionName[] = ['ohmicEmission'];
const isSlow = (step: TableStep): boolean => step.kind === 'call' && SLOW.includes(step.name);

/** Of a function the one that it is a level on, and where its own derivatives are kept: before the first there is a 0. */
export type Repeats = ReadonlyMap<number, Parts<number> & { readonly before: number }>;

/** What a graph does about them: it keeps their derivatives, and no more, or has them where the others are. */
export interface AboutRepeats {
  readonly repeats: Repeats;
  readonly keeps: boolean;
}

/** Where the chain rule finds what it reads, and where it sums. */
export class SlopesPlaces {
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Of each table that is read its address: of those that are computed there, and of those that are brought. */
  readonly there = new Map<number, number>();
  readonly brought = new Map<number, number>();
  /** Numbers without a level that are brought, each with its address. */
  readonly registers = new Map<number, number>();
  /** Of each number that is come to the two places that each part of its derivative is summed at. */
  readonly sums = new Map<number, Parts<number>>();
  /** From where to where these are. */
  readonly sumsAt: number;
  readonly sumsEnd: number;
  /** Tables that are functions, by these and their arguments. */
  readonly calls: ReadonlyMap<string, number>;
  readonly #numbers: number;

  /**
   * @param computes the code that computes numbers in the same memory
   * @param layout gives out what is left of that
   */
  constructor(
    readonly source: SlopesSource,
    private readonly most: number,
    private readonly computes: TapeKernel | null,
    private readonly layout: Layout,
  ) {
    const { scalars, tables } = source;
    // The level above a window has numbers where another function is read there.
    this.#numbers = most + ABOVE;
    this.calls = new Map(
      tables.flatMap((step, at) =>
        step.kind === 'call' ? [[callKey(step.name, step.of), at] as const] : [],
      ),
    );
    this.levels = layout.numbers(this.#numbers);
    this.sumsAt = layout.numbers(4 * scalars.length);
    this.sumsEnd = layout.bytes;
  }

  /** Room for derivatives by a table. */
  seed(): Parts<number> {
    return { slope: this.#room(), error: this.#room() };
  }

  #room(): number {
    return this.layout.numbers(this.#numbers);
  }

  /** Functions that are others a level on, whose derivatives are taken back along those; none where these lack a level. */
  repeatedCalls(): Repeats {
    const { tables, scalars } = this.source;
    if ((this.computes?.above ?? 0) < 1) return new Map();
    const isMadeOfSlow = (at: number): boolean =>
      operandsOf(tables[at]).some((one) => isSlow(tables[one]) || isMadeOfSlow(one));
    // Of those that are made of others the derivatives would come too late.
    const slow = [...tables.keys()].filter((at) => isSlow(tables[at]) && !isMadeOfSlow(at));
    const { repeated } = repeatedCalls(tables, scalars, slow);
    return new Map(
      [...repeated].map(([at, { before }]) => {
        const [slope, error] = [0, 1].map(
          () => VECTOR + this.layout.numbers(this.most + ABOVE + 2),
        );
        return [at, { before, slope, error }];
      }),
    );
  }

  tableOf(at: number): number {
    const address = this.computes?.tableAt(at);
    if (address === undefined) return this.#place(this.brought, at, this.#numbers);
    this.there.set(at, address);
    return address;
  }

  /** Where a number without a level is, in bytes. */
  registerOf(at: number): number {
    return this.computes?.scalarAt(at) ?? this.#place(this.registers, at, 2);
  }

  sumOf(at: number): Parts<number> {
    const slope = this.sumsAt + 4 * NUMBER * at;
    const sum = { slope, error: slope + 2 * NUMBER };
    this.sums.set(at, sum);
    return sum;
  }

  /** Where something is kept, so many numbers of it. */
  #place(places: Map<number, number>, at: number, count: number): number {
    const place = places.get(at) ?? this.layout.numbers(count);
    places.set(at, place);
    return place;
  }
}

/** The chain rule on a graph. */
export class SlopesGraph {
  readonly graph = new Graph();
  readonly #found = new Map<number, Parts<Node>>();
  readonly #toScalars = new Map<number, Parts<Node>>();
  readonly #pairs: SharedPairs;
  readonly #foundPairs = new Map<string, Parts<Node>>();

  /**
   * @param seeds addresses of the derivatives that it begins with, by table
   * @param about null where functions that are others a level on go their own way
   */
  constructor(
    private readonly places: SlopesPlaces,
    seeds: Iterable<readonly [at: number, seed: Parts<number>]>,
    about: AboutRepeats | null,
  ) {
    const { graph } = this;
    const { tables, varying } = this.source;
    this.#pairs = new SharedPairs(tables, varying.tables);
    for (const [at, { slope, error }] of seeds) {
      this.#found.set(at, { slope: graph.running(slope), error: graph.running(error) });
    }
    for (let at = tables.length - 1; at >= 0; at--) {
      this.#backPairs(at);
      if (about?.keeps === false) this.#addLevelOn(at, about.repeats);
      const found = this.#found.get(at);
      if (found === undefined || !varying.tables[at]) continue;
      const kept = about?.repeats.get(at);
      if (kept === undefined) this.#back(at, found);
      else if (about?.keeps) {
        graph.store(kept.slope, found.slope);
        graph.store(kept.error, found.error);
      }
    }
    if (about?.keeps) return;
    for (const [at, { slope, error }] of this.#toScalars) {
      const sum = places.sumOf(at);
      graph.accumulate(sum.slope, slope);
      graph.accumulate(sum.error, error);
    }
  }

  /** To the derivatives by a function those by others that it is a level on. */
  #addLevelOn(at: number, repeats: Repeats): void {
    for (const { before, slope, error } of repeats.values()) {
      if (before !== at) continue;
      const [own, ofError] = [slope, error].map((kept) => this.graph.running(kept - NUMBER));
      this.#add(this.#found, at, null, { slope: own, error: ofError });
    }
  }

  get source(): SlopesSource {
    return this.places.source;
  }

  #table(at: number): Node {
    const x = this.graph.running(this.places.tableOf(at));
    if (this.source.varying.tables[at] || !this.#hasRoots(at)) return x;
    const zero = this.graph.constant(0);
    return this.graph.select(this.graph.equal(this.graph.multiply(x, zero), zero), x, zero);
  }

  /** Beyond the ends of a ladder a root such as √(n − 1) is no number, and nothing depends on it. */
  #hasRoots(at: number): boolean {
    const step = this.source.tables[at];
    if (step.kind === 'call') {
      return (
        !isSmooth(step.name) ||
        step.of.some(({ kind, at }) => kind === 'table' && this.#hasRoots(at))
      );
    }
    if (step.kind !== 'sum') return false;
    const isRoot = (exponent: number) => exponent < 1 || !Number.isInteger(exponent);
    return step.terms.some(({ factors }) =>
      factors.some(({ at, exponent }) => isRoot(exponent) || this.#hasRoots(at)),
    );
  }

  #scalar(at: number): Node {
    return this.graph.number(this.places.registerOf(at));
  }

  #back(at: number, found: Parts<Node>): void {
    const step = this.source.tables[at];
    if (step.kind === 'polynomial') this.#backPolynomial(step.coefficients, found);
    else if (step.kind === 'call') this.#backCall(at, step, found);
    else if (step.kind === 'sum') for (const term of step.terms) this.#backProduct(term, found);
  }

  #backPolynomial(coefficients: readonly number[], found: Parts<Node>): void {
    const { graph } = this;
    const level = graph.running(this.places.levels);
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
      const there = this.places.calls.get(callKey(other, of));
      return there === undefined ? null : this.#table(there);
    };
    const slopes = slopesOn(this.graph, name, this.#arguments(at, step), read);
    of.forEach(({ kind, at }, k) => {
      const by = slopes[k];
      if (by === null) return;
      const isTable = kind === 'table';
      if (!(isTable ? varying.tables : varying.scalars)[at]) return;
      const there = isSmooth(name) ? by : where(this.graph, found.slope, by);
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
      const by = byFactor(this.graph, factors, k, (at) => this.#table(at), found.slope);
      this.#add(this.#found, factor.at, by, found);
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
      .map(({ at, exponent }) => power(this.graph, this.#table(at), exponent))
      .reduce((product, factor) => this.graph.multiply(product, factor));
  }

  #add<Key>(known: Map<Key, Parts<Node>>, at: Key, by: Node | null, found: Parts<Node>): void {
    addTo(this.graph, known, at, by, found);
  }
}
