/** GMRES on real vectors around the blocks of a layered matrix. */
import { euclideanNorm } from '../norm.js';
import { HessenbergLeastSquares } from './hessenbergLeastSquares.js';
import { type LayeredMatrix, VECTORS } from './layeredMatrix.js';
import { type Solved, stalled } from './linearSolver.js';

/** Share of ‖w‖ that has to be left for one pass to have been enough. */
const ENOUGH = 0.1;

export interface LayeredStopping {
  /** ‖b − Ax‖ / ‖b‖ at which to stop. */
  readonly tolerance: number;
  readonly iterations: number;
  /** Iterations in which the residual has to halve. */
  readonly patience: number;
  /** Called after each with their number and the relative residual; a promise of false stops. */
  readonly onIteration?: ((iterations: number, residual: number) => Promise<boolean>) | undefined;
}

/** Vectors of which one iteration takes two: one of the basis, and the direction that it leads in. */
export const roomFor = (iterations: number): number => 2 * (iterations + 1);
const basisAt = (j: number): number => VECTORS.basis + 2 * j;
const directionAt = (j: number): number => basisAt(j) + 1;

/**
 * The solution x with A x = b, up to what has been reached, of the right side b, which is 0 where nothing is solved for:
 * by right preconditioning, so that the residual is the system's own.
 */
export async function solveLayered(
  layered: LayeredMatrix,
  { tolerance, iterations: most, patience, onIteration }: LayeredStopping,
): Promise<Solved> {
  const { vectors } = layered;
  vectors.of(VECTORS.solution).fill(0);
  const scale = euclideanNorm(vectors.of(VECTORS.right));
  if (scale === 0) return { iterations: 0, residual: 0 };
  vectors.setMultiple(1 / scale, VECTORS.right, basisAt(0));
  const squares = new HessenbergLeastSquares(scale);
  const history = [1];
  let residual = 1;
  for (let j = 0; j < most && residual > tolerance && !stalled(history, patience); j++) {
    const w = basisAt(j + 1);
    layered.solve(basisAt(j), directionAt(j));
    layered.remainder(directionAt(j), w);
    const column = new Array<number>(j + 1).fill(0);
    let length = Math.sqrt(vectors.dot(w, w));
    for (let pass = 0; pass < 2; pass++) {
      const before = length;
      for (let i = 0; i <= j; i++) {
        const product = vectors.dot(basisAt(i), w);
        vectors.addMultiple(-product, basisAt(i), w);
        column[i] += product;
      }
      length = Math.sqrt(vectors.dot(w, w));
      if (length > ENOUGH * before) break;
    }
    // Of A M⁻¹ = 1 + R M⁻¹ the 1 adds nothing that would have to be taken off.
    column[j]++;
    if (!squares.add(column, length)) break;
    residual = squares.remainder / scale;
    history.push(residual);
    if (length === 0) break;
    if (onIteration !== undefined && !(await onIteration(j + 1, residual))) break;
    vectors.setMultiple(1 / length, w, w);
  }
  const y = squares.solution();
  for (let j = y.length - 1; j >= 0; j--) {
    vectors.addMultiple(y[j], directionAt(j), VECTORS.solution);
  }
  return { iterations: y.length, residual };
}
