/** Derivatives of steady states. */
import { type DeviceInput, deviceParameters } from '../model/parameters.js';
import { machineSensitivity } from '../simulate/describedSensitivity.js';
import { millSensitivity } from '../simulate/millSensitivity.js';
import type { Sensitivities } from '../simulate/sensitivity.js';
import { type MachineChoice, QuantumMachine, readMachine } from './machine.js';
import { checkOptions, readTruncation, type TruncationInput } from './running.js';

export interface SensitivityOptions {
  readonly truncation?: TruncationInput | undefined;
  /** Names of observables, as `qmill sensitivity` has them; by default all. */
  readonly of?: readonly string[] | undefined;
}

/**
 * How the steady state of a device changes with every parameter: observables with their derivatives, errors and
 * elasticities. The window and the cutoff Ω are held. Energies are in the units of the parameters (ħ = k_B = 1).
 * @param device its parameters, those that are absent at their defaults
 * @throws {ParameterError | UnknownKeyError} for what is not allowed, in one line
 * @throws {NonUniqueSteadyStateError} where there is more than one steady state
 */
export function sensitivity(
  device?: DeviceInput,
  options?: SensitivityOptions,
): Promise<Sensitivities>;
/**
 * The same of a machine, in its local or its global model.
 */
export function sensitivity<P extends string>(
  machine: QuantumMachine<P>,
  options?: SensitivityOptions & MachineChoice<P>,
): Promise<Sensitivities>;
export async function sensitivity<P extends string>(
  subject: DeviceInput | QuantumMachine<P> = {},
  options: SensitivityOptions & MachineChoice<P> = {},
): Promise<Sensitivities> {
  checkOptions(options, ['of'], subject instanceof QuantumMachine);
  const { of = null } = options;
  if (!(subject instanceof QuantumMachine)) {
    return millSensitivity(deviceParameters(subject), readTruncation(options.truncation), of);
  }
  const { described, values, window } = readMachine(subject, options);
  return machineSensitivity(described, values, window, of);
}
