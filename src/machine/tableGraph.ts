/** The tables of a tape as arithmetic on two levels at a time. */
import { functionOn, raised } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import { type NextPolynomial, operandsOf, type RepeatedCall } from './repeatedCalls.js';
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

/** A table as a node of a graph of those that depend on the same parameters. */
interface Graphed {
  readonly mask: number;
  /** Which of these graphs: what is repeated is at hand in the next one. */
  readonly stage: number;
  readonly node: Node;
}

/** Functions that are others a level on. */
export class Repeats {
  /** Where the polynomials are that have to be the same a level on, in bytes. */
  readonly where = new Map<string, NextPolynomial>();
  /** Reads them where others are, and computes them. */
  readonly copied = new Graph();
  readonly computed: Graph;

  constructor(between: number) {
    this.computed = new Graph(between);
  }
}

/** Tables that depend on the same parameters, and functions among these that are repeated after them. */
export interface Stage {
  readonly mask: number;
  readonly graph: Graph;
  readonly repeats: Repeats | null;
}

/** Numbers of a device without a level, by their places on the tape. */
export interface Registers {
  /** Where one is, in bytes. */
  readonly registerOf: (at: number) => number;
  /** A mask of the parameters that it depends on. */
  readonly maskOf: (at: number) => number;
}

/**
 * Tables on graphs of two levels at a time: those that depend on the same parameters on one graph, or on some of them, one
 * after the other. What others need of it is kept, so that it need not be computed again where none of its parameters has
 * changed.
 */
export class TableGraphs {
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Numbers that are the same for all devices. */
  readonly given: { readonly at: number; readonly step: TableStep & { kind: 'given' } }[] = [];
  readonly polynomials: PlacedPolynomial[] = [];
  readonly #stages = new Map<number, { graph: Graph; repeats: Repeats | null }[]>();
  /** Where a number may be while others come as far, in bytes. */
  readonly #between: number;
  readonly #known = new Map<number, Graphed>();
  /** Where tables are kept. */
  readonly #places = new Map<number, number>();

  constructor(
    private readonly steps: readonly TableStep[],
    private readonly repeated: ReadonlyMap<number, RepeatedCall>,
    private readonly registers: Registers,
    private readonly layout: Layout,
    private readonly size: number,
  ) {
    this.levels = layout.numbers(size);
    this.#between = layout.numbers(VECTOR / NUMBER);
  }

  /** Each after those that it needs tables of. */
  get stages(): readonly Stage[] {
    return byParameters(this.#stages).flatMap(([mask, stages]) =>
      stages.map((stage) => ({ mask, ...stage })),
    );
  }

  /** Where a table is kept, in bytes. */
  placed(at: number): number {
    const { mask, stage, node } = this.#table(at);
    let place = this.#places.get(at);
    if (place === undefined) {
      place = this.layout.numbers(this.size);
      this.#places.set(at, place);
      this.#graph(mask, stage).store(place, node);
    }
    return place;
  }

  #stage(mask: number, stage: number) {
    const stages = this.#stages.get(mask) ?? [];
    this.#stages.set(mask, stages);
    while (stages.length <= stage) {
      stages.push({ graph: new Graph(this.#between), repeats: null });
    }
    return stages[stage];
  }

  #graph(mask: number, stage: number): Graph {
    return this.#stage(mask, stage).graph;
  }

  /** A table as a graph has it that may depend on more. */
  #tableIn(mask: number, stage: number, at: number): Node {
    const table = this.#table(at);
    return table.mask === mask && table.stage === stage
      ? table.node
      : this.#graph(mask, stage).running(this.placed(at));
  }

  #table(at: number): Graphed {
    let known = this.#known.get(at);
    if (known === undefined) {
      const repeated = this.repeated.get(at);
      known = repeated === undefined ? this.#own(at) : this.#repeat(at, repeated);
      this.#known.set(at, known);
    }
    return known;
  }

  /** Where what a step is made of is at hand, and what it depends on. */
  #after(step: TableStep): { readonly mask: number; readonly stage: number } {
    const of = operandsOf(step).map((one) => this.#table(one));
    const mask = of.reduce((all, one) => all | one.mask, this.#maskOf(step));
    return { mask, stage: this.#last(of, mask) };
  }

  /** The last of their stages among those of a mask. */
  #last(of: readonly Pick<Graphed, 'mask' | 'stage'>[], mask: number): number {
    return Math.max(0, ...of.filter((one) => one.mask === mask).map(({ stage }) => stage));
  }

  #own(at: number): Graphed {
    const step = this.steps[at];
    const { mask, stage } = this.#after(step);
    const node = this.#compute(at, step, this.#graph(mask, stage), (one) =>
      this.#tableIn(mask, stage, one),
    );
    return { mask, stage, node };
  }

  /** After both the function that is read a level on, and what it is made of itself. */
  #repeat(at: number, { before, where }: RepeatedCall): Graphed {
    const step = this.steps[at];
    const both = [this.#after(step), this.#table(before)];
    const mask = both.reduce((all, one) => all | one.mask, 0);
    const stage = this.#last(both, mask);
    const from = this.placed(before);
    const there = this.#stage(mask, stage);
    there.repeats ??= new Repeats(this.#between);
    const { computed, copied } = there.repeats;
    for (const pair of where) {
      const [here, next] = pair.map((one) => this.placed(one));
      there.repeats.where.set(`${here} ${next}`, [here, next]);
    }
    const place = this.layout.numbers(this.size);
    this.#places.set(at, place);
    copied.store(place, copied.running(from + NUMBER));
    const of = (one: number) => computed.running(this.placed(one));
    computed.store(place, this.#compute(at, step, computed, of));
    return { mask, stage: stage + 1, node: this.#graph(mask, stage + 1).running(place) };
  }

  /** Of the numbers that a step has without a level. */
  #maskOf(step: TableStep): number {
    const { maskOf } = this.registers;
    const scalars =
      step.kind === 'polynomial'
        ? step.coefficients
        : step.kind === 'call'
          ? step.of.filter(({ kind }) => kind === 'scalar').map((place) => place.at)
          : [];
    return scalars.reduce((all, one) => all | maskOf(one), 0);
  }

  /** @param tableOf a table that it is made of, on the same graph */
  #compute(at: number, step: TableStep, graph: Graph, tableOf: (at: number) => Node): Node {
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
          place.kind === 'scalar' ? number(place.at) : tableOf(place.at),
        );
        return functionOn(graph, step.name, of);
      }
      case 'sum': {
        const products = step.terms.map(({ factors }) =>
          factors
            .map((factor) => raised(graph, tableOf(factor.at), factor.exponent))
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
