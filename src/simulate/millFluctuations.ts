/** What fluctuates in the steady state of the paper's device. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { type FluctuatingDevice, FluctuationReading } from '../fluctuations/reading.js';
import { mill } from '../machine/mill.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { cutoffOn, requireNoPotential, valuesOf } from './millSector.js';
import { steadyState } from './steady.js';

function fluctuatingDevice(
  parameters: DeviceParameters,
  window: Window,
  cutoff = cutoffOn(parameters, window),
): FluctuatingDevice {
  const { beta1, beta2, betaR } = parameters;
  return {
    machine: mill,
    of: masterEquationOf(parameters).of,
    values: valuesOf(parameters, cutoff),
    window,
    betas: { bath1: beta1, bath2: beta2, load: betaR },
  };
}

/**
 * What fluctuates in a device's steady state.
 * @throws {NoSectorError | EigenbasisError | NonUniqueSteadyStateError}
 */
export const millFluctuations = (
  parameters: DeviceParameters,
  window: Window,
): FluctuationReading => new FluctuationReading(fluctuatingDevice(parameters, window));

/**
 * All of it, on a window that holds the device.
 * @param order how many cumulants
 * @throws {ParameterError} with a potential; {NonUniqueSteadyStateError}
 */
export function millFluctuationsOf(
  parameters: DeviceParameters,
  truncation: Truncation,
  order: number,
  asked?: DynamicRequest,
): Fluctuations & { readonly cutoff: number | null } {
  requireNoPotential(parameters, 'fluctuations');
  const { device } = steadyState(parameters, truncation);
  const { cutoff, system } = device;
  return {
    ...fluctuations({ ...fluctuatingDevice(parameters, system.window, cutoff), order, asked }),
    cutoff,
  };
}
