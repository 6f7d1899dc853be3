/** GMRES on real vectors around the blocks of a layered matrix. */
import { euclideanNorm } from '../norm.js';
import { HessenbergLeastSquares } from './hessenbergLeastSquares.js';
import type { LayeredMatrix } from './layeredMatrix.js';
import { type Solved, stalled } from './linearSolver.js';

/** Four sums side by side: each would wait for its own last addition. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  const end = a.length - (a.length % 4);
  for (let i = 0; i < end; i += 4) {
    s += a[i] * b[i];
    t += a[i + 1] * b[i + 1];
    u += a[i + 2] * b[i + 2];
    v += a[i + 3] * b[i + 3];
  }
  for (let i = end; i < a.length; i++) s += a[i] * b[i];
  return s + t + (u + v);
}

function addMultiple(factor: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += factor * x[i];
}

function divided(x: Float64Array, divisor: number): Float64Array {
  const quotient = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) quotient[i] = x[i] / divisor;
  return quotient;
}

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

/**
 * x with A x = b, up to what has been reached: by right preconditioning, so that the residual is the system's own.
 * @param b 0 where nothing is solved for
 */
export async function solveLayered(
  layered: LayeredMatrix,
  b: Float64Array,
  x: Float64Array,
  { tolerance, iterations: most, patience, onIteration }: LayeredStopping,
): Promise<Solved> {
  x.fill(0);
  const scale = euclideanNorm(b);
  if (scale === 0) return { iterations: 0, residual: 0 };
  const basis = [divided(b, scale)];
  const directions: Float64Array[] = [];
  const squares = new HessenbergLeastSquares(scale);
  const history = [1];
  let residual = 1;
  for (let j = 0; j < most && residual > tolerance && !stalled(history, patience); j++) {
    const direction = new Float64Array(b.length);
    const w = new Float64Array(b.length);
    layered.solve(basis[j], direction);
    directions.push(direction);
    layered.remainder(direction, w);
    const column = new Array<number>(j + 1).fill(0);
    let length = Math.sqrt(dot(w, w));
    for (let pass = 0; pass < 2; pass++) {
      const before = length;
      for (let i = 0; i <= j; i++) {
        const product = dot(basis[i], w);
        addMultiple(-product, basis[i], w);
        column[i] += product;
      }
      length = Math.sqrt(dot(w, w));
      if (length > ENOUGH * before) break;
    }
    // Of A M⁻¹ = 1 + R M⁻¹ the 1 adds nothing that would have to be taken off.
    column[j]++;
    if (!squares.add(column, length)) break;
    residual = squares.remainder / scale;
    history.push(residual);
    if (length === 0 || !((await onIteration?.(j + 1, residual)) ?? true)) break;
    basis.push(divided(w, length));
  }
  const y = squares.solution();
  for (let j = y.length - 1; j >= 0; j--) addMultiple(y[j], directions[j], x);
  return { iterations: y.length, residual };
}
