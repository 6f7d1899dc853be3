/** The tables of a tape as arithmetic on two levels at a time. */
import { functionOn, raised } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import { byParameters } from './scalarCode.js';
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

/** A table as a node of the graph of those that depend on the same parameters. */
interface Graphed {
  readonly mask: number;
  readonly node: Node;
}

/** Numbers of a device without a level, by their places on the tape. */
export interface Registers {
  /** Where one is, in bytes. */
  readonly registerOf: (at: number) => number;
  /** A mask of the parameters that it depends on. */
  readonly maskOf: (at: number) => number;
}

/**
 * Tables on graphs of two levels at a time: those that depend on the same parameters on one graph. What others need of it
 * is kept, so that it need not be computed again where none of its parameters has changed.
 */
export class TableGraphs {
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Numbers that are the same for all devices. */
  readonly given: { readonly at: number; readonly step: TableStep & { kind: 'given' } }[] = [];
  readonly polynomials: PlacedPolynomial[] = [];
  readonly #graphs = new Map<number, Graph>();
  /** Where a number may be while others come as far, in bytes. */
  readonly #between: number;
  readonly #known = new Map<number, Graphed>();
  /** Where tables are kept. */
  readonly #places = new Map<number, number>();

  constructor(
    private readonly steps: readonly TableStep[],
    private readonly registers: Registers,
    private readonly layout: Layout,
    private readonly size: number,
  ) {
    this.levels = layout.numbers(size);
    this.#between = layout.numbers(VECTOR / NUMBER);
  }

  /** The graphs with masks of the parameters that they depend on, each after those that it needs tables of. */
  get graphs(): readonly (readonly [mask: number, graph: Graph])[] {
    return byParameters(this.#graphs);
  }

  /** Where a table is kept, in bytes. */
  placed(at: number): number {
    const { mask, node } = this.#table(at);
    let place = this.#places.get(at);
    if (place === undefined) {
      place = this.layout.numbers(this.size);
      this.#places.set(at, place);
      this.#graph(mask).store(place, node);
    }
    return place;
  }

  #graph(mask: number): Graph {
    let graph = this.#graphs.get(mask);
    if (graph === undefined) {
      graph = new Graph(this.#between);
      this.#graphs.set(mask, graph);
    }
    return graph;
  }

  /** A table as a graph has it that may depend on more. */
  #tableIn(mask: number, at: number): Node {
    const table = this.#table(at);
    return table.mask === mask ? table.node : this.#graph(mask).running(this.placed(at));
  }

  #table(at: number): Graphed {
    let known = this.#known.get(at);
    if (known === undefined) {
      const mask = this.#maskOf(this.steps[at]);
      known = { mask, node: this.#compute(at, this.steps[at], mask) };
      this.#known.set(at, known);
    }
    return known;
  }

  #maskOf(step: TableStep): number {
    const { maskOf } = this.registers;
    const all = (masks: readonly number[]) => masks.reduce((some, mask) => some | mask, 0);
    switch (step.kind) {
      case 'given':
        return 0;
      case 'polynomial':
        return all(step.coefficients.map(maskOf));
      case 'call':
        return all(
          step.of.map(({ kind, at }) => (kind === 'scalar' ? maskOf(at) : this.#table(at).mask)),
        );
      case 'sum':
        return all(
          step.terms.flatMap(({ factors }) => factors.map(({ at }) => this.#table(at).mask)),
        );
    }
  }

  #compute(at: number, step: TableStep, mask: number): Node {
    const graph = this.#graph(mask);
    const number = (place: number) => graph.number(this.registers.registerOf(place));
    switch (step.kind) {
      case 'polynomial':
        if (step.coefficients.length === 0) return graph.constant(0);
        if (step.coefficients.length === 1) return number(step.coefficients[0]);
        return graph.running(this.#polynomial(at, step.coefficients));
      case 'given': {
        const place = this.layout.numbers(this.size);
        this.#places.set(at, place);
        this.given.push({ at: place, step });
        return graph.running(place);
      }
      case 'call': {
        const of = step.of.map((place) =>
          place.kind === 'scalar' ? number(place.at) : this.#tableIn(mask, place.at),
        );
        return functionOn(graph, step.name, of);
      }
      case 'sum': {
        const products = step.terms.map(({ factors }) =>
          factors
            .map((factor) => raised(graph, this.#tableIn(mask, factor.at), factor.exponent))
            .reduce((product, factor) => graph.multiply(product, factor)),
        );
        return products.length === 0
          ? graph.constant(0)
          : products.reduce((sum, product) => graph.add(sum, product));
      }
    }
  }

  /** Made beforehand: for all of them one function serves. @returns where its values go */
  #polynomial(at: number, coefficients: readonly number[]): number {
    const first = this.layout.numbers(2 * coefficients.length);
    const place = this.layout.numbers(this.size);
    const from = coefficients.map((c) => this.registers.registerOf(c));
    this.#places.set(at, place);
    this.polynomials.push({ from, first, at: place });
    return place;
  }
}
