/**
 * What rounding takes from tables, as tapeRounding.ts has it, as WebAssembly: two levels at a time and to the same bits,
 * in the memory where the tables are computed.
 */
import { func, i32 } from 'wasmati';
import { ENLARGED, UNKNOWN } from './cancelled.js';
import { raised } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import { compiledOn, VECTOR, writeLoop } from './graphModule.js';
import { Layout } from './tableGraph.js';
import { BY_EXPONENT, type Exponent, LARGEST_EXPONENT } from './tapeExponentials.js';
import type { TapeKernel } from './tapeKernel.js';
import type { Place, TableStep } from './tapeSteps.js';

/** The numbers of one device, on a window of so many levels. */
interface Tables {
  readonly size: number;
  table(at: number): Float64Array;
  scalar(at: number): number;
  runKernel(): void;
}

/** What tables lose digits by. */
interface Losses {
  readonly tape: { readonly steps: { readonly tables: readonly TableStep[] } };
  readonly cancellations: { isIn(at: number): boolean };
  readonly exponentials: {
    callsIn(at: number): readonly number[];
    exponentOf(call: number): Exponent;
  };
}

/** Losses on a graph of two levels at a time. */
class RoundingGraph {
  readonly graph = new Graph();
  /** Where numbers have to be brought to, in bytes, by their places on the tape. */
  readonly tables = new Map<number, number>();
  readonly scalars = new Map<number, number>();
  readonly #known = new Map<number, Node>();

  constructor(
    private readonly losses: Losses,
    private readonly beside: TapeKernel,
    private readonly layout: Layout,
    private readonly size: number,
  ) {}

  /** Where what a table loses is kept, in bytes. */
  placed(at: number): number {
    const address = this.layout.numbers(this.size);
    this.graph.store(address, this.#lost(at));
    return address;
  }

  #lost(at: number): Node {
    const { add, multiply, max } = this.graph;
    const isCancelling = this.losses.cancellations.isIn(at);
    const size = isCancelling ? this.#magnitude(at) : this.#value(at);
    const calls = this.losses.exponentials.callsIn(at);
    if (calls.length === 0) return size;
    const exponent = calls.map((call) => this.#exponent(call)).reduce(max);
    const constant = (value: number) => this.graph.constant(value);
    return multiply(size, add(constant(1), multiply(constant(BY_EXPONENT), exponent)));
  }

  #exponent(call: number): Node {
    const { of, times, isBelow } = this.losses.exponentials.exponentOf(call);
    const { graph } = this;
    const first = this.#number(of);
    const zero = graph.constant(0);
    const size = graph.absolute(first);
    const below = isBelow ? graph.select(graph.less(zero, first), zero, size) : size;
    const exponent = times === null ? below : graph.multiply(below, this.#number(times));
    const largest = graph.constant(LARGEST_EXPONENT);
    return graph.select(graph.less(exponent, largest), exponent, largest);
  }

  #number({ kind, at }: Place): Node {
    if (kind === 'table') return this.#value(at);
    let address = this.beside.scalarAt(at) ?? this.scalars.get(at);
    if (address === undefined) {
      address = this.layout.numbers(1);
      this.scalars.set(at, address);
    }
    return this.graph.number(address);
  }

  #absolute(at: number): Node {
    return this.graph.absolute(this.#value(at));
  }

  #value(at: number): Node {
    let address = this.beside.tableAt(at) ?? this.tables.get(at);
    if (address === undefined) {
      address = this.layout.numbers(this.size);
      this.tables.set(at, address);
    }
    return this.graph.running(address);
  }

  #magnitude(at: number): Node {
    let known = this.#known.get(at);
    if (known === undefined) {
      known = this.#compute(at, this.losses.tape.steps.tables[at]);
      this.#known.set(at, known);
    }
    return known;
  }

  #compute(at: number, step: TableStep): Node {
    if (!this.losses.cancellations.isIn(at)) return this.#absolute(at);
    if (step.kind === 'sum') return this.#ofSum(step);
    return step.kind === 'call' ? this.#ofCall(at, step) : this.#absolute(at);
  }

  #ofSum({ terms }: TableStep & { kind: 'sum' }): Node {
    const { add, subtract, multiply, equal } = this.graph;
    const constant = (value: number) => this.graph.constant(value);
    let all = constant(0);
    for (const { factors } of terms) {
      let product = constant(1);
      let lost = constant(0);
      for (const { at, exponent } of factors) {
        const value = this.#absolute(at);
        const power = raised(this.graph, value, exponent);
        lost = multiply(lost, power);
        if (this.losses.cancellations.isIn(at)) {
          const more = subtract(this.#magnitude(at), value);
          const slope =
            exponent === 1
              ? product
              : multiply(
                  multiply(product, constant(Math.abs(exponent))),
                  raised(this.graph, value, exponent - 1),
                );
          const larger = add(lost, multiply(slope, more));
          lost = this.graph.select(equal(more, constant(0)), lost, larger);
        }
        product = multiply(product, power);
      }
      all = add(all, product);
      if (factors.some(({ at }) => this.losses.cancellations.isIn(at))) all = add(all, lost);
    }
    return all;
  }

  #ofCall(at: number, { of }: TableStep & { kind: 'call' }): Node {
    const { add, subtract, multiply, divide, less, equal } = this.graph;
    const constant = (value: number) => this.graph.constant(value);
    let more = constant(0);
    for (const argument of of) {
      if (argument.kind === 'scalar' || !this.losses.cancellations.isIn(argument.at)) continue;
      const size = this.#absolute(argument.at);
      const magnitude = this.#magnitude(argument.at);
      const enlarged = subtract(divide(magnitude, size), constant(1));
      const unlessZero = this.graph.select(equal(size, constant(0)), constant(UNKNOWN), enlarged);
      more = this.graph.select(less(size, magnitude), add(more, unlessZero), more);
    }
    const factor = add(constant(1), multiply(constant(ENLARGED), more));
    return multiply(this.#absolute(at), factor);
  }
}

/** One device at a time, on windows up to a size. */
export class RoundingKernel {
  readonly #run: (bytes: number) => void;
  readonly #graph: RoundingGraph;
  readonly #placed: ReadonlyMap<number, number>;
  #user: object | null = null;
  /** Room for numbers that have to be brought, and what is lost, by the places of tables; on windows of one size. */
  #brought: readonly (readonly [at: number, values: Float64Array])[] = [];
  #tables = new Map<number, Float64Array>();
  #size = 0;

  private constructor(
    readonly beside: TapeKernel,
    losses: Losses,
    tables: readonly number[],
    layout: Layout,
    most: number,
  ) {
    this.#graph = new RoundingGraph(losses, beside, layout, most);
    this.#placed = new Map(tables.map((at) => [at, this.#graph.placed(at)]));
    const code = this.#graph.graph.code();
    const run = func(
      { in: [i32], locals: [i32, ...code.locals], out: [] },
      ([bytes], [offset, ...own]) => writeLoop(code, own, offset, bytes),
    );
    this.#run = compiledOn(run, beside.memory);
  }

  /**
   * @param beside what computes the tables, in whose memory it is
   * @param tables those of which it is asked what they lose
   * @param most levels of a window
   * @returns null where there is no room
   */
  static on(
    beside: TapeKernel,
    losses: Losses,
    tables: readonly number[],
    most: number,
  ): RoundingKernel | null {
    const { tables: steps } = losses.tape.steps;
    const brought = steps.filter((_, at) => beside.tableAt(at) === undefined).length;
    const needed = new Layout();
    for (let n = 0; n < tables.length + brought; n++) needed.numbers(most);
    for (let n = 0; n < 2 * steps.length; n++) needed.numbers(1);
    const at = beside.lend(needed.bytes);
    return at === null ? null : new RoundingKernel(beside, losses, tables, new Layout(at), most);
  }

  /** Where what a table loses is, in bytes; undefined where it is not asked for. */
  tableAt(at: number): number | undefined {
    return this.#placed.get(at);
  }

  /**
   * What a table loses until another device's is asked for; null where it is none of those asked for.
   * @param user stands for the device
   * @param numbers filled with it
   */
  table(user: object, numbers: Tables, at: number): Float64Array | null {
    if (!this.#placed.has(at)) return null;
    this.run(user, numbers);
    return this.#tables.get(at) ?? null;
  }

  /** Has all of it computed for a device. */
  run(user: object, numbers: Tables): void {
    if (this.#user === user) return;
    this.#enter(numbers.size);
    numbers.runKernel();
    for (const [place, values] of this.#brought) values.set(numbers.table(place));
    for (const [place, address] of this.#graph.scalars) {
      this.#view(address, 1)[0] = numbers.scalar(place);
    }
    this.#run(VECTOR * Math.ceil(numbers.size / 2));
    this.#user = user;
  }

  #view(address: number, size: number): Float64Array {
    return new Float64Array(this.beside.memory.buffer, address, size);
  }

  #enter(size: number): void {
    if (this.#size === size) return;
    this.#size = size;
    const views = (placed: ReadonlyMap<number, number>) =>
      [...placed].map(([at, address]) => [at, this.#view(address, size)] as const);
    this.#brought = views(this.#graph.tables);
    this.#tables = new Map(views(this.#placed));
  }
}
