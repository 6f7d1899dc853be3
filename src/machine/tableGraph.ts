/** The tables of a tape as arithmetic on two levels at a time. */
import { functionOn, raised } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import type { TableStep } from './tapeSteps.js';

/** Two numbers side by side. */
const VECTOR = 16;
const NUMBER = 8;

/** Gives out addresses, in bytes. */
export class Layout {
  /** @param bytes where they begin */
  constructor(public bytes = 0) {}

  numbers(count: number): number {
    const at = this.bytes;
    this.bytes += VECTOR * Math.ceil((NUMBER * count) / VECTOR);
    return at;
  }
}

/** Addresses in bytes. */
export interface PlacedPolynomial {
  /** Where each coefficient is, from the constant one on … */
  readonly from: readonly number[];
  /** … where they stand one after another, and where the values go. */
  readonly first: number;
  readonly at: number;
}

/** Tables on a graph of two levels at a time. */
export class TableGraph {
  readonly graph = new Graph();
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Numbers that are the same for all devices. */
  readonly given: { readonly at: number; readonly step: TableStep & { kind: 'given' } }[] = [];
  readonly polynomials: PlacedPolynomial[] = [];
  readonly #known = new Map<number, Node>();

  /** @param registerOf where a number without a level is, in bytes */
  constructor(
    private readonly steps: readonly TableStep[],
    private readonly registerOf: (at: number) => number,
    private readonly layout: Layout,
    private readonly size: number,
  ) {
    this.levels = layout.numbers(size);
  }

  /** Where a table is kept, in bytes. */
  placed(at: number): number {
    const node = this.#table(at);
    const known = this.polynomials.find((p) => this.graph.running(p.at) === node);
    if (known !== undefined) return known.at;
    const address = this.layout.numbers(this.size);
    this.graph.store(address, node);
    return address;
  }

  #number(at: number): Node {
    return this.graph.number(this.registerOf(at));
  }

  /** A polynomial, made beforehand: for all of them one function serves. */
  #polynomial(coefficients: readonly number[]): Node {
    const degree = coefficients.length - 1;
    if (degree < 0) return this.graph.constant(0);
    if (degree === 0) return this.#number(coefficients[0]);
    const first = this.layout.numbers(2 * coefficients.length);
    const at = this.layout.numbers(this.size);
    const from = coefficients.map((c) => this.registerOf(c));
    this.polynomials.push({ from, first, at });
    return this.graph.running(at);
  }

  #table(at: number): Node {
    let known = this.#known.get(at);
    if (known === undefined) {
      known = this.#compute(this.steps[at]);
      this.#known.set(at, known);
    }
    return known;
  }

  #compute(step: TableStep): Node {
    const { graph } = this;
    if (step.kind === 'polynomial') return this.#polynomial(step.coefficients);
    if (step.kind === 'given') {
      const at = this.layout.numbers(this.size);
      this.given.push({ at, step });
      return graph.running(at);
    }
    if (step.kind === 'call') {
      const of = step.of.map(({ kind, at }) =>
        kind === 'scalar' ? this.#number(at) : this.#table(at),
      );
      return functionOn(graph, step.name, of);
    }
    const products = step.terms.map(({ factors }) =>
      factors
        .map(({ at, exponent }) => raised(graph, this.#table(at), exponent))
        .reduce((product, factor) => graph.multiply(product, factor)),
    );
    return products.length === 0
      ? graph.constant(0)
      : products.reduce((sum, product) => graph.add(sum, product));
  }
}
