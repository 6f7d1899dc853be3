/** Derivatives with their errors on a graph, and how they go on along the factors of products. */
import type { Graph, Node } from './graph.js';
import type { Parts } from './scalarSlopes.js';

/** Factors of a product by their places, each with its power. */
type Factors = readonly { readonly at: number; readonly exponent: number }[];

/** Where nothing depends on it there may be no derivative either. */
export function where(graph: Graph, slope: Node, by: Node): Node {
  const zero = graph.constant(0);
  const isNumber = graph.equal(graph.multiply(by, zero), zero);
  return graph.select(isNumber, by, graph.select(graph.equal(slope, zero), zero, by));
}

export function power(graph: Graph, x: Node, exponent: number): Node {
  if (exponent === 1) return x;
  if (exponent === 0.5) return graph.squareRoot(x);
  if (exponent === -1) return graph.divide(graph.constant(1), x);
  if (Number.isInteger(exponent) && exponent > 1) {
    return graph.multiply(x, power(graph, x, exponent - 1));
  }
  return graph.imported(`power ${exponent}`, (value) => value ** exponent, x);
}

function powerSlope(graph: Graph, x: Node, exponent: number): Node {
  if (exponent === 2) return graph.multiply(graph.constant(2), x);
  if (exponent === 0.5) return graph.divide(graph.constant(0.5), graph.squareRoot(x));
  if (exponent === -1) return graph.divide(graph.divide(graph.constant(-1), x), x);
  return graph.multiply(graph.constant(exponent), power(graph, x, exponent - 1));
}

/**
 * The derivative of a product by its k-th factor; null where it is 1.
 * @param numberAt gives the factors
 * @param slope the derivative by the product
 */
export function byFactor(
  graph: Graph,
  factors: Factors,
  k: number,
  numberAt: (at: number) => Node,
  slope: Node,
): Node | null {
  let by: Node | null = null;
  factors.forEach(({ at, exponent }, j) => {
    if (j === k && exponent === 1) return;
    const x = numberAt(at);
    const change = j === k ? powerSlope(graph, x, exponent) : power(graph, x, exponent);
    const isEverywhere = exponent >= (j === k ? 1 : 0);
    const factor = isEverywhere ? change : where(graph, slope, change);
    by = by === null ? factor : graph.multiply(by, factor);
  });
  return by;
}

/** Adds to what is known of a derivative. @param by null for 1 */
export function addTo<Key>(
  graph: Graph,
  known: Map<Key, Parts<Node>>,
  at: Key,
  by: Node | null,
  { slope, error }: Parts<Node>,
): void {
  const before = known.get(at);
  const sum = (x: Node | undefined, y: Node) => (x === undefined ? y : graph.add(x, y));
  const times = (x: Node, factor: Node | null) => (factor === null ? x : graph.multiply(factor, x));
  const size = by === null ? null : graph.absolute(by);
  known.set(at, {
    slope: sum(before?.slope, times(slope, by)),
    error: sum(before?.error, times(error, size)),
  });
}
