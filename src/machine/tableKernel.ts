/**
 * Tables of a tape as WebAssembly: one loop over the levels, two at a time. To the last bit what `Numbers` computes
 * step by step.
 */
import { br_if, func, i32, importMemory, local, loop, Module } from 'wasmati';
import { functionOn } from './functionGraphs.js';
import { Graph, type GraphCode, type Node } from './graph.js';
import { type NodePair, polynomialOn } from './polynomialGraph.js';
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
    this.#scalars = [...graph.scalars].map(([at, address]) => [at, address / NUMBER]);
    this.tables = tables.map(([at, address]) => [at, new Float64Array(buffer, address, size)]);
    for (const { at, step } of graph.given) givenOn(step, new Float64Array(buffer, at, size));
    const padded = 2 * Math.ceil(size / 2);
    const levels = new Float64Array(buffer, graph.levels, padded);
    for (let i = 0; i < padded; i++) levels[i] = lmin + i;
    this.#run = compiled(graph.graph.code(), padded, memory);
  }

  /** Computes all tables of a device. */
  run(results: ScalarResults): void {
    for (const [at, place] of this.#scalars) results.put(at, this.#numbers, place);
    this.#run();
  }
}

function compiled(code: GraphCode, levels: number, memory: WebAssembly.Memory): () => void {
  const run = func({ in: [], locals: [i32, ...code.locals], out: [] }, (_, [offset, ...locals]) => {
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
  /** Of the numbers without a level that it reads, where both parts are kept, in bytes. */
  readonly scalars = new Map<number, number>();
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
    const address = this.layout.numbers(this.size);
    this.graph.store(address, this.#table(at));
    return address;
  }

  #scalar(at: number): NodePair {
    const address = this.scalars.get(at) ?? this.layout.numbers(2);
    this.scalars.set(at, address);
    return { high: this.graph.number(address), low: this.graph.number(address + NUMBER) };
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
    if (step.kind === 'polynomial') {
      const coefficients = step.coefficients.map((at) => this.#scalar(at));
      return polynomialOn(graph, coefficients, graph.running(this.levels));
    }
    if (step.kind === 'given') {
      const at = this.layout.numbers(this.size);
      this.given.push({ at, step });
      return graph.running(at);
    }
    if (step.kind === 'call') {
      const of = step.of.map(({ kind, at }) =>
        kind === 'scalar' ? this.#scalar(at).high : this.#table(at),
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
