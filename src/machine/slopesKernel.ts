/**
 * The chain rule of tapeSlopes.ts from a tape's tables back to its numbers without a level, as WebAssembly: one loop over
 * the levels, two at a time, in which the derivatives by all tables are at hand at once.
 */
import { func, i32 } from 'wasmati';
import { compiledOn, PAGE, VECTOR, writeLoop } from './graphModule.js';
import { PARTS, type Parts, SlopesGraph, type SlopesSource } from './slopesGraph.js';
import { Layout } from './tableGraph.js';
import type { Numbers } from './tape.js';
import type { TapeKernel } from './tapeKernel.js';

const NUMBER = 8;

/** Takes what is added to the derivative by a number without a level. */
export type AddScalar = (at: number, slope: number, error: number) => void;

/** A graph beside the numbers themselves; null where there is no room for what it needs. */
function graphBeside(
  computes: TapeKernel | null,
  graphOf: (layout: Layout) => SlopesGraph,
): SlopesGraph | null {
  const begin = computes?.lend(0) ?? null;
  if (computes === null || begin === null) return null;
  const graph = graphOf(new Layout(begin));
  return computes.lend(graph.layout.bytes - begin) === null ? null : graph;
}

export class SlopesKernel {
  readonly #memory: WebAssembly.Memory;
  /** All of the memory, number by number. */
  readonly #numbers: Float64Array;
  readonly #graph: SlopesGraph;
  /** Numbers that have a derivative, and where what they are summed of begins. */
  readonly #sums: readonly number[];
  readonly #sumsAt: number;
  readonly #seeds: readonly (readonly [at: number, seed: Parts<number>])[];
  readonly #there: readonly number[];
  readonly #brought: readonly (readonly [at: number, address: number])[];
  readonly #registers: readonly (readonly [at: number, address: number])[];
  readonly #stride: number;
  readonly #run: (bytes: number) => void;
  #lmin = Number.NaN;
  #size = 0;

  /**
   * @param seeded the tables that derivatives begin at
   * @param most levels of a window
   * @param computes the code that computes the numbers; where there is none they are all brought
   */
  constructor(
    source: SlopesSource,
    seeded: readonly number[],
    most: number,
    private readonly computes: TapeKernel | null,
  ) {
    const beside = graphBeside(
      computes,
      (layout) => new SlopesGraph(source, seeded, most, computes, layout),
    );
    this.#graph = beside ?? new SlopesGraph(source, seeded, most, null, new Layout());
    const { layout, sums, sumsAt, seeds, there, brought, registers } = this.#graph;
    this.#sums = sums;
    this.#sumsAt = sumsAt / NUMBER;
    this.#seeds = [...seeds];
    this.#there = [...there.values()];
    this.#brought = [...brought];
    this.#registers = [...registers];
    this.#stride = 2 * Math.ceil(most / 2);
    this.#memory =
      beside !== null && computes !== null
        ? computes.memory
        : new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / PAGE) });
    this.#numbers = new Float64Array(this.#memory.buffer);
    this.#run = this.#compiled();
  }

  /** Whether it was made for the code that computes these numbers. */
  isFor({ kernel }: Numbers): boolean {
    return this.computes === kernel;
  }

  /** Whether derivatives may begin at a table. */
  takes(at: number): boolean {
    return this.#graph.seeds.has(at);
  }

  /**
   * @param numbers filled with those of the device, of a window whose lowest level is `lmin`
   * @param seeds the derivatives by tables; those that are not there are 0
   */
  run(
    numbers: Numbers,
    [lmin, size]: readonly [number, number],
    seeds: readonly (Parts<Float64Array> | undefined)[],
    add: AddScalar,
  ): void {
    const memory = this.#numbers;
    if (lmin !== this.#lmin || size !== this.#size) this.#enter(lmin, size);
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
    numbers.runKernel();
    for (const [at, address] of this.#brought) put(address, numbers.table(at));
    // The last two numbers side by side may be one and nothing: what nothing depends on must still be a number.
    if (size % 2 === 1) {
      for (const address of this.#there) this.#double(address / NUMBER + size);
      for (const [, address] of this.#brought) this.#double(address / NUMBER + size);
    }
    for (const [at, address] of this.#registers) memory[address / NUMBER] = numbers.scalar(at);
    memory.fill(0, this.#sumsAt, this.#sumsAt + PARTS * this.#sums.length);
    this.#run(VECTOR * Math.ceil(size / 2));
    let sum = this.#sumsAt;
    for (const at of this.#sums) {
      add(at, memory[sum] + memory[sum + 1], memory[sum + 2] + memory[sum + 3]);
      sum += PARTS;
    }
  }

  /** Puts a number down once more, behind it. */
  #double(end: number): void {
    this.#numbers[end] = this.#numbers[end - 1];
  }

  #enter(lmin: number, size: number): void {
    for (const [, { slope, error }] of this.#seeds) {
      for (const at of [slope, error])
        this.#numbers.fill(0, at / NUMBER, at / NUMBER + this.#stride);
    }
    const first = this.#graph.levels / NUMBER;
    for (let i = 0; i < this.#stride; i++) this.#numbers[first + i] = lmin + i;
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
