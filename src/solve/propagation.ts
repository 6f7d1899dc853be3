/**
 * Power iteration of the propagator: ρ ← exp(hL)ρ, as four terms of its series. It needs nothing but L, and
 * as many steps as the slowest relaxation is slower than the fastest oscillation: a method to study.
 */
import type { Backend, LinearMap } from '../backend/backend.js';
import { vectorNorm } from '../backend/backend.js';

export interface Propagated {
  readonly steps: number;
  /** ‖L ρ‖ as the backend has it. */
  readonly residual: number;
}

export interface PropagationOptions {
  /** ‖L ρ‖ at which to stop. */
  readonly tolerance: number;
  /** Applications of L, at most. */
  readonly applications: number;
  /** Called after every step with the applications so far and ‖L ρ‖; a promise of false stops. */
  readonly onIteration?: (applications: number, residual: number) => Promise<boolean>;
}

/** Along the imaginary axis the four terms are stable up to 2√2, along the negative real one to 2.78. */
const STABLE = 2.7;
/** Steps of the search for ‖L‖, and what it may fall short by. */
const NORM_STEPS = 30;
const SAFETY = 1.2;

const real = (re: number) => ({ re, im: 0 });

/** About ‖L‖, by the growth of a vector under repeated application. */
async function growth<V>(backend: Backend<V>, map: LinearMap<V>, x: V, y: V): Promise<number> {
  let norm = 0;
  for (let step = 0; step < NORM_STEPS; step++) {
    await map.apply(x, y);
    const size = await vectorNorm(backend, y);
    if (size === 0) break;
    norm = Math.max(norm, size);
    await backend.scale(real(1 / size), y);
    await backend.copy(y, x);
  }
  return norm;
}

/** Overwrites x, whose trace is kept. @param rough any vector that has a part in every direction */
export async function propagate<V>(
  backend: Backend<V>,
  map: LinearMap<V>,
  size: number,
  x: V,
  rough: V,
  { tolerance, applications: most, onIteration }: PropagationOptions,
): Promise<Propagated> {
  const first = await backend.allocate(size);
  const second = await backend.allocate(size);
  try {
    const h = STABLE / (SAFETY * (await growth(backend, map, rough, first)));
    let steps = 0;
    let residual = Number.POSITIVE_INFINITY;
    while (4 * steps < most) {
      await map.apply(x, first);
      residual = await vectorNorm(backend, first);
      if (residual <= tolerance) break;
      if (!((await onIteration?.(4 * steps, residual)) ?? true)) break;
      await backend.axpy(real(h), first, x);
      for (let k = 2; k <= 4; k++) {
        const [from, to] = k % 2 === 0 ? [first, second] : [second, first];
        await map.apply(from, to);
        await backend.axpy(real(h ** k / [0, 0, 2, 6, 24][k]), to, x);
      }
      steps++;
    }
    return { steps, residual };
  } finally {
    backend.release(first);
    backend.release(second);
  }
}
