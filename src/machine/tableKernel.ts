/**
 * Tables of a tape as WebAssembly: one loop over the levels, two at a time. To the last bit what `Numbers` computes
 * step by step.
 */
import { br_if, call, func, i32, importMemory, local, loop, Module } from 'wasmati';
import { functionOn } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import { polynomial } from './polynomialKernel.js';
import type { ScalarResults } from './scalarProgram.js';
import { givenOn, type TableStep } from './tapeSteps.js';

/** Two numbers side by side. */
const VECTOR = 16;
const NUMBER = 8;
const PAGE = 1 << 16;

/** Gives out addresses, in bytes. */
class Layout {
  bytes = 0;

  numbers(count: number): number {
    const at = this.bytes;
    this.bytes += VECTOR * Math.ceil((NUMBER * count) / VECTOR);
    return at;
  }
}

export class TableKernel {
  /** What it computes, each table with its place on the tape. */
  readonly tables: readonly (readonly [at: number, values: Float64Array])[];
  readonly #numbers: Float64Array;
  /** Of the numbers without a level their places on the tape and in memory. */
  readonly #scalars: readonly (readonly [at: number, place: number])[];
  readonly #run: () => void;

  /** @param wanted the tables that are read, by their places on the tape */
  constructor(steps: readonly TableStep[], wanted: readonly number[], lmin: number, size: number) {
    const layout = new Layout();
    const graph = new TableGraph(steps, layout, size);
    const tables = wanted.map((at) => [at, graph.placed(at)] as const);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / PAGE) });
    const { buffer } = memory;
    this.#numbers = new Float64Array(buffer);
    this.#scalars = graph.scalars.map(([at, address]) => [at, address / NUMBER]);
    this.tables = tables.map(([at, address]) => [at, new Float64Array(buffer, address, size)]);
    for (const { at, step } of graph.given) givenOn(step, new Float64Array(buffer, at, size));
    const padded = 2 * Math.ceil(size / 2);
    const levels = new Float64Array(buffer, graph.levels, padded);
    for (let i = 0; i < padded; i++) levels[i] = lmin + i;
    this.#run = compiled(graph, padded, memory);
  }

  /** Computes all tables of a device. */
  run(results: ScalarResults): void {
    for (const [at, place] of this.#scalars) results.put(at, this.#numbers, place);
    this.#run();
  }
}

function compiled(graph: TableGraph, levels: number, memory: WebAssembly.Memory): () => void {
  const code = graph.graph.code();
  const run = func({ in: [], locals: [i32, ...code.locals], out: [] }, (_, [offset, ...locals]) => {
    for (const { first, last, at } of graph.polynomials) {
      call(polynomial, [
        i32.const(first),
        i32.const(last),
        i32.const(graph.levels),
        i32.const(graph.levels + NUMBER * levels),
        i32.const(at),
      ]);
    }
    code.write('steady', locals, offset);
    local.set(offset, i32.const(0));
    loop({ in: [], out: [] }, (again) => {
      code.write('running', locals, offset);
      local.set(offset, i32.add(offset, VECTOR));
      i32.lt_u(offset, NUMBER * levels);
      br_if(again);
    });
  });
  const module = Module({ exports: { run }, memory: importMemory({ min: 1 }, memory) });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(module.toBytes())),
    module.importMap,
  );
  return (exports as { run: () => void }).run;
}

/** Tables on a graph of two levels at a time. */
class TableGraph {
  readonly graph = new Graph();
  /** Where the levels themselves are, in bytes. */
  readonly levels: number;
  /** Numbers that are the same for all devices. */
  readonly given: { readonly at: number; readonly step: TableStep & { kind: 'given' } }[] = [];
  /** Where it reads numbers without a level, each in two parts, in bytes. */
  readonly scalars: (readonly [at: number, address: number])[] = [];
  /** Where coefficients stand, from the constant one to that of the highest power, and where the values go. */
  readonly polynomials: { readonly first: number; readonly last: number; readonly at: number }[] =
    [];
  readonly #numbers = new Map<number, Node>();
  readonly #known = new Map<number, Node>();

  constructor(
    private readonly steps: readonly TableStep[],
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
    let known = this.#numbers.get(at);
    if (known === undefined) {
      const address = this.layout.numbers(2);
      this.scalars.push([at, address]);
      known = this.graph.number(address);
      this.#numbers.set(at, known);
    }
    return known;
  }

  /** A polynomial, made beforehand: for all of them one function serves. */
  #polynomial(coefficients: readonly number[]): Node {
    const degree = coefficients.length - 1;
    if (degree < 0) return this.graph.constant(0);
    if (degree === 0) return this.#number(coefficients[0]);
    const first = this.layout.numbers(2 * coefficients.length);
    coefficients.forEach((at, n) => {
      this.scalars.push([at, first + VECTOR * n]);
    });
    const at = this.layout.numbers(this.size);
    this.polynomials.push({ first, last: first + VECTOR * degree, at });
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
        .map(({ at, exponent }) => this.#power(this.#table(at), exponent))
        .reduce((product, factor) => graph.multiply(product, factor)),
    );
    return products.length === 0
      ? graph.constant(0)
      : products.reduce((sum, product) => graph.add(sum, product));
  }

  #power(x: Node, exponent: number): Node {
    const { graph } = this;
    if (exponent === 1) return x;
    if (exponent === 2) return graph.multiply(x, x);
    if (exponent === 0.5) return graph.squareRoot(x);
    return graph.imported(`power ${exponent}`, (value) => value ** exponent, x);
  }
}
