/**
 * The chain rule of tapeSlopes.ts from a tape's tables back to its parameters, as WebAssembly: one loop over the levels,
 * two at a time, in which the derivatives by all tables are at hand at once, and then from number to number.
 */
import { func, i32, local, v128 } from 'wasmati';
import { compiledOn, PAGE, VECTOR, writeEnds, writeLoop } from './graphModule.js';
import type { Parts, SlopesSource } from './scalarSlopes.js';
import { ScalarSlopesGraph } from './scalarSlopesGraph.js';
import { type Repeats, SlopesGraph, SlopesPlaces } from './slopesGraph.js';
import { Layout } from './tableGraph.js';
import { type Extent, firstOfLast, type TableSlopes } from './tableSlopes.js';
import type { Numbers } from './tape.js';
import type { TapeKernel } from './tapeKernel.js';

const NUMBER = 8;

/** Takes the derivative by a parameter. */
export type TakeSlope = (name: string, slope: number, error: number) => void;

/** All parts of it. */
interface Graphs {
  readonly places: SlopesPlaces;
  /** Of each table that derivatives begin at where they are. */
  readonly seeds: ReadonlyMap<number, Parts<number>>;
  /** Functions that are others a level on, and what keeps their derivatives for these. */
  readonly repeats: Repeats;
  readonly keeping: SlopesGraph;
  /** From what is there at all levels, and from what is there at the ends alone. */
  readonly everywhere: SlopesGraph;
  readonly atEnds: SlopesGraph;
  readonly ofScalars: ScalarSlopesGraph;
  readonly layout: Layout;
}

/** Derivatives by which tables are taken back, and on windows of how many levels at most. */
interface Task {
  readonly source: SlopesSource;
  readonly seeded: ReadonlyMap<number, Extent>;
  readonly most: number;
}

/**
 * @param computes the code that computes numbers in the same memory
 * @param begin where its own memory begins, in bytes
 * @param withRepeats whether functions that are others a level on are taken back along those
 */
function graphsOf(
  task: Task,
  computes: TapeKernel | null,
  begin: number,
  withRepeats = true,
): Graphs {
  const { source, seeded, most } = task;
  const layout = new Layout(begin);
  const places = new SlopesPlaces(source, most, computes, layout);
  const seeds = new Map(Array.from(seeded.keys(), (at) => [at, places.seed()] as const));
  const those = (extent: Extent) => [...seeds].filter(([at]) => seeded.get(at) === extent);
  const repeats: Repeats = withRepeats ? places.repeatedCalls() : new Map();
  const from = (keeps: boolean) => new SlopesGraph(places, those('everywhere'), { repeats, keeps });
  const [keeping, everywhere] = [from(true), from(false)];
  const atEnds = new SlopesGraph(places, those('ends'), null);
  // What is brought has no level above the window.
  if (repeats.size > 0 && places.brought.size > 0) return graphsOf(task, computes, begin, false);
  const { scalars, varying } = source;
  const ofScalars = new ScalarSlopesGraph(scalars, varying.scalars, places, layout);
  return { places, seeds, repeats, keeping, everywhere, atEnds, ofScalars, layout };
}

/** Beside the numbers themselves; null where there is no room for what it needs. */
function graphsBeside(task: Task, computes: TapeKernel | null): Graphs | null {
  const begin = computes?.lend(0) ?? null;
  if (computes === null || begin === null) return null;
  const graphs = graphsOf(task, computes, begin);
  return computes.lend(graphs.layout.bytes - begin) === null ? null : graphs;
}

/** Where a derivative that the rest begins with is put, number by number. */
interface Seed extends Parts<number> {
  readonly at: number;
  readonly extent: Extent;
  /** Whether it has been put there. */
  isThere: boolean;
}

/** Where a result and its error are found, number by number. */
interface Result extends Parts<number> {
  readonly name: string;
}

/** A place on the tape, and the number of the memory that it begins at. */
type Placed = readonly [at: number, first: number];

const firstOf = (places: Iterable<readonly [at: number, address: number]>): Placed[] =>
  Array.from(places, ([at, address]) => [at, address / NUMBER]);

export class SlopesKernel {
  readonly #memory: WebAssembly.Memory;
  /** All of the memory, number by number. */
  readonly #numbers: Float64Array;
  readonly #graphs: Graphs;
  readonly #seeds: readonly Seed[];
  /** Of each table that derivatives begin at where these are not 0. */
  readonly #extents: readonly (Extent | undefined)[];
  readonly #there: readonly number[];
  readonly #brought: readonly Placed[];
  readonly #registers: readonly Placed[];
  readonly #results: readonly Result[];
  readonly #stride: number;
  readonly #run: (bytes: number, withAbove: number) => void;
  #lmin = Number.NaN;
  #size = 0;

  /**
   * @param seeded the tables that derivatives begin at, each with whether at the ends alone
   * @param most levels of a window
   * @param computes the code that computes the numbers; where there is none they are all brought
   */
  constructor(
    source: SlopesSource,
    seeded: ReadonlyMap<number, Extent>,
    most: number,
    private readonly computes: TapeKernel | null,
  ) {
    this.#extents = source.tables.map((_, at) => seeded.get(at));
    const task = { source, seeded, most };
    const beside = graphsBeside(task, computes);
    this.#graphs = beside ?? graphsOf(task, null, 0);
    const { layout, places, seeds, ofScalars } = this.#graphs;
    const { there, brought, registers } = places;
    this.#seeds = Array.from(seeds, ([at, { slope, error }]) => ({
      ...{ at, slope: slope / NUMBER, error: error / NUMBER },
      extent: seeded.get(at) ?? 'everywhere',
      isThere: true,
    }));
    this.#there = Array.from(there.values(), (address) => address / NUMBER);
    this.#brought = firstOf(brought);
    this.#registers = firstOf(registers);
    this.#results = Array.from(ofScalars.results, ([name, at]) => {
      const slope = at / NUMBER;
      return { name, slope, error: slope + 2 };
    });
    this.#stride = 2 * Math.ceil(most / 2) + 2;
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
  takes(tables: readonly (TableSlopes | undefined)[], scalars: Float64Array): boolean {
    if (scalars.length > 2 * this.#graphs.ofScalars.count) return false;
    for (let at = 0; at < tables.length; at++) {
      const seed = tables[at];
      if (seed === undefined || this.#extents[at] === 'everywhere') continue;
      if (this.#extents[at] !== seed.extent) return false;
    }
    return true;
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
    seeds: readonly (TableSlopes | undefined)[],
    scalars: Float64Array,
    take: TakeSlope,
  ): boolean {
    const memory = this.#numbers;
    if (lmin !== this.#lmin || size !== this.#size) this.#enter(lmin, size);
    for (const seed of this.#seeds) {
      const given = seeds[seed.at];
      if (given !== undefined) {
        this.#put(seed, given, size);
      } else if (seed.isThere) this.#clear(seed);
    }
    numbers.runKernel();
    for (const [at, first] of this.#brought) memory.set(numbers.table(at), first);
    // The last two numbers side by side may be one and nothing: what nothing depends on must still be a number. What is
    // computed there may be read at the level above, and stays.
    const gaps: number[] = [];
    const kept: number[] = [];
    for (let i = size; i < this.#withAbove(size); i++) {
      for (const first of this.#there) {
        const end = first + i;
        if (Number.isFinite(memory[end])) continue;
        gaps.push(end);
        kept.push(memory[end]);
        this.#double(end);
      }
      for (const [, first] of this.#brought) this.#double(first + i);
    }
    for (const [at, place] of this.#registers) memory[place] = numbers.scalar(at);
    const { places, ofScalars } = this.#graphs;
    memory.fill(0, places.sumsAt / NUMBER, places.sumsEnd / NUMBER);
    const given = ofScalars.given / NUMBER;
    memory.fill(0, given, given + 2 * ofScalars.count);
    memory.set(scalars, given);
    this.#run(VECTOR * Math.ceil(size / 2), (VECTOR / 2) * this.#withAbove(size));
    for (let k = 0; k < gaps.length; k++) memory[gaps[k]] = kept[k];
    for (const { slope, error } of this.#results) {
      if (!Number.isFinite(memory[slope] + memory[error])) return false;
    }
    for (const { name, slope, error } of this.#results) {
      if (memory[slope] !== 0 || memory[error] !== 0) take(name, memory[slope], memory[error]);
    }
    return true;
  }

  #put(seed: Seed, { slope, error }: TableSlopes, size: number): void {
    const memory = this.#numbers;
    seed.isThere = true;
    if (seed.extent === 'everywhere') {
      memory.set(slope, seed.slope);
      memory.set(error, seed.error);
      return;
    }
    for (let i = 0; i < size; i = i === 1 ? Math.max(2, firstOfLast(size)) : i + 1) {
      memory[seed.slope + i] = slope[i];
      memory[seed.error + i] = error[i];
    }
  }

  /** Levels that the chain rule goes through, two by two: where functions are others a level on, one above the window. */
  #withAbove(size: number): number {
    return 2 * Math.ceil((size + Math.min(1, this.#graphs.repeats.size)) / 2);
  }

  #clear(seed: Seed): void {
    for (const first of [seed.slope, seed.error])
      this.#numbers.fill(0, first, first + this.#stride);
    seed.isThere = false;
  }

  /** Puts a number down once more, behind it. */
  #double(end: number): void {
    this.#numbers[end] = this.#numbers[end - 1];
  }

  #enter(lmin: number, size: number): void {
    for (const seed of this.#seeds) this.#clear(seed);
    for (const { slope, error } of this.#graphs.repeats.values()) {
      for (const at of [slope, error])
        this.#numbers.fill(0, at / NUMBER, at / NUMBER + this.#stride);
    }
    const first = this.#graphs.places.levels / NUMBER;
    for (let i = 0; i < this.#stride; i++) this.#numbers[first + i] = lmin + i;
    [this.#lmin, this.#size] = [lmin, size];
  }

  #compiled(): (bytes: number, withAbove: number) => void {
    const { keeping, everywhere, atEnds, ofScalars } = this.#graphs;
    const codes = [keeping, everywhere, atEnds, ofScalars].map(({ graph }) => graph.code());
    const [kept, all, ends, after] = codes;
    const most = codes.reduce((some, { locals }) => Math.max(some, locals.length), 0);
    const locals = Array.from({ length: most }, () => v128);
    const run = func(
      { in: [i32, i32], locals: [i32, ...locals], out: [] },
      ([bytes, withAbove], [offset, ...own]) => {
        if (!kept.isEmpty) writeLoop(kept, own, offset, bytes);
        writeLoop(all, own, offset, withAbove);
        local.set(bytes, i32.sub(bytes, VECTOR));
        writeEnds(ends, own, offset, bytes);
        local.set(offset, i32.const(0));
        after.write('steady', own, offset);
        after.write('running', own, offset);
      },
    );
    return compiledOn(run, this.#memory);
  }
}
