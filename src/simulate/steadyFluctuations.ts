/** What fluctuates in the steady state of the paper's device, on a window that is found for it. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { device } from '../model/device.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import { sum } from '../operators/operator.js';
import { fluctuatingDevice } from './millFluctuations.js';
import { startWindow } from './solveSteady.js';
import { steadyState } from './steady.js';
import { onNarrowWindow, wholeFluctuations } from './wholeFluctuations.js';
import { firstWindow } from './windowSearch.js';

/**
 * All of it, on a window that holds the device; with a potential on one of few levels.
 * @param order how many cumulants
 * @throws {ParameterError} with a potential on a wide window; {NonUniqueSteadyStateError}
 */
export function millFluctuationsOf(
  parameters: DeviceParameters,
  truncation: Truncation,
  order: number,
  asked?: DynamicRequest,
): Fluctuations & { readonly cutoff: number | null } {
  if (hasPotential(parameters)) return inPotential(parameters, truncation, order, asked);
  const { device: found } = steadyState(parameters, truncation);
  const { cutoff, system } = found;
  return {
    ...fluctuations({ ...fluctuatingDevice(parameters, system.window, cutoff), order, asked }),
    cutoff,
  };
}

/** Heat is what the energies of qubits and rotor gain; the work of a potential is none. */
function inPotential(
  parameters: DeviceParameters,
  truncation: Truncation,
  order: number,
  asked?: DynamicRequest,
) {
  const window =
    truncation.lmin === undefined ? startWindow(parameters, truncation) : firstWindow(truncation);
  const { system, energies, cutoff } = device(parameters, window);
  const heat = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const { betas } = fluctuatingDevice(parameters, window, cutoff);
  return onNarrowWindow(window, () => ({
    ...wholeFluctuations({ system, heat, betas, order, asked }),
    cutoff,
  }));
}
