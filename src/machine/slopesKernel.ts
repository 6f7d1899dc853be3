/**
 * The chain rule of tapeSlopes.ts from a tape's tables back to its parameters, as WebAssembly: one loop over the levels,
 * two at a time, in which the derivatives by all tables are at hand at once, and then from number to number.
 */
import { func, i32, local } from 'wasmati';
import { compiledOn, PAGE, VECTOR, writeLoop } from './graphModule.js';
import type { Parts, SlopesSource } from './scalarSlopes.js';
import { ScalarSlopesGraph } from './scalarSlopesGraph.js';
import { SlopesGraph } from './slopesGraph.js';
import { Layout } from './tableGraph.js';
import type { Numbers } from './tape.js';
import type { TapeKernel } from './tapeKernel.js';

const NUMBER = 8;

/** Takes the derivative by a parameter. */
export type TakeSlope = (name: string, slope: number, error: number) => void;

/** Both parts of it. */
interface Graphs {
  readonly ofTables: SlopesGraph;
  readonly ofScalars: ScalarSlopesGraph;
  readonly layout: Layout;
}

/** Beside the numbers themselves; null where there is no room for what it needs. */
function graphsBeside(
  computes: TapeKernel | null,
  graphsOn: (layout: Layout) => Graphs,
): Graphs | null {
  const begin = computes?.lend(0) ?? null;
  if (computes === null || begin === null) return null;
  const graphs = graphsOn(new Layout(begin));
  return computes.lend(graphs.layout.bytes - begin) === null ? null : graphs;
}

export class SlopesKernel {
  readonly #memory: WebAssembly.Memory;
  /** All of the memory, number by number. */
  readonly #numbers: Float64Array;
  readonly #graphs: Graphs;
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
    const { scalars, varying } = source;
    const graphsOn = (of: TapeKernel | null) => (layout: Layout) => {
      const ofTables = new SlopesGraph(source, seeded, most, of, layout);
      const ofScalars = new ScalarSlopesGraph(scalars, varying.scalars, ofTables, layout);
      return { ofTables, ofScalars, layout };
    };
    const beside = graphsBeside(computes, graphsOn(computes));
    this.#graphs = beside ?? graphsOn(null)(new Layout());
    const { layout, ofTables } = this.#graphs;
    const { seeds, there, brought, registers } = ofTables;
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

  /** Whether derivatives may begin at these tables, and at as many numbers. @param scalars two parts for each */
  takes(tables: readonly unknown[], scalars: Float64Array): boolean {
    const { ofTables, ofScalars } = this.#graphs;
    return (
      scalars.length <= 2 * ofScalars.count &&
      tables.every((seed, at) => seed === undefined || ofTables.seeds.has(at))
    );
  }

  /**
   * @param numbers filled with those of the device, of a window whose lowest level is `lmin`
   * @param seeds the derivatives by tables; those that are not there are 0
   * @param scalars those by numbers without a level, each with its error behind it; behind the last they are 0
   * @returns whether all that it found are numbers; where not, nothing has been taken
   */
  run(
    numbers: Numbers,
    [lmin, size]: readonly [number, number],
    seeds: readonly (Parts<Float64Array> | undefined)[],
    scalars: Float64Array,
    take: TakeSlope,
  ): boolean {
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
    // The last two numbers side by side may be one and nothing: what nothing depends on must still be a number. What is
    // computed there may be read at the level above, and stays.
    const ends = size % 2 === 0 ? [] : this.#there.map((address) => address / NUMBER + size);
    const gaps = ends.filter((end) => !Number.isFinite(memory[end]));
    const kept = gaps.map((end) => memory[end]);
    for (const end of gaps) this.#double(end);
    if (size % 2 === 1) {
      for (const [, address] of this.#brought) this.#double(address / NUMBER + size);
    }
    for (const [at, address] of this.#registers) memory[address / NUMBER] = numbers.scalar(at);
    const { ofTables, ofScalars } = this.#graphs;
    memory.fill(0, ofTables.sumsAt / NUMBER, ofTables.sumsEnd / NUMBER);
    const given = ofScalars.given / NUMBER;
    memory.fill(0, given, given + 2 * ofScalars.count);
    memory.set(scalars, given);
    this.#run(VECTOR * Math.ceil(size / 2));
    gaps.forEach((end, k) => {
      memory[end] = kept[k];
    });
    const results = [...ofScalars.results].map(([name, at]) => {
      const first = at / NUMBER;
      return [name, memory[first], memory[first + 2]] as const;
    });
    if (!results.every(([, slope, error]) => Number.isFinite(slope + error))) return false;
    for (const [name, slope, error] of results) {
      if (slope !== 0 || error !== 0) take(name, slope, error);
    }
    return true;
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
    const first = this.#graphs.ofTables.levels / NUMBER;
    for (let i = 0; i < this.#stride; i++) this.#numbers[first + i] = lmin + i;
    [this.#lmin, this.#size] = [lmin, size];
  }

  #compiled(): (bytes: number) => void {
    const { ofTables, ofScalars } = this.#graphs;
    const [code, after] = [ofTables.graph.code(), ofScalars.graph.code()];
    const locals = code.locals.length > after.locals.length ? code.locals : after.locals;
    const run = func(
      { in: [i32], locals: [i32, ...locals], out: [] },
      ([bytes], [offset, ...own]) => {
        writeLoop(code, own, offset, bytes);
        local.set(offset, i32.const(0));
        after.write('steady', own, offset);
        after.write('running', own, offset);
      },
    );
    return compiledOn(run, this.#memory);
  }
}
