/** What a generator in layers, or its transposed, takes to a given vector, refined as its null vector is. */
import { dot } from '../norm.js';
import { type LayeredMatrix, VECTORS } from './layeredMatrix.js';
import { type LayeredStopping, roomFor, solveLayered } from './layeredSolver.js';

export interface LayeredResponse {
  readonly x: Float64Array;
  /** b − L x, of all rows that it has: those of what is left out, too. */
  readonly rest: Float64Array;
  /** Its norm among what is solved for, and in the rows of what is left out. */
  readonly residual: number;
  readonly leftOut: number;
  /** |L| |x| at the first number of each element. */
  readonly terms: Float64Array;
  /** The norm of these and of b, of which rounding takes its share. */
  readonly magnitude: number;
}

/**
 * Of product 1, vectors that L and its transposed take to 0, or to a number times themselves that is next to none: of a
 * generator its steady state, and the trace.
 */
export interface NullVectors {
  readonly right: Float64Array;
  readonly left: Float64Array;
}

const EPSILON = 2 ** -53;
const MOST_ITERATIONS = 60;
const PATIENCE = 12;

/** How far it is solved. */
export interface Accuracy {
  /** What one pass reaches at best, relative to its right-hand side. */
  readonly inner: number;
  readonly passes: number;
}

/** Down to what rounding leaves. */
export const REFINED: Accuracy = { inner: 1e-13, passes: 6 };
/** By one pass: for what a difference counts. */
export const ROUGH: Accuracy = { inner: 1e-7, passes: 1 };

/** For how many vectors there has to be room. */
export const RESPONSE_ROOM = roomFor(MOST_ITERATIONS);

/** b without what each left null vector has of it, as multiples of the right ones. */
function projected(b: Float64Array, nulls: readonly NullVectors[]): Float64Array {
  const found = b.slice();
  for (const { left, right } of nulls) {
    const share = dot(left, b);
    for (let i = 0; i < b.length; i++) found[i] -= share * right[i];
  }
  return found;
}

/**
 * The x = G b with the group inverse G of L: of b without a share of a right null vector, x without one.
 * @param nulls by pairs, each at right angles to the others
 * @returns null where it is not found
 */
export async function layeredResponse(
  layered: LayeredMatrix,
  nulls: readonly NullVectors[],
  b: Float64Array,
  { inner, passes }: Accuracy,
  onIteration?: LayeredStopping['onIteration'],
): Promise<LayeredResponse | null> {
  const { matrix, pinned, vectors } = layered;
  const [right, change] = [vectors.of(VECTORS.right), vectors.of(VECTORS.solution)];
  const [x, image] = [vectors.of(VECTORS.state), vectors.of(VECTORS.image)];
  const wanted = projected(b, nulls);
  const isSolved = (c: number) => !layered.leavesOut(c);
  const size = matrix.norm(wanted, isSolved);
  let best: LayeredResponse = {
    x: new Float64Array(b.length),
    rest: wanted,
    residual: size,
    leftOut: 0,
    terms: new Float64Array(b.length),
    magnitude: size,
  };
  x.fill(0);
  let rest = wanted;
  let iterations = 0;
  let tolerance = inner;
  for (let pass = 1; size > 0; pass++) {
    // Of what is left out nothing is asked, nor of the equation that is given up.
    const asked = projected(rest, nulls);
    for (let i = 0; i < x.length; i++) right[i] = layered.solves(i) ? asked[i] : 0;
    if (pinned >= 0) right[pinned] = 0;
    const done = iterations;
    const share = best.residual / size;
    const solved = await solveLayered(layered, {
      tolerance,
      iterations: MOST_ITERATIONS,
      patience: PATIENCE,
      onIteration: onIteration && ((n, relative) => onIteration(done + n, relative * share)),
    });
    iterations += solved.iterations;
    for (let i = 0; i < x.length; i++) x[i] += change[i];
    x.set(projected(x, nulls));
    layered.product(VECTORS.state, VECTORS.image);
    rest = wanted.map((value, i) => value - image[i]);
    const residual = matrix.norm(rest, isSolved);
    if (!Number.isFinite(residual)) return null;
    const isHalved = residual <= best.residual / 2;
    if (residual < best.residual) {
      const terms = layered.magnitudes(VECTORS.state).slice();
      best = {
        x: x.slice(),
        rest,
        residual,
        leftOut: matrix.norm(rest, (c) => !isSolved(c)),
        terms,
        magnitude: matrix.norm(terms) + size,
      };
    }
    const floor = EPSILON * best.magnitude;
    if (residual <= floor || pass === passes || (pass > 1 && !isHalved)) break;
    tolerance = Math.max(inner, Math.min(0.1, (0.5 * floor) / residual));
  }
  return best;
}
