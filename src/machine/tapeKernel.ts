/**
 * The numbers of a tape as WebAssembly: a call for each operation without a level, then one loop over the levels, two
 * at a time. To the last bit what `Numbers` computes step by step.
 */
import { br_if, call, func, i32, importMemory, local, loop, Module, v128 } from 'wasmati';
import { polynomial } from './polynomialKernel.js';
import { REGISTER, writeScalars } from './scalarCode.js';
import type { ScalarProgram } from './scalarProgram.js';
import { Layout, type PlacedPolynomial, TableGraph } from './tableGraph.js';
import { calledScalar, givenOn, type TableStep, type Values } from './tapeSteps.js';

/** Two numbers side by side. */
const VECTOR = 16;
const NUMBER = 8;
const PAGE = 1 << 16;

/** What is computed, by places on the tape and in its program. */
export interface Wanted {
  readonly tables: readonly number[];
  /** Operations, operands first. */
  readonly operations: readonly number[];
}

export class TapeKernel {
  /** What it computes, each table with its place on the tape. */
  readonly tables: readonly (readonly [at: number, values: Float64Array])[];
  /** Two parts for each operation, one after the other. */
  readonly results: Float64Array;
  readonly operations: readonly number[];
  readonly #parameters: readonly (readonly [name: string, operation: number])[];
  readonly #run: () => void;

  constructor(
    private readonly program: ScalarProgram,
    steps: readonly TableStep[],
    { tables, operations }: Wanted,
    lmin: number,
    size: number,
  ) {
    const layout = new Layout();
    const registers = Math.max(0, ...operations) + 1;
    layout.numbers(2 * registers);
    const registerOf = (at: number) => REGISTER * program.operationOf(at);
    const graph = new TableGraph(steps, registerOf, layout, size);
    const placed = tables.map((at) => [at, graph.placed(at)] as const);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / PAGE) });
    const { buffer } = memory;
    this.tables = placed.map(([at, address]) => [at, new Float64Array(buffer, address, size)]);
    this.results = new Float64Array(buffer, 0, 2 * registers);
    this.operations = operations;
    for (const n of operations) {
      const operation = program.operations[n];
      if (operation.kind === 'constant') this.results[2 * n] = operation.value;
    }
    this.#parameters = operations.flatMap((n) => {
      const operation = program.operations[n];
      return operation.kind === 'parameter' ? [[operation.name, n] as const] : [];
    });
    for (const { at, step } of graph.given) givenOn(step, new Float64Array(buffer, at, size));
    const padded = 2 * Math.ceil(size / 2);
    const levels = new Float64Array(buffer, graph.levels, padded);
    for (let i = 0; i < padded; i++) levels[i] = lmin + i;
    this.#run = this.#compiled(graph, padded, memory);
  }

  /** Computes all of it for a device. */
  run(values: Values): void {
    for (const [name, n] of this.#parameters) this.results[2 * n] = values[name];
    this.#run();
  }

  #compiled(graph: TableGraph, levels: number, memory: WebAssembly.Memory): () => void {
    const code = graph.graph.code();
    const run = func({ in: [], locals: [i32, ...code.locals], out: [] }, (_, [offset, ...own]) => {
      writeScalars(this.program.operations, this.operations, (n) => this.#answer(n));
      const end = graph.levels + NUMBER * levels;
      for (const placed of graph.polynomials) writePolynomial(placed, graph.levels, end);
      code.write('steady', own, offset);
      local.set(offset, i32.const(0));
      loop({ in: [], out: [] }, (again) => {
        code.write('running', own, offset);
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

  /** Calls a function between other operations. */
  #answer(n: number): void {
    const operation = this.program.operations[n];
    if (operation.kind !== 'call') throw new Error('no call');
    const { results } = this;
    const of = operation.of.map((a) => ({ high: results[2 * a], low: results[2 * a + 1] }));
    const { high, low } = calledScalar(operation.step.name, of);
    results[2 * n] = high;
    results[2 * n + 1] = low;
  }
}

function writePolynomial({ from, first, at }: PlacedPolynomial, level: number, end: number): void {
  from.forEach((register, n) => {
    i32.const(0);
    v128.load({ offset: register }, i32.const(0));
    v128.store({ offset: first + VECTOR * n });
  });
  const last = first + VECTOR * (from.length - 1);
  call(polynomial, [
    i32.const(first),
    i32.const(last),
    i32.const(level),
    i32.const(end),
    i32.const(at),
  ]);
}
