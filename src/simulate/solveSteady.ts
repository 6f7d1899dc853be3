/** The steady state of a device, by whichever space and method are asked for or fit best. */
import type { Backend } from '../backend/backend.js';
import { SingularMatrixError } from '../generator/chains.js';
import { device, requireLevels } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential, withoutPotential } from '../model/potentialParameters.js';
import type { Window } from '../operators/window.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { spannedBy } from './rateSpan.js';
import type { SolverHooks } from './refinedSteady.js';
import { type SolverChoice, spaceOfChoice } from './route.js';
import { steadyState } from './steady.js';
import { SteadyReading } from './steadyReading.js';
import type { SteadyState } from './steadyState.js';
import { type SolverReport, steadyStateOf } from './systemSteady.js';
import { firstWindow, widerWindow } from './windowSearch.js';

export interface Solution {
  readonly state: SteadyState;
  readonly solver: SolverReport;
}

/**
 * The steady state on a window.
 * @throws {ParameterError | NonUniqueSteadyStateError}
 * @throws {OutOfDeviceMemoryError} with what takes less
 */
export async function solveSteadyOn<V>(
  parameters: DeviceParameters,
  window: Window,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks = {},
): Promise<Solution> {
  // Elimination is steadyState's.
  const method = choice.method === 'auto' ? 'gmres' : choice.method;
  spaceOfChoice(parameters, choice);
  const built = device(parameters, window);
  const solution = await steadyStateOf(built.system, { ...choice, method }, backend, hooks).catch(
    (error) => {
      const isUndetermined =
        error instanceof NonUniqueSteadyStateError && error.cause instanceof SingularMatrixError;
      if (!isUndetermined) throw error;
      throw new NonUniqueSteadyStateError(`${error.message}, from ${spannedBy(built)}`);
    },
  );
  const { rho, rates, residual, solver } = solution;
  const { magnitude } = rates;
  return { state: { device: built, rho, rates, residual, magnitude }, solver };
}

/** The window that is given, or what a search for one starts with: without potential it costs next to nothing to find. */
export const startWindow = (parameters: DeviceParameters, truncation: Truncation): Window =>
  truncation.lmin === undefined
    ? steadyState(withoutPotential(parameters), truncation, { moments: !hasPotential(parameters) })
        .device.system.window
    : firstWindow(truncation);

/**
 * The steady state on the window asked for, or on one that grows until the populations at its edges are
 * below the tolerance.
 * @param near where the search begins, such as a neighbour's window; null for what holds it without potential
 * @throws {ParameterError | NonUniqueSteadyStateError}
 */
export async function solveSteady<V>(
  parameters: DeviceParameters,
  truncation: Truncation,
  choice: SolverChoice,
  backend: Backend<V>,
  hooks: SolverHooks = {},
  near: Window | null = null,
): Promise<Solution> {
  // Far out in a potential solutions take long: the result then says what it lacks.
  const load = hasPotential(parameters) ? null : parameters;
  requireLevels(parameters, truncation);
  let window = (truncation.lmin === undefined ? near : null) ?? startWindow(parameters, truncation);
  for (;;) {
    const solution = await solveSteadyOn(parameters, window, choice, backend, hooks);
    const wider = widerWindow(truncation, window, new SteadyReading(solution.state).edges, load);
    if (wider === null || !solution.solver.converged) return solution;
    window = wider;
  }
}
