/** The null vector of a generator in layers, refined, and whether it is the only one. */
import { type LayeredMatrix, VECTORS } from './layeredMatrix.js';
import { type LayeredStopping, roomFor, solveLayered } from './layeredSolver.js';
import { RandomStream } from './philox.js';
import { coherenceSize, disturbanceOf, SEED, SHARE } from './uniqueness.js';

export interface LayeredNullVector {
  /** Of trace 1. */
  readonly x: Float64Array;
  /** L x, of all rows that it has: those of what is left out, too. */
  readonly image: Float64Array;
  readonly residual: number;
  /** ‖|L| |x|‖ */
  readonly magnitude: number;
  readonly iterations: number;
  readonly passes: number;
}

const EPSILON = 2 ** -53;
const MOST_PASSES = 6;
const MOST_ITERATIONS = 40;
/** For whether the state is the only one it may take as long as the state itself, in all passes. */
const MOST_FOR_UNIQUENESS = 80;
const PATIENCE = 12;
/** What one pass reaches, relative to its right-hand side. */
const INNER = 1e-13;

/** For how many vectors there has to be room. */
export const ROOM = roomFor(MOST_FOR_UNIQUENESS);

/** The unknowns that are populations. */
export function populationsIn({ matrix }: Pick<LayeredMatrix, 'matrix'>): Int32Array {
  const found: number[] = [];
  matrix.space.classes.forEach(({ length }, c) => {
    if (matrix.partner[c] !== c) return;
    for (let p = 0; p < length; p++) found.push(matrix.begin[c] + p);
  });
  return Int32Array.from(found);
}

type OnIteration = LayeredStopping['onIteration'];

/** Null where it does not converge: with x of trace 1 each pass solves L δ = −L x. */
export async function layeredNullVector(
  layered: LayeredMatrix,
  onIteration?: OnIteration,
): Promise<LayeredNullVector | null> {
  const { matrix, pinned, vectors } = layered;
  const populations = populationsIn(layered);
  const [right, change] = [vectors.of(VECTORS.right), vectors.of(VECTORS.solution)];
  const [x, image] = [vectors.of(VECTORS.state), vectors.of(VECTORS.image)];
  x.fill(0);
  right.fill(0);
  right[pinned] = 1;
  let best = { x: new Float64Array(0), image: new Float64Array(0) };
  let [residual, iterations, passes, magnitude] = [Infinity, 0, 0, 0];
  let tolerance = INNER;
  for (;;) {
    const done = iterations;
    const solved = await solveLayered(layered, {
      tolerance,
      iterations: MOST_ITERATIONS,
      patience: PATIENCE,
      onIteration:
        onIteration && ((n, size) => onIteration(done + n, size * Math.min(residual, 1))),
    });
    iterations += solved.iterations;
    passes++;
    let trace = 0;
    for (let i = 0; i < x.length; i++) x[i] += change[i];
    for (const i of populations) trace += x[i];
    for (let i = 0; i < x.length; i++) x[i] /= trace;
    layered.product(VECTORS.state, VECTORS.image);
    const size = matrix.norm(image);
    if (!Number.isFinite(size)) return null;
    const halved = size <= residual / 2;
    if (size < residual) {
      residual = size;
      best = { x: x.slice(), image: image.slice() };
      magnitude = layered.magnitude(VECTORS.state);
    }
    const floor = EPSILON * magnitude;
    if (residual <= floor || passes === MOST_PASSES || (passes > 1 && !halved)) break;
    right.fill(0);
    let left = 0;
    for (const i of populations) left += image[i];
    // What rounding leaves of the trace is no part of any L δ; of what is left out nothing is asked.
    for (let i = 0; i < x.length; i++) if (layered.solves(i)) right[i] = left * x[i] - image[i];
    right[pinned] = 0;
    tolerance = Math.max(INNER, Math.min(0.1, (0.5 * floor) / size));
  }
  return { ...best, residual, magnitude, iterations, passes };
}

/** Numbers of elements that are no populations, about as large as a disturbance of these has. */
function coherencesAtRandom(count: number, populations: number): Float64Array {
  const random = new RandomStream(SEED, 2);
  const size = coherenceSize(populations);
  return Float64Array.from({ length: count }, () => {
    random.draw();
    return size * (random.first - 0.5);
  });
}

/**
 * ‖δ‖ where L δ is a random disturbance, of norm 1 in the populations, and trace 0: about the slowest relaxation time, and without bound
 * where there is a second null vector. Null where no such δ is found.
 */
export async function layeredRelaxation(
  layered: LayeredMatrix,
  { x, iterations }: Pick<LayeredNullVector, 'x' | 'iterations'>,
  onIteration?: OnIteration,
): Promise<number | null> {
  const { matrix, pinned, vectors } = layered;
  const populations = populationsIn(layered);
  const tolerance = SHARE / Math.sqrt(populations.length);
  const disturbance = coherencesAtRandom(x.length, populations.length);
  disturbanceOf(populations).forEach((value, k) => {
    disturbance[populations[k]] = value;
  });
  for (let i = 0; i < x.length; i++) if (!layered.solves(i) && i !== pinned) disturbance[i] = 0;
  const right = vectors.of(VECTORS.right);
  right.set(disturbance);
  right[pinned] = 0;
  await solveLayered(layered, {
    tolerance: tolerance / 2 / matrix.norm(disturbance),
    iterations: Math.min(MOST_FOR_UNIQUENESS, Math.max(MOST_ITERATIONS, iterations)),
    patience: PATIENCE,
    onIteration,
  });
  // In every row: the one that was given up, and those of what is left out.
  layered.product(VECTORS.solution, VECTORS.image);
  const rest = vectors.of(VECTORS.image);
  for (let i = 0; i < rest.length; i++) rest[i] -= disturbance[i];
  if (!(matrix.norm(rest) <= tolerance)) return null;
  const delta = vectors.of(VECTORS.solution);
  let trace = 0;
  for (const i of populations) trace += delta[i];
  for (let i = 0; i < delta.length; i++) delta[i] -= trace * x[i];
  return matrix.norm(delta);
}
