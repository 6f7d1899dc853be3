/**
 * Functions of exactFunctions.ts as WebAssembly, of two calls side by side: the same operations in the same order, where
 * all of them are in range. What is not is told, and left to the function itself.
 */
import { func, i32, local } from 'wasmati';
import { type DoubleDouble, SPLITTER } from '../numbers/doubleDouble.js';
import { WHOLE } from './boseFactor.js';
import { ONE, SERIES } from './exactFunctions.js';
import type { FunctionName } from './functions.js';
import { Graph, type Node } from './graph.js';

/** A number in two parts. */
interface Exact {
  readonly high: Node;
  readonly low: Node;
}

const VECTOR = 16;
const MOST_ARGUMENTS = 4;
/**
 * Where the calls' numbers are, in bytes from where their memory begins: the arguments, each in two parts of both calls, the
 * results, and whether these are in range.
 */
const ARGUMENT = 2 * VECTOR;
const RESULT = MOST_ARGUMENTS * ARGUMENT;
const IS_INSIDE = RESULT + ARGUMENT;
export const CALLS = { argument: ARGUMENT, result: RESULT, isInside: IS_INSIDE } as const;
/** Numbers that they have room for. */
export const ROOM_OF_CALLS = (IS_INSIDE + VECTOR) / Float64Array.BYTES_PER_ELEMENT;

/** Between these neither squares nor products of a few numbers are beyond the range. */
const [LEAST, MOST] = [2 ** -100, 2 ** 100];
/** So far from 0 all digits of e^x are in range. */
const FARTHEST = 600;
/** Nearer to 0 e^x − 1 is not what is left of e^x. */
const NEAR = 0.34;

/** The arithmetic of ExactLanes where nothing is infinite. */
class ExactGraph {
  readonly #inside: Node[] = [];

  constructor(readonly graph: Graph) {}

  constant({ high, low }: DoubleDouble): Exact {
    return { high: this.graph.constant(high), low: this.graph.constant(low) };
  }

  /** A number that float64 has all digits of. */
  made(high: Node): Exact {
    return { high, low: this.graph.constant(0) };
  }

  add({ high: x, low: u }: Exact, { high: y, low: v }: Exact): Exact {
    const { add, subtract } = this.graph;
    const sum = add(x, y);
    const part = subtract(sum, x);
    const lost = add(subtract(x, subtract(sum, part)), subtract(y, part));
    const rest = add(u, v);
    const restPart = subtract(rest, u);
    const restLost = add(subtract(u, subtract(rest, restPart)), subtract(v, restPart));
    const more = add(lost, rest);
    const first = add(sum, more);
    const last = add(subtract(more, subtract(first, sum)), restLost);
    return this.#quickSum(first, last);
  }

  subtract(a: Exact, { high, low }: Exact): Exact {
    const { negate } = this.graph;
    return this.add(a, { high: negate(high), low: negate(low) });
  }

  multiply({ high: x, low: u }: Exact, { high: y, low: v }: Exact): Exact {
    const { add, subtract, multiply } = this.graph;
    const product = multiply(x, y);
    const [xHigh, xLow] = this.#split(x);
    const [yHigh, yLow] = this.#split(y);
    const lost = [multiply(xHigh, yLow), multiply(xLow, yHigh), multiply(xLow, yLow)].reduce(
      add,
      subtract(multiply(xHigh, yHigh), product),
    );
    return this.#quickSum(product, add(lost, add(multiply(x, v), multiply(u, y))));
  }

  /** c a, for powers of two. */
  times({ high, low }: Exact, c: Node): Exact {
    const { multiply } = this.graph;
    return { high: multiply(c, high), low: multiply(c, low) };
  }

  divide(a: Exact, b: Exact): Exact {
    const { divide } = this.graph;
    const first = divide(a.high, b.high);
    const rest = this.subtract(a, this.multiply(b, this.made(first)));
    const second = divide(rest.high, b.high);
    const last = this.subtract(rest, this.multiply(b, this.made(second)));
    const third = divide(last.high, b.high);
    return this.add(this.#quickSum(first, second), this.made(third));
  }

  select(condition: Node, a: Exact, b: Exact): Exact {
    const part = (name: keyof Exact) => this.graph.select(condition, a[name], b[name]);
    return { high: part('high'), low: part('low') };
  }

  /** Takes note that results are wanted only where the magnitude of a number is between others. */
  within({ high }: Exact, least: number, most: number): void {
    const { graph } = this;
    const size = graph.absolute(high);
    this.require(graph.equal(graph.noMore(graph.noLess(size, least), most), size));
  }

  require(condition: Node): void {
    this.#inside.push(condition);
  }

  /** All that was required. */
  get isInside(): Node {
    const { graph } = this;
    return this.#inside.reduce((all, one) => graph.select(all, one, graph.constant(0)));
  }

  #split(x: Node): readonly [upper: Node, lower: Node] {
    const { subtract, multiply } = this.graph;
    const product = multiply(this.graph.constant(SPLITTER), x);
    const upper = subtract(product, subtract(product, x));
    return [upper, subtract(x, upper)];
  }

  #quickSum(a: Node, b: Node): Exact {
    const { add, subtract } = this.graph;
    const high = add(a, b);
    return { high, low: subtract(b, subtract(high, a)) };
  }
}

function exponentialMinusOneNearZero(on: ExactGraph, x: Exact): Exact {
  const { graph } = on;
  const { coefficients, firstSmall, halvings } = SERIES;
  const r = on.times(x, graph.constant(2 ** -halvings));
  const small = coefficients.slice(firstSmall).map(({ high }) => graph.constant(high));
  let series = on.made(small.reduceRight((tail, c) => graph.add(c, graph.multiply(r.high, tail))));
  for (let n = firstSmall - 1; n >= 1; n--) {
    series = on.add(on.constant(coefficients[n]), on.multiply(r, series));
  }
  let p = on.multiply(r, series);
  for (let k = 0; k < halvings; k++) {
    p = on.add(on.times(p, graph.constant(2)), on.multiply(p, p));
  }
  return p;
}

function exponentialLess(on: ExactGraph, x: Exact, less: 0 | 1): Exact {
  const { graph } = on;
  const { ln2 } = SERIES;
  on.within(x, LEAST, FARTHEST);
  const multiple = graph.divide(x.high, graph.constant(ln2[0]));
  const whole = graph.add(multiple, graph.constant(WHOLE));
  const k = graph.subtract(whole, graph.constant(WHOLE));
  // Halfway between whole numbers it is not the one that Math.round takes.
  const distance = graph.absolute(graph.subtract(multiple, k));
  on.require(graph.less(distance, graph.constant(0.5)));
  const rest = ln2.reduce(
    (r, part) => on.subtract(r, on.made(graph.multiply(k, graph.constant(part)))),
    x,
  );
  const p = exponentialMinusOneNearZero(on, rest);
  const one = on.constant(ONE);
  const half = on.times(on.add(one, p), graph.halfPower(whole));
  const all = on.times(half, graph.constant(2));
  if (less === 0) return all;
  const isNear = graph.less(graph.absolute(x.high), graph.constant(NEAR));
  return on.select(isNear, p, on.subtract(all, one));
}

function ohmicEmission(on: ExactGraph, [omega, beta, coupling, cutoff]: readonly Exact[]): Exact {
  const { graph } = on;
  for (const each of [omega, beta, coupling, cutoff]) on.within(each, LEAST, MOST);
  const scaled = on.divide(omega, cutoff);
  const lorentzian = on.add(on.constant(ONE), on.multiply(scaled, scaled));
  const damping = on.multiply(beta, lorentzian);
  const strength = on.divide(on.multiply(coupling, coupling), damping);
  const isNegative = graph.less(omega.high, graph.constant(0));
  const size = on.select(isNegative, on.times(omega, graph.constant(-1)), omega);
  const x = on.multiply(beta, size);
  const lower = on.multiply(strength, on.divide(x, exponentialLess(on, x, 1)));
  const upper = on.add(lower, on.multiply(strength, x));
  return on.select(isNegative, lower, upper);
}

const GRAPHS: {
  readonly [Name in FunctionName]?: (on: ExactGraph, of: readonly Exact[]) => Exact;
} = {
  exponential: (on, [x]) => exponentialLess(on, x, 0),
  exponentialMinusOne: (on, [x]) => exponentialLess(on, x, 1),
  ohmicEmission,
};

function written(compute: (on: ExactGraph, of: readonly Exact[]) => Exact) {
  const graph = new Graph();
  const on = new ExactGraph(graph);
  const part = (at: number): Exact => ({
    high: graph.running(at),
    low: graph.running(at + VECTOR),
  });
  const of = Array.from({ length: MOST_ARGUMENTS }, (_, k) => part(ARGUMENT * k));
  const { high, low } = compute(on, of);
  graph.store(RESULT, high);
  graph.store(RESULT + VECTOR, low);
  graph.store(IS_INSIDE, on.isInside);
  const code = graph.code();
  return func({ in: [i32], locals: [i32, ...code.locals], out: [] }, ([at], [offset, ...own]) => {
    local.set(offset, at);
    code.write('steady', own, offset);
    code.write('running', own, offset);
  });
}

const known = new Map<FunctionName, ReturnType<typeof written> | null>();

/** Two calls of a function, on memory that begins at an address; null where there is no code for it. */
export function callsOf(name: FunctionName): ReturnType<typeof written> | null {
  let found = known.get(name);
  if (found === undefined) {
    const compute = GRAPHS[name];
    found = compute === undefined ? null : written(compute);
    known.set(name, found);
  }
  return found;
}
