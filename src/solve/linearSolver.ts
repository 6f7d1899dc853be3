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
  /** Called after each with the relative residual as the recurrence has it; false stops. */
  readonly onIteration?: (residual: number) => boolean | undefined;
}

export interface Solved {
  readonly iterations: number;
  /** ‖b − Ax‖ / ‖b‖ as the recurrence has it. */
  readonly residual: number;
}

/** Finds x with A x = b, from x = 0; overwrites x. */
export type LinearSolver = <V>(
  system: LinearSystem<V>,
  b: V,
  x: V,
  stopping: Stopping,
) => Promise<Solved>;
