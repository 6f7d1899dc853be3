/**
 * The derivatives of functionSlopes.ts on a graph, both sides of each branch. Of a function that is not here each
 * derivative is computed number by number.
 */
import { boseFactor, functionOn, hypotenuse, isNegative, unlessZero } from './functionGraphs.js';
import { BERNOULLI, MOST_ARGUMENTS, SERIES_BELOW, slopesOf } from './functionSlopes.js';
import type { FunctionName } from './functions.js';
import type { Graph, Node } from './graph.js';

/** Derivatives by the arguments, in their order; null for one by which there is none. */
type SlopeGraph = (graph: Graph, ...of: Node[]) => readonly (Node | null)[];

const twice = (graph: Graph, x: Node): Node => graph.multiply(graph.constant(2), x);

/** How the mixing angle turns with h and v. */
function turning(graph: Graph, h: Node, v: Node): readonly [byHalf: Node, byCoupling: Node] {
  const split = hypotenuse(graph, h, v);
  const below = twice(graph, split);
  const part = (x: Node) => graph.divide(graph.divide(x, split), below);
  return [unlessZero(graph, split, 0, graph.negate(part(v))), unlessZero(graph, split, 0, part(h))];
}

/** Of the sine or the cosine of the difference of two mixing angles, from the other one of the two. */
const ofDifference =
  (partner: 'mixingTurn' | 'mixingTogether', sign: 1 | -1): SlopeGraph =>
  (graph, h, other, step, v) => {
    const [first, second] = [hypotenuse(graph, h, v), hypotenuse(graph, other, v)];
    const below = graph.multiply(twice(graph, first), second);
    const scale = graph.divide(step, below);
    const [a, b] = [graph.divide(h, first), graph.divide(v, first)];
    const [c, d] = [graph.divide(other, second), graph.divide(v, second)];
    const [ad, bc] = [graph.multiply(a, d), graph.multiply(b, c)];
    const [ac, bd] = [graph.multiply(a, c), graph.multiply(b, d)];
    const found = functionOn(graph, partner, [h, other, step, v]);
    const factor = sign === 1 ? found : graph.negate(found);
    const part = (x: Node) =>
      graph.multiply(factor, unlessZero(graph, first, 0, unlessZero(graph, second, 0, x)));
    return [
      part(graph.negate(graph.multiply(scale, graph.add(ad, bc)))),
      null,
      part(graph.divide(d, twice(graph, second))),
      part(graph.multiply(scale, graph.subtract(ac, bd))),
    ];
  };

/** The derivative of b(x) = x/(eˣ − 1) for x ≥ 0. */
function boseSlope(graph: Graph, x: Node, b: Node): Node {
  const rest = graph.subtract(graph.subtract(graph.constant(1), x), b);
  const far = graph.multiply(graph.divide(b, x), rest);
  const square = graph.multiply(x, x);
  const tail = BERNOULLI.reduceRight(
    (sum, coefficient) => graph.add(graph.multiply(sum, square), graph.constant(coefficient)),
    graph.constant(0),
  );
  const near = graph.subtract(graph.multiply(x, tail), graph.constant(0.5));
  return graph.select(graph.atLeast(x, graph.constant(SERIES_BELOW)), far, near);
}

const ohmicEmission: SlopeGraph = (graph, omega, beta, coupling, cutoff) => {
  const scaled = graph.divide(omega, cutoff);
  const square = graph.multiply(scaled, scaled);
  const damping = graph.add(graph.constant(1), square);
  const x = graph.multiply(beta, graph.absolute(omega));
  const b = boseFactor(graph, x);
  const slope = boseSlope(graph, x, b);
  const isUp = graph.atLeast(omega, graph.constant(0));
  const emission = graph.select(isUp, graph.add(b, x), b);
  const steepness = graph.select(isUp, graph.add(graph.constant(1), slope), graph.negate(slope));
  const strength = graph.divide(graph.multiply(coupling, coupling), damping);
  const share = graph.divide(strength, beta);
  const emitted = graph.multiply(share, emission);
  const byFrequency = graph.divide(graph.divide(twice(graph, scaled), cutoff), damping);
  const bent = graph.subtract(b, graph.multiply(x, slope));
  return [
    graph.subtract(graph.multiply(strength, steepness), graph.multiply(emitted, byFrequency)),
    graph.negate(graph.divide(graph.multiply(share, bent), beta)),
    graph.multiply(graph.divide(graph.divide(twice(graph, coupling), damping), beta), emission),
    graph.divide(graph.divide(graph.multiply(emitted, twice(graph, square)), cutoff), damping),
  ];
};

const GRAPHS: { readonly [Name in FunctionName]?: SlopeGraph } = {
  square: (graph, x) => [twice(graph, x)],
  squareRoot: (graph, x) => [graph.divide(graph.constant(0.5), graph.squareRoot(x))],
  whole: (graph) => [graph.constant(1)],
  inverse: (graph, x) => [graph.divide(graph.divide(graph.constant(-1), x), x)],
  mixingCosine: (graph, h, v) => {
    const sine = functionOn(graph, 'mixingSine', [h, v]);
    return turning(graph, h, v).map((by) => graph.negate(graph.multiply(sine, by)));
  },
  mixingSine: (graph, h, v) => {
    const cosine = functionOn(graph, 'mixingCosine', [h, v]);
    return turning(graph, h, v).map((by) => graph.multiply(cosine, by));
  },
  mixingShift: (graph, h, v) => {
    const split = hypotenuse(graph, h, v);
    const shift = graph.absolute(functionOn(graph, 'mixingShift', [h, v]));
    const sign = graph.select(isNegative(graph, h), graph.constant(-1), graph.constant(1));
    return [
      unlessZero(graph, split, 0, graph.negate(graph.divide(shift, split))),
      unlessZero(graph, split, 0, graph.divide(graph.multiply(sign, v), split)),
    ];
  },
  mixingSplitting: (graph, h, v) => {
    const split = hypotenuse(graph, h, v);
    const two = graph.select(isNegative(graph, h), graph.constant(-2), graph.constant(2));
    return [
      unlessZero(graph, split, 0, graph.divide(twice(graph, graph.absolute(h)), split)),
      unlessZero(graph, split, 0, graph.divide(graph.multiply(two, v), split)),
    ];
  },
  mixingTurn: ofDifference('mixingTogether', 1),
  mixingTogether: ofDifference('mixingTurn', -1),
  ohmicEmission,
};

/** Whether the derivatives on a graph are numbers wherever the function is one. */
export const isSmooth = (name: FunctionName): boolean =>
  name in GRAPHS && name !== 'squareRoot' && name !== 'inverse';

/** Derivatives of a function by its arguments. */
export function slopesOn(
  graph: Graph,
  name: FunctionName,
  of: readonly Node[],
): readonly (Node | null)[] {
  const known = GRAPHS[name];
  if (known !== undefined) return known(graph, ...of);
  const derivatives = slopesOf(name);
  const slopes = new Float64Array(MOST_ARGUMENTS);
  const [first, ...others] = of;
  return of.map((_, k) =>
    graph.imported(
      `${name} by ${k}`,
      (a, b, c, d) => {
        derivatives(slopes, a, b, c, d);
        return slopes[k];
      },
      first,
      ...others,
    ),
  );
}
