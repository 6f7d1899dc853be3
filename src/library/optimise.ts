/** The best device, or machine, for an objective. */
import { loadKernels } from '../lindblad/kernels.js';
import { type DeviceInput, deviceParameters } from '../model/parameters.js';
import { ObservedDescribed } from '../simulate/observedDescribed.js';
import type { ObservedMachine } from '../simulate/observedMachine.js';
import { ObservedMill } from '../simulate/observedMill.js';
import { type Asked, optimisationOf } from '../simulate/optimisation.js';
import { type Optimised, optimise as search } from '../simulate/optimise.js';
import type { Gradients } from '../simulate/searchedProblem.js';
import { QuantumMachine, readMachine } from './machine.js';
import { Pauses, type Running, readTruncation, type TruncationInput } from './running.js';

export interface OptimiseProgress {
  /** The share of the search that is done. */
  readonly share: number;
  /** Devices solved so far. */
  readonly evaluations: number;
}

/**
 * What is searched for, by the names of `qmill optimise`: `minimise` or `maximise`, an expression of observables and
 * parameters; `over`, ranges by parameter; `where`, constraints; `against`, a second objective of the same sense.
 */
export interface OptimiseOptions extends Asked, Running<OptimiseProgress> {
  readonly truncation?: TruncationInput | undefined;
  /** Of a machine: parameters that are not at their defaults. */
  readonly parameters?: Readonly<Record<string, number>> | undefined;
}

export interface OptimiseResult extends Optimised {
  /** By the adjoint, or by differences where an observable has no derivatives. */
  readonly gradients: Gradients;
  readonly seconds: number;
}

function observed(
  of: DeviceInput | QuantumMachine,
  { truncation, parameters = {} }: OptimiseOptions,
): ObservedMachine {
  if (!(of instanceof QuantumMachine)) {
    const device = deviceParameters({ ...of, ...parameters });
    return new ObservedMill(device, readTruncation(truncation));
  }
  const { described, values, window, edgeTolerance } = readMachine(of, { parameters, truncation });
  return new ObservedDescribed(described, values, window, edgeTolerance);
}

/**
 * The best device of a box of parameters, under constraints, with a certificate that it is a local optimum. Several
 * starts, seeded; which optimum of several is the global one is not certified.
 * @param of a device, whose parameters are held where they are not varied, or a machine
 * @returns null where no device of the box has a value and fulfils the constraints
 * @throws {ParameterError} for what is not allowed, in one line
 */
export async function optimise(
  of: DeviceInput | QuantumMachine,
  options: OptimiseOptions,
): Promise<OptimiseResult | null> {
  const { signal, onProgress } = options;
  const pauses = new Pauses(signal);
  await loadKernels();
  const request = optimisationOf(observed(of, options), options);
  const found = await search(request, async (share, evaluations) => {
    onProgress?.({ share, evaluations });
    await pauses.between();
    return true;
  });
  return found && { ...found, gradients: request.problem.gradients, seconds: pauses.seconds };
}
