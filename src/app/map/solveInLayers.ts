/** A device in a potential as a point of a map or of a curve. */
import { cpuBackend } from '../../backend/cpu/backend.js';
import { Breath } from '../../breath.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import { solveSteady } from '../../simulate/solveSteady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';

const backend = cpuBackend();
/** Milliseconds that it goes on without a look at the messages, which may say that it is wanted no more. */
const ATTENTION_MS = 20;

/** The steady state, the search for its window begun with a neighbour's; null where it is not found, or not wanted. */
export async function solveInLayers(
  parameters: DeviceParameters,
  truncation: Truncation,
  near: Window | null,
  isWanted: () => boolean,
): Promise<SteadyReading | null> {
  const choice = { space: 'auto', method: 'auto' } as const;
  const breath = new Breath(ATTENTION_MS);
  const goesOn = async () => {
    await breath.taken();
    return isWanted();
  };
  const hooks = { onIteration: goesOn, onFactorisation: goesOn };
  const { state, solver } = await solveSteady(parameters, truncation, choice, backend, hooks, near);
  return solver.converged ? new SteadyReading(state) : null;
}
