/**
 * The float64 functions of functions.ts on a graph: the same operations in the same order, both sides of each branch.
 * A function that is not here is called number by number.
 */
import { EVEN, LEAST, LN2, MOST, ODD, PER_LN2, WHOLE } from './boseFactor.js';
import { type FunctionName, functionForm } from './functions.js';
import type { Graph, Node } from './graph.js';
import { powerBy } from './powers.js';

type GraphFunction = (graph: Graph, ...values: Node[]) => Node;

export function hypotenuse(graph: Graph, h: Node, v: Node): Node {
  const [x, y] = [graph.absolute(h), graph.absolute(v)];
  const larger = graph.max(x, y);
  const [a, b] = [graph.divide(x, larger), graph.divide(y, larger)];
  const root = graph.squareRoot(graph.add(graph.multiply(a, a), graph.multiply(b, b)));
  const isEnd = graph.or(
    graph.equal(larger, graph.constant(0)),
    graph.equal(larger, graph.constant(Number.POSITIVE_INFINITY)),
  );
  return graph.select(isEnd, larger, graph.multiply(root, larger));
}

/** As powers.ts has it. */
export function raised(graph: Graph, x: Node, exponent: number): Node {
  if (exponent === 0) return graph.constant(1);
  const { multiply, squareRoot, divide } = graph;
  const inverse = (a: Node) => divide(graph.constant(1), a);
  return powerBy({ multiply, squareRoot, inverse }, x, exponent);
}

export const isNegative = (graph: Graph, x: Node): Node => graph.less(x, graph.constant(0));

const withSignOf = (graph: Graph, h: Node, x: Node): Node =>
  graph.select(isNegative(graph, h), graph.negate(x), x);

const twice = (graph: Graph, x: Node): Node => graph.multiply(graph.constant(2), x);

export const unlessZero = (graph: Graph, x: Node, otherwise: number, value: Node): Node =>
  graph.select(graph.equal(x, graph.constant(0)), graph.constant(otherwise), value);

function cosineOf(graph: Graph, h: Node, split: Node): Node {
  const share = graph.divide(graph.add(split, graph.absolute(h)), twice(graph, split));
  return unlessZero(graph, split, 1, graph.squareRoot(share));
}

function sineOf(graph: Graph, h: Node, v: Node, split: Node, cosine: Node): Node {
  const below = graph.multiply(twice(graph, split), cosine);
  return unlessZero(graph, split, 0, graph.divide(withSignOf(graph, h, v), below));
}

/** The sines and cosines of the mixing angles of two pairs with one coupling. */
function anglesOf(graph: Graph, h: Node, other: Node, v: Node) {
  const [split, split2] = [hypotenuse(graph, h, v), hypotenuse(graph, other, v)];
  const [c, c2] = [cosineOf(graph, h, split), cosineOf(graph, other, split2)];
  const [s, s2] = [sineOf(graph, h, v, split, c), sineOf(graph, other, v, split2, c2)];
  const [one, zero] = [graph.constant(1), graph.constant(0)];
  const sign = (x: Node) => graph.select(isNegative(graph, x), one, zero);
  return {
    ...{ c, s, c2, s2 },
    product: graph.multiply(twice(graph, split), twice(graph, split2)),
    isOneSign: graph.equal(sign(h), sign(other)),
  };
}

function polynomial(graph: Graph, coefficients: readonly number[], x: Node): Node {
  const [first, ...others] = coefficients.map((c) => graph.constant(c));
  return others.reduce((sum, c) => graph.add(c, graph.multiply(x, sum)), first);
}

/** x ≥ 0 as a multiple of ln 2 and a remainder r. */
function reduced(graph: Graph, x: Node) {
  const { add, subtract, multiply } = graph;
  const constant = (value: number) => graph.constant(value);
  const some = graph.noLess(x, LEAST);
  const y = graph.noMore(some, MOST);
  const whole = add(multiply(y, constant(PER_LN2)), constant(WHOLE));
  const k = subtract(whole, constant(WHOLE));
  const [high, low] = LN2.map((part) => multiply(k, constant(part)));
  const r = graph.pause(subtract(subtract(y, high), low));
  const square = multiply(r, r);
  const odd = graph.pause(multiply(r, polynomial(graph, ODD, square)));
  const beyondLinear = graph.pause(add(polynomial(graph, EVEN, square), odd));
  return { some, whole, k, r, square, beyondLinear };
}

/** As boseFactor.ts has it. */
export function boseFactor(graph: Graph, x: Node): Node {
  const { add, subtract, multiply } = graph;
  const { some, whole, r, square, beyondLinear } = reduced(graph, x);
  const p = add(r, multiply(square, beyondLinear));
  const half = graph.halfPower(whole);
  const sum = add(multiply(half, p), subtract(half, graph.constant(0.5)));
  return graph.divide(some, twice(graph, sum));
}

/** As boseFactor.ts has it. */
export function boseSlope(graph: Graph, x: Node, b: Node): Node {
  const { subtract, multiply } = graph;
  const { k, beyondLinear } = reduced(graph, x);
  const one = graph.constant(1);
  const rest = subtract(one, x);
  const near = multiply(b, multiply(b, subtract(multiply(beyondLinear, rest), one)));
  const far = multiply(graph.divide(b, x), subtract(rest, b));
  return graph.select(graph.equal(k, graph.constant(0)), near, far);
}

const GRAPHS: { readonly [Name in FunctionName]?: GraphFunction } = {
  square: (graph, x) => graph.multiply(x, x),
  squareRoot: (graph, x) => graph.squareRoot(x),
  whole: (_graph, x) => x,
  inverse: (graph, x) => graph.divide(graph.constant(1), x),
  mixingCosine: (graph, h, v) => cosineOf(graph, h, hypotenuse(graph, h, v)),
  mixingSine: (graph, h, v) => {
    const split = hypotenuse(graph, h, v);
    return sineOf(graph, h, v, split, cosineOf(graph, h, split));
  },
  mixingShift: (graph, h, v) => {
    const wide = graph.add(hypotenuse(graph, h, v), graph.absolute(h));
    const above = graph.multiply(withSignOf(graph, h, v), v);
    return unlessZero(graph, wide, 0, graph.divide(above, wide));
  },
  mixingSplitting: (graph, h, v) => {
    const two = graph.select(isNegative(graph, h), graph.constant(-2), graph.constant(2));
    return graph.multiply(two, hypotenuse(graph, h, v));
  },
  mixingTurn: (graph, h, other, step, v) => {
    const { c, s, c2, s2, product, isOneSign } = anglesOf(graph, h, other, v);
    const apart = graph.subtract(graph.multiply(s, c2), graph.multiply(c, s2));
    const cosine = graph.add(graph.multiply(c, c2), graph.multiply(s, s2));
    const near = graph.divide(
      graph.multiply(twice(graph, v), step),
      graph.multiply(product, cosine),
    );
    return graph.select(isOneSign, unlessZero(graph, product, 0, near), apart);
  },
  mixingTogether: (graph, h, other, step, v) => {
    const { c, s, c2, s2, product, isOneSign } = anglesOf(graph, h, other, v);
    const apart = graph.subtract(graph.multiply(c, s2), graph.multiply(s, c2));
    const below = graph.multiply(product, apart);
    const cosine = graph.add(graph.multiply(c, c2), graph.multiply(s, s2));
    const far = graph.divide(graph.multiply(twice(graph, v), step), below);
    const isDirect = graph.or(isOneSign, graph.equal(below, graph.constant(0)));
    return graph.select(isDirect, cosine, far);
  },
  ohmicEmission: (graph, omega, beta, coupling, cutoff) => {
    const scaled = graph.divide(omega, cutoff);
    const damping = graph.add(graph.constant(1), graph.multiply(scaled, scaled));
    const strength = graph.divide(graph.divide(graph.multiply(coupling, coupling), damping), beta);
    const x = graph.multiply(beta, graph.absolute(omega));
    const lower = graph.multiply(strength, boseFactor(graph, x));
    const upper = graph.add(lower, graph.multiply(strength, x));
    return graph.select(graph.atLeast(omega, graph.constant(0)), upper, lower);
  },
};

export function functionOn(graph: Graph, name: FunctionName, of: readonly Node[]): Node {
  const known = GRAPHS[name];
  if (known !== undefined) return known(graph, ...of);
  const [first, ...others] = of;
  return graph.imported(name, functionForm(name).float64, first, ...others);
}
