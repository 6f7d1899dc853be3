/** What every iterative solver of linear systems takes and gives. */
import type { Backend, LinearMap } from '../backend/backend.js';

/**
 * A x = b, with A = M + R given by M⁻¹ and R. Solvers work on A M⁻¹ = 1 + R M⁻¹: where M holds what is
 * stiff and what is nearly singular, no large numbers cancel in it, and float32 is enough for it.
 */
export interface LinearSystem<V> {
  readonly backend: Backend<V>;
  /** Length of its vectors, in complex numbers. */
  readonly size: number;
  /** M⁻¹. */
  readonly inverse: LinearMap<V>;
  /** R; null for 0. */
  readonly remainder: LinearMap<V> | null;
}

/** z = M⁻¹ v and w = A z. */
export async function applyBoth<V>(
  { backend, inverse, remainder }: LinearSystem<V>,
  v: V,
  z: V,
  w: V,
): Promise<void> {
  await inverse.apply(v, z);
  if (remainder === null) {
    await backend.copy(v, w);
    return;
  }
  await remainder.apply(z, w);
  await backend.axpy({ re: 1, im: 0 }, v, w);
}

/** The system of A − σ. */
export function shifted<V>(system: LinearSystem<V>, sigma: number): LinearSystem<V> {
  const { backend, remainder } = system;
  return {
    ...system,
    remainder: {
      apply: async (z, w) => {
        if (remainder === null) await backend.scale({ re: 0, im: 0 }, w);
        else await remainder.apply(z, w);
        await backend.axpy({ re: -sigma, im: 0 }, z, w);
      },
      release: () => remainder?.release(),
    },
  };
}

export interface Stopping {
  /** ‖b − Ax‖ / ‖b‖ at which to stop. */
  readonly tolerance: number;
  /** Applications of A and M⁻¹, at most. */
  readonly iterations: number;
  /** Iterations in which the residual has to halve; where it does not, rounding has the better of it. */
  readonly patience: number;
  /** Called after each with their number and the relative residual so far; a promise of false stops. */
  readonly onIteration?: (iterations: number, residual: number) => Promise<boolean>;
}

export interface Solved {
  readonly iterations: number;
  /** ‖b − Ax‖ / ‖b‖ as the recurrence has it. */
  readonly residual: number;
}

/** Whether the last `patience` residuals did not come down to a half. */
export const stalled = (residuals: readonly number[], patience: number): boolean =>
  residuals.length > patience &&
  residuals[residuals.length - 1] > residuals[residuals.length - 1 - patience] / 2;

/** Finds x with A x = b; x comes in as 0. */
export type LinearSolver = <V>(
  system: LinearSystem<V>,
  b: V,
  x: V,
  stopping: Stopping,
) => Promise<Solved>;

/** x = M⁻¹ b: the whole solution where R is 0. */
export const once: LinearSolver = async ({ inverse }, b, x, { onIteration }) => {
  await inverse.apply(b, x);
  await onIteration?.(1, 0);
  return { iterations: 1, residual: 0 };
};
