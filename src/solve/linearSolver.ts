/** What every iterative solver of linear systems takes and gives. */
import type { Backend, LinearMap } from '../backend/backend.js';

export interface LinearSystem<V> {
  readonly backend: Backend<V>;
  /** Length of its vectors, in complex numbers. */
  readonly size: number;
  /** A. */
  readonly map: LinearMap<V>;
  /** An approximate A⁻¹. */
  readonly preconditioner: LinearMap<V>;
}

export interface Stopping {
  /** ‖b − Ax‖ / ‖b‖ at which to stop. */
  readonly tolerance: number;
  /** Applications of A and its preconditioner, at most. */
  readonly iterations: number;
  /** Called after each with their number and the relative residual so far; a promise of false stops. */
  readonly onIteration?: (iterations: number, residual: number) => Promise<boolean>;
}

export interface Solved {
  readonly iterations: number;
  /** ‖b − Ax‖ / ‖b‖ as the recurrence has it. */
  readonly residual: number;
}

/** Finds x with A x = b; x comes in as 0. */
export type LinearSolver = <V>(
  system: LinearSystem<V>,
  b: V,
  x: V,
  stopping: Stopping,
) => Promise<Solved>;

/** One application of the preconditioner: the whole solution where that is an exact inverse. */
export const once: LinearSolver = async ({ preconditioner }, b, x, { onIteration }) => {
  await preconditioner.apply(b, x);
  await onIteration?.(1, 0);
  return { iterations: 1, residual: 0 };
};
