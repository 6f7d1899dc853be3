/** A device in a potential as a point of a map or of a curve. */
import { cpuBackend } from '../../backend/cpu/backend.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import { solveSteady } from '../../simulate/solveSteady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';

const backend = cpuBackend();

/** The steady state, the search for its window begun with a neighbour's; null where it is not found. */
export async function solveInLayers(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
): Promise<SteadyReading | null> {
  const choice = { space: 'auto', method: 'auto' } as const;
  const { state, solver } = await solveSteady(parameters, truncation, choice, backend, {}, near);
  return solver.converged ? new SteadyReading(state) : null;
}
