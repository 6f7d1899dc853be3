/** Derivatives of steady states. */
import { type DeviceInput, deviceParameters } from '../model/parameters.js';
import { millSensitivity, type Sensitivities } from '../simulate/sensitivity.js';
import { readTruncation, type TruncationInput } from './running.js';

export interface SensitivityOptions {
  readonly truncation?: TruncationInput | undefined;
  /** Names of observables, as `qmill sensitivity` has them; by default all. */
  readonly of?: readonly string[] | undefined;
}

/**
 * How the steady state of a device changes with every parameter: observables with their derivatives, errors and
 * elasticities. The window and the cutoff Ω are held. Energies are in the units of the parameters (ħ = k_B = 1).
 * @param device its parameters, without a potential; those that are absent are at their defaults
 * @throws {ParameterError | UnknownKeyError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 */
export function sensitivity(
  device: DeviceInput = {},
  { truncation, of }: SensitivityOptions = {},
): Sensitivities {
  return millSensitivity(deviceParameters(device), readTruncation(truncation), of ?? null);
}
