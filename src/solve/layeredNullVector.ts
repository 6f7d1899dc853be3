/** The null vector of a generator in layers, refined, and whether it is the only one. */
import { addProduct } from '../generator/hermitianMatrix.js';
import type { LayeredMatrix } from './layeredMatrix.js';
import { type LayeredStopping, solveLayered } from './layeredSolver.js';
import { disturbanceOf, SHARE } from './uniqueness.js';

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
const PATIENCE = 12;
/** What one pass reaches, relative to its right-hand side. */
const INNER = 1e-13;

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
  const { matrix, pinned } = layered;
  const populations = populationsIn(layered);
  const x = new Float64Array(matrix.size);
  let best = new Float64Array(matrix.size);
  let bestImage = new Float64Array(0);
  let right = new Float64Array(matrix.size);
  right[pinned] = 1;
  const change = new Float64Array(matrix.size);
  let [residual, iterations, passes, magnitude] = [Infinity, 0, 0, 0];
  let tolerance = INNER;
  for (;;) {
    const done = iterations;
    const solved = await solveLayered(layered, right, change, {
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
    const image = new Float64Array(matrix.size);
    addProduct(matrix.stretches, matrix.values, x, image);
    const size = matrix.norm(image);
    if (!Number.isFinite(size)) return null;
    const halved = size <= residual / 2;
    if (size < residual) {
      residual = size;
      best = x.slice();
      bestImage = image;
    }
    magnitude = matrix.magnitude(best);
    const floor = EPSILON * magnitude;
    if (residual <= floor || passes === MOST_PASSES || (passes > 1 && !halved)) break;
    right = new Float64Array(matrix.size);
    let left = 0;
    for (const i of populations) left += image[i];
    // What rounding leaves of the trace is no part of any L δ; of what is left out nothing is asked.
    for (let i = 0; i < x.length; i++) if (layered.solves(i)) right[i] = left * x[i] - image[i];
    right[pinned] = 0;
    tolerance = Math.max(INNER, Math.min(0.1, (0.5 * floor) / size));
  }
  return { x: best, image: bestImage, residual, magnitude, iterations, passes };
}

/**
 * ‖δ‖ where L δ is a random disturbance of norm 1 and trace 0: about the slowest relaxation time, and without bound
 * where there is a second null vector. Null where no such δ is found.
 */
export async function layeredRelaxation(
  layered: LayeredMatrix,
  { x, iterations }: Pick<LayeredNullVector, 'x' | 'iterations'>,
  onIteration?: OnIteration,
): Promise<number | null> {
  const { matrix, pinned } = layered;
  const populations = populationsIn(layered);
  const tolerance = SHARE / Math.sqrt(populations.length);
  const right = new Float64Array(matrix.size);
  disturbanceOf(populations).forEach((value, k) => {
    right[populations[k]] = value;
  });
  const asked = right.slice();
  asked[pinned] = 0;
  const delta = new Float64Array(matrix.size);
  await solveLayered(layered, asked, delta, {
    tolerance: tolerance / 2,
    iterations: Math.max(MOST_ITERATIONS, iterations),
    patience: PATIENCE,
    onIteration,
  });
  // In every row: the one that was given up, and those of what is left out.
  const rest = new Float64Array(matrix.size);
  addProduct(matrix.stretches, matrix.values, delta, rest);
  for (let i = 0; i < rest.length; i++) rest[i] -= right[i];
  if (!(matrix.norm(rest) <= tolerance)) return null;
  let trace = 0;
  for (const i of populations) trace += delta[i];
  for (let i = 0; i < delta.length; i++) delta[i] -= trace * x[i];
  return matrix.norm(delta);
}
