/** GMRES on real vectors around the blocks of a layered matrix. */
import { euclideanNorm } from '../norm.js';
import type { LayeredMatrix } from './layeredMatrix.js';
import { type Solved, stalled } from './linearSolver.js';

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

function addMultiple(factor: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += factor * x[i];
}

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
  const basis = [b.map((value) => value / scale)];
  const directions: Float64Array[] = [];
  const columns: number[][] = [];
  const [cosines, sines]: [number[], number[]] = [[], []];
  const g = [scale];
  const history = [1];
  let residual = 1;
  for (let j = 0; j < most && residual > tolerance && !stalled(history, patience); j++) {
    const direction = new Float64Array(b.length);
    const w = new Float64Array(b.length);
    layered.solve(basis[j], direction);
    directions.push(direction);
    layered.remainder(direction, w);
    const column: number[] = [];
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i <= j; i++) {
        const product = dot(basis[i], w);
        addMultiple(-product, basis[i], w);
        column[i] = (column[i] ?? 0) + product;
      }
    }
    // Of A M⁻¹ = 1 + R M⁻¹ the 1 adds nothing that would have to be taken off.
    column[j]++;
    const length = euclideanNorm(w);
    for (let i = 0; i < j; i++) {
      const u = column[i];
      column[i] = cosines[i] * u + sines[i] * column[i + 1];
      column[i + 1] = cosines[i] * column[i + 1] - sines[i] * u;
    }
    const hypotenuse = Math.hypot(column[j], length);
    if (hypotenuse === 0) break;
    cosines.push(column[j] / hypotenuse);
    sines.push(length / hypotenuse);
    column[j] = hypotenuse;
    columns.push(column);
    g.push(-sines[j] * g[j]);
    g[j] *= cosines[j];
    residual = Math.abs(g[j + 1]) / scale;
    history.push(residual);
    if (length === 0 || !((await onIteration?.(j + 1, residual)) ?? true)) break;
    for (let i = 0; i < w.length; i++) w[i] /= length;
    basis.push(w);
  }
  for (let j = columns.length - 1; j >= 0; j--) {
    g[j] /= columns[j][j];
    for (let i = 0; i < j; i++) g[i] -= columns[j][i] * g[j];
    addMultiple(g[j], directions[j], x);
  }
  return { iterations: columns.length, residual };
}
