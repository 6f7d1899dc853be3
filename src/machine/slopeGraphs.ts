/**
 * The derivatives of functionSlopes.ts on a graph, both sides of each branch. Of a function that is not here each
 * derivative is computed number by number.
 */
import {
  boseFactor,
  boseSlope,
  functionOn,
  hypotenuse,
  isNegative,
  unlessZero,
} from './functionGraphs.js';
import { MOST_ARGUMENTS, slopesOf } from './functionSlopes.js';
import type { FunctionName } from './functions.js';
import type { Graph, Node } from './graph.js';

/**
 * Derivatives by the arguments, in their order; null for one by which there is none.
 * @param read gives the value of a function of the same arguments
 */
type SlopeGraph = (
  graph: Graph,
  read: (name: FunctionName) => Node,
  ...of: Node[]
) => readonly (Node | null)[];

const twice = (graph: Graph, x: Node): Node => graph.multiply(graph.constant(2), x);
const half = (graph: Graph, x: Node): Node => graph.multiply(graph.constant(0.5), x);

/** 1/√(h² + v²), and 0 where that has no value. */
function inverseSplit(graph: Graph, h: Node, v: Node): Node {
  const split = hypotenuse(graph, h, v);
  return unlessZero(graph, split, 0, graph.divide(graph.constant(1), split));
}

/** How the mixing angle turns with h and v. */
function turning(graph: Graph, h: Node, v: Node): readonly [byHalf: Node, byCoupling: Node] {
  const inverse = inverseSplit(graph, h, v);
  const part = (x: Node) => graph.multiply(graph.multiply(x, inverse), half(graph, inverse));
  return [graph.negate(part(v)), part(h)];
}

/** Of the sine or the cosine of the difference of two mixing angles, from the other one of the two. */
const ofDifference =
  (partner: 'mixingTurn' | 'mixingTogether', sign: 1 | -1): SlopeGraph =>
  (graph, read, h, other, step, v) => {
    const [first, second] = [inverseSplit(graph, h, v), inverseSplit(graph, other, v)];
    const scale = graph.multiply(half(graph, step), graph.multiply(first, second));
    const [a, b] = [graph.multiply(h, first), graph.multiply(v, first)];
    const [c, d] = [graph.multiply(other, second), graph.multiply(v, second)];
    const [ad, bc] = [graph.multiply(a, d), graph.multiply(b, c)];
    const [ac, bd] = [graph.multiply(a, c), graph.multiply(b, d)];
    const found = read(partner);
    const factor = sign === 1 ? found : graph.negate(found);
    const scaled = graph.multiply(factor, scale);
    return [
      graph.negate(graph.multiply(scaled, graph.add(ad, bc))),
      null,
      graph.multiply(factor, graph.multiply(d, half(graph, second))),
      graph.multiply(scaled, graph.subtract(ac, bd)),
    ];
  };

/** By |ω|, so that those of ω and of −ω have most of it in common. */
const ohmicEmission: SlopeGraph = (graph, _read, omega, beta, coupling, cutoff) => {
  const { add, subtract, multiply, divide } = graph;
  const [one, two] = [1, 2].map((value) => graph.constant(value));
  const size = graph.absolute(omega);
  const perCutoff = divide(one, cutoff);
  const scaled = multiply(size, perCutoff);
  const damped = divide(one, add(one, multiply(scaled, scaled)));
  const byFrequency = multiply(multiply(scaled, damped), multiply(two, perCutoff));
  const x = multiply(beta, size);
  const b = boseFactor(graph, x);
  const slope = boseSlope(graph, x, b);
  const square = multiply(coupling, coupling);
  const strength = multiply(square, damped);
  const bent = multiply(damped, subtract(b, multiply(x, slope)));
  const isUp = graph.atLeast(omega, graph.constant(0));
  const emission = multiply(damped, graph.select(isUp, add(b, x), b));
  const falling = multiply(multiply(divide(square, beta), emission), byFrequency);
  const steepness = subtract(multiply(strength, slope), falling);
  return [
    graph.select(isUp, add(strength, steepness), graph.negate(steepness)),
    multiply(graph.negate(divide(divide(square, beta), beta)), bent),
    multiply(divide(multiply(two, coupling), beta), emission),
    multiply(falling, scaled),
  ];
};

const GRAPHS: { readonly [Name in FunctionName]?: SlopeGraph } = {
  square: (graph, _, x) => [twice(graph, x)],
  squareRoot: (graph, _, x) => [graph.divide(graph.constant(0.5), graph.squareRoot(x))],
  whole: (graph) => [graph.constant(1)],
  inverse: (graph, _, x) => [graph.divide(graph.divide(graph.constant(-1), x), x)],
  mixingCosine: (graph, read, h, v) => {
    const sine = read('mixingSine');
    return turning(graph, h, v).map((by) => graph.negate(graph.multiply(sine, by)));
  },
  mixingSine: (graph, read, h, v) => {
    const cosine = read('mixingCosine');
    return turning(graph, h, v).map((by) => graph.multiply(cosine, by));
  },
  mixingShift: (graph, read, h, v) => {
    const inverse = inverseSplit(graph, h, v);
    const shift = graph.absolute(read('mixingShift'));
    const signed = graph.select(isNegative(graph, h), graph.negate(v), v);
    return [graph.negate(graph.multiply(shift, inverse)), graph.multiply(signed, inverse)];
  },
  mixingSplitting: (graph, _, h, v) => {
    const inverse = twice(graph, inverseSplit(graph, h, v));
    const signed = graph.select(isNegative(graph, h), graph.negate(v), v);
    return [graph.multiply(graph.absolute(h), inverse), graph.multiply(signed, inverse)];
  },
  mixingTurn: ofDifference('mixingTogether', 1),
  mixingTogether: ofDifference('mixingTurn', -1),
  ohmicEmission,
};

/** Whether the derivatives on a graph are numbers wherever the function is one. */
export const isSmooth = (name: FunctionName): boolean =>
  name in GRAPHS && name !== 'squareRoot' && name !== 'inverse';

/**
 * Derivatives of a function by its arguments.
 * @param read gives the value of a function of the same arguments where that is known
 */
export function slopesOn(
  graph: Graph,
  name: FunctionName,
  of: readonly Node[],
  read: (name: FunctionName) => Node | null,
): readonly (Node | null)[] {
  const known = GRAPHS[name];
  if (known !== undefined) {
    return known(graph, (other) => read(other) ?? functionOn(graph, other, of), ...of);
  }
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
