/**
 * The chain rule of scalarSlopes.ts on a graph: from the derivatives by a tape's numbers without a level to those by its
 * parameters. Of the two numbers side by side the first one counts.
 */
import type { FunctionName } from './functions.js';
import { Graph, type Node } from './graph.js';
import type { Parts } from './scalarSlopes.js';
import { ROUNDING } from './scalarSlopes.js';
import { isSmooth, slopesOn } from './slopeGraphs.js';
import { addTo, byFactor, where } from './slopeParts.js';
import type { Layout } from './tableGraph.js';
import type { ScalarStep } from './tapeSteps.js';

const NUMBER = 8;

type Call = ScalarStep & { readonly kind: 'call' };
const callKey = (name: FunctionName, of: readonly number[]): string => `${name} ${of.join(' ')}`;

/** What it begins with, in bytes. */
interface Beginning {
  /** Where a number is. */
  readonly registerOf: (at: number) => number;
  /** Of numbers that have derivatives from tables, where each part of these is the sum of two numbers. */
  readonly sums: ReadonlyMap<number, Parts<number>>;
}

export class ScalarSlopesGraph {
  readonly graph = new Graph();
  /** Where the derivative by each number goes that it has without tables, and behind it its error. */
  readonly given: number;
  /** Where the derivatives by parameters are, and behind them their errors. */
  readonly results: readonly (readonly [name: string, at: number])[];
  /** How many numbers it has: the tape may get more. */
  readonly count: number;
  readonly #found = new Map<number, Parts<Node>>();
  readonly #calls: ReadonlyMap<string, number>;

  /** @param varying of each number whether it depends on parameters */
  constructor(
    steps: readonly ScalarStep[],
    private readonly varying: readonly boolean[],
    private readonly beginning: Beginning,
    layout: Layout,
  ) {
    this.#calls = new Map(
      steps.flatMap((step, at) =>
        step.kind === 'call' ? [[callKey(step.name, step.of), at] as const] : [],
      ),
    );
    this.count = steps.length;
    this.given = layout.numbers(2 * this.count);
    const results: [string, number][] = [];
    const { graph } = this;
    for (let at = steps.length - 1; at >= 0; at--) {
      if (!varying[at]) continue;
      const { slope, error } = this.#known(at);
      const step = steps[at];
      if (step.kind === 'parameter') {
        const place = layout.numbers(4);
        graph.store(place, slope);
        graph.store(place + 2 * NUMBER, error);
        results.push([step.name, place]);
        continue;
      }
      const lost = graph.multiply(graph.constant(ROUNDING), graph.absolute(slope));
      this.#back(step, { slope, error: graph.add(error, lost) });
    }
    this.results = results;
  }

  /** The derivative by a number, to which nothing is added any more. */
  #known(at: number): Parts<Node> {
    const { graph } = this;
    const place = this.given + 2 * NUMBER * at;
    const given = { slope: graph.running(place), error: graph.running(place + NUMBER) };
    addTo(graph, this.#found, at, null, given);
    const sum = this.beginning.sums.get(at);
    if (sum !== undefined) {
      const total = (first: number) =>
        graph.add(graph.running(first), graph.running(first + NUMBER));
      const fromTables = { slope: total(sum.slope), error: total(sum.error) };
      addTo(graph, this.#found, at, null, fromTables);
    }
    return this.#found.get(at) ?? given;
  }

  #value(at: number): Node {
    return this.graph.running(this.beginning.registerOf(at));
  }

  #back(step: ScalarStep, found: Parts<Node>): void {
    const { graph } = this;
    if (step.kind === 'call') this.#backCall(step, found);
    if (step.kind !== 'sum') return;
    for (const { coefficient, factors } of step.terms) {
      factors.forEach(({ at }, k) => {
        if (!this.varying[at]) return;
        const product = byFactor(graph, factors, k, (other) => this.#value(other), found.slope);
        const times = graph.constant(coefficient);
        const by = product === null ? times : graph.multiply(times, product);
        addTo(graph, this.#found, at, by, found);
      });
    }
  }

  #backCall({ name, of }: Call, found: Parts<Node>): void {
    const { graph } = this;
    const read = (other: FunctionName) => {
      const there = this.#calls.get(callKey(other, of));
      return there === undefined ? null : this.#value(there);
    };
    const slopes = slopesOn(
      graph,
      name,
      of.map((at) => this.#value(at)),
      read,
    );
    of.forEach((at, k) => {
      const by = slopes[k];
      if (by === null || !this.varying[at]) return;
      addTo(graph, this.#found, at, isSmooth(name) ? by : where(graph, found.slope, by), found);
    });
  }
}
