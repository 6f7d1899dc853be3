/** What fluctuates in the steady state of the paper's device, on a window that is found for it. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { fluctuatingDevice } from './millFluctuations.js';
import { requireNoPotential } from './millSector.js';
import { steadyState } from './steady.js';

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
