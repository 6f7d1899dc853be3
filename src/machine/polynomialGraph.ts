/** Polynomials with double-double coefficients on a graph: the operations of `polynomialTable`, without a branch. */
import { NOTHING, SPLITTER } from './doubleDouble.js';
import type { Graph, Node } from './graph.js';

/** A double-double among the nodes of a graph. */
export interface NodePair {
  readonly high: Node;
  readonly low: Node;
}

/** Σ_n c_n xⁿ rounded once, as `polynomialTable` has it. */
export function polynomialOn(graph: Graph, coefficients: readonly NodePair[], x: Node): Node {
  const degree = coefficients.length - 1;
  if (degree <= 0) return degree < 0 ? graph.constant(0) : coefficients[0].high;
  let { high, low } = coefficients[degree];
  let magnitude = graph.absolute(high);
  for (let n = degree - 1; n >= 0; n--) {
    const product = graph.multiply(high, x);
    const split = graph.multiply(graph.constant(SPLITTER), high);
    const upper = graph.subtract(split, graph.subtract(split, high));
    const lower = graph.subtract(high, upper);
    const error = graph.add(
      graph.subtract(graph.multiply(upper, x), product),
      graph.multiply(lower, x),
    );
    const rest = graph.select(
      graph.isFinite(error),
      graph.add(error, graph.multiply(low, x)),
      graph.constant(0),
    );
    const { high: c, low: d } = coefficients[n];
    const sum = graph.add(product, c);
    const part = graph.subtract(sum, product);
    const lost = graph.add(
      graph.add(graph.subtract(product, graph.subtract(sum, part)), graph.subtract(c, part)),
      graph.add(rest, d),
    );
    high = graph.add(sum, lost);
    low = graph.select(
      graph.isFinite(high),
      graph.subtract(lost, graph.subtract(high, sum)),
      graph.constant(0),
    );
    magnitude = graph.add(graph.multiply(magnitude, graph.absolute(x)), graph.absolute(c));
  }
  const least = graph.multiply(graph.constant(NOTHING), magnitude);
  return graph.select(graph.less(graph.absolute(high), least), graph.constant(0), high);
}
