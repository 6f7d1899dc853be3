/** The magnitudes of tapeMagnitudes.ts as WebAssembly, two levels at a time and to the same bits. */
import { func, i32 } from 'wasmati';
import { type Cancellations, ENLARGED, UNKNOWN } from './cancelled.js';
import { raised } from './functionGraphs.js';
import { Graph, type Node } from './graph.js';
import { compiledOn, PAGE, VECTOR, writeLoop } from './graphModule.js';
import { Layout } from './tableGraph.js';
import type { TableStep } from './tapeSteps.js';

/** The tables of one device, on a window of so many levels. */
interface Tables {
  readonly size: number;
  table(at: number): Float64Array;
}

/** Magnitudes on a graph of two levels at a time. */
class MagnitudesGraph {
  readonly graph = new Graph();
  /** Where the numbers of tables have to be, in bytes, by their places on the tape. */
  readonly values = new Map<number, number>();
  readonly #known = new Map<number, Node>();

  constructor(
    private readonly steps: readonly TableStep[],
    private readonly cancellations: Cancellations,
    private readonly layout: Layout,
    private readonly size: number,
  ) {}

  /** Where the magnitudes of a table are kept, in bytes. */
  placed(at: number): number {
    const address = this.layout.numbers(this.size);
    this.graph.store(address, this.#magnitude(at));
    return address;
  }

  #absolute(at: number): Node {
    return this.graph.absolute(this.#value(at));
  }

  #value(at: number): Node {
    let address = this.values.get(at);
    if (address === undefined) {
      address = this.layout.numbers(this.size);
      this.values.set(at, address);
    }
    return this.graph.running(address);
  }

  #magnitude(at: number): Node {
    let known = this.#known.get(at);
    if (known === undefined) {
      known = this.#compute(at, this.steps[at]);
      this.#known.set(at, known);
    }
    return known;
  }

  #compute(at: number, step: TableStep): Node {
    if (!this.cancellations.isIn(at)) return this.#absolute(at);
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
        if (this.cancellations.isIn(at)) {
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
      if (factors.some(({ at }) => this.cancellations.isIn(at))) all = add(all, lost);
    }
    return all;
  }

  #ofCall(at: number, { of }: TableStep & { kind: 'call' }): Node {
    const { add, subtract, multiply, divide, less, equal } = this.graph;
    const constant = (value: number) => this.graph.constant(value);
    let more = constant(0);
    for (const argument of of) {
      if (argument.kind === 'scalar' || !this.cancellations.isIn(argument.at)) continue;
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

/** Memory for one device at a time, on windows up to a size. */
export class MagnitudesKernel {
  readonly #memory: WebAssembly.Memory;
  readonly #run: (bytes: number) => void;
  readonly #values: ReadonlyMap<number, number>;
  readonly #placed: ReadonlyMap<number, number>;
  #user: object | null = null;
  /** Room for the numbers, and the magnitudes, by the places of their tables; on windows of one size. */
  #inputs: readonly (readonly [at: number, values: Float64Array])[] = [];
  #tables = new Map<number, Float64Array>();
  #size = 0;

  /**
   * @param tables those whose magnitudes are wanted
   * @param most levels of a window
   */
  constructor(
    steps: readonly TableStep[],
    cancellations: Cancellations,
    tables: readonly number[],
    most: number,
  ) {
    const layout = new Layout();
    const all = new MagnitudesGraph(steps, cancellations, layout, most);
    this.#placed = new Map(tables.map((at) => [at, all.placed(at)]));
    this.#values = all.values;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(layout.bytes / PAGE) });
    const code = all.graph.code();
    const run = func(
      { in: [i32], locals: [i32, ...code.locals], out: [] },
      ([bytes], [offset, ...own]) => writeLoop(code, own, offset, bytes),
    );
    this.#run = compiledOn(run, this.#memory);
  }

  /**
   * The magnitudes of a table until another device's are asked for; null where it is none of those wanted.
   * @param user stands for the device
   * @param numbers filled with it
   */
  table(user: object, numbers: Tables, at: number): Float64Array | null {
    if (!this.#placed.has(at)) return null;
    if (this.#user !== user) {
      this.#enter(numbers.size);
      for (const [place, values] of this.#inputs) values.set(numbers.table(place));
      this.#run(VECTOR * Math.ceil(numbers.size / 2));
      this.#user = user;
    }
    return this.#tables.get(at) ?? null;
  }

  #enter(size: number): void {
    if (this.#size === size) return;
    this.#size = size;
    const { buffer } = this.#memory;
    const view = (address: number) => new Float64Array(buffer, address, size);
    this.#inputs = [...this.#values].map(([at, address]) => [at, view(address)]);
    this.#tables = new Map([...this.#placed].map(([at, address]) => [at, view(address)]));
  }
}
