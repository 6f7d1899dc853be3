/** Steady states. */
import type { z } from 'zod';
import {
  type DeviceInput,
  deviceParameters,
  ParameterError,
  readFields,
} from '../model/parameters.js';
import { steadyRoute } from '../simulate/route.js';
import { type SteadyObservables, steadyObservables } from '../simulate/steady.js';
import type { SolverReport } from '../simulate/systemSteady.js';
import { type ComputedBy, withEngine } from './backends.js';
import { QuantumMachine } from './machine.js';
import {
  Pauses,
  type Provenance,
  type Running,
  readTruncation,
  type SteadyProgress,
  type TruncationInput,
} from './running.js';
import { solveRequested } from './solvedSteady.js';
import { solving } from './solverOptions.js';

export interface SteadyOptions
  extends z.input<typeof solving>,
    ComputedBy,
    Running<SteadyProgress> {
  readonly truncation?: TruncationInput | undefined;
}

/**
 * A steady state's numbers, by the names they have in the JSON of `qmill steady`. Energies are in the units of
 * the parameters (ħ = k_B = 1); flows are energy per time, positive into the system.
 */
export interface SteadyResult extends SteadyObservables, Provenance {
  readonly cutoff: number | null;
  readonly solver: SolverReport;
  /** Whether state and window are converged; where not, `problems` says why. */
  readonly converged: boolean;
  readonly problems: readonly string[];
}

/**
 * The steady state of a device. Without a potential it is solved at once; with one by iterations.
 * @param device its parameters; those that are absent are at their defaults
 * @throws {ParameterError | UnknownKeyError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one
 * @throws {OutOfRangeError} where float64 does not hold the device's rates
 * @throws {NoAdapterError | PrecisionError | DeviceLostError | OutOfDeviceMemoryError} of a GPU
 */
export async function steadyState(
  device: DeviceInput = {},
  options: SteadyOptions = {},
): Promise<SteadyResult> {
  const { signal, onProgress, backend, threads, truncation: window, ...rest } = options;
  if (device instanceof QuantumMachine) {
    const allowed = 'parameters of a device; machineSteadyState solves machines';
    throw new ParameterError('device', device.name, allowed);
  }
  const parameters = deviceParameters(device);
  const truncation = readTruncation(window);
  const solver = readFields(solving, rest);
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, async (engine) => {
    const asked = { ...solver, backend: engine.name };
    const route = steadyRoute(parameters, truncation, asked);
    const request = { parameters, truncation, solver: asked };
    const solved = await solveRequested(request, route, engine, {
      onIteration: pauses.iterating(onProgress),
      onFactorisation: async () => {
        await pauses.between();
        return true;
      },
    });
    const { precision } = solved.backend;
    const observables = steadyObservables(solved.state, truncation, { precision });
    const { verdict, truncation: held, cutoff } = observables;
    return {
      ...observables,
      solver: solved.solver,
      converged: solved.solver.converged && verdict.converged && held.converged,
      problems: [...verdict.problems, ...held.problems],
      ...pauses.provenance(parameters, cutoff, solved.backend),
    };
  });
}
