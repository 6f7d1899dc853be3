/** What fluctuates in the steady state of the paper's device, on a window that is found for it. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { requireLevels } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { fluctuatingDevice } from './millFluctuations.js';
import { potentialFluctuations } from './potentialFluctuations.js';
import { startWindow } from './solveSteady.js';
import { steadyState } from './steady.js';

/**
 * All of it, on a window that holds the device.
 * @param order how many cumulants
 * @throws {ParameterError} in a potential on a wide window, of what is there on small ones alone
 * @throws {NonUniqueSteadyStateError}
 */
export async function millFluctuationsOf(
  parameters: DeviceParameters,
  truncation: Truncation,
  order: number,
  asked?: DynamicRequest,
  hooks?: LayeredFluctuationHooks,
): Promise<Fluctuations & { readonly cutoff: number | null }> {
  if (hasPotential(parameters)) {
    requireLevels(parameters, truncation);
    const window = startWindow(parameters, truncation);
    return potentialFluctuations(parameters, window, { order, asked }, hooks);
  }
  const { device: found } = steadyState(parameters, truncation);
  const { cutoff, system } = found;
  return {
    ...fluctuations({ ...fluctuatingDevice(parameters, system.window, cutoff), order, asked }),
    cutoff,
  };
}
