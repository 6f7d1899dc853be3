/** What fluctuates in a steady state of the paper's device on a given window, with a potential, too. */
import { type FluctuatingState, fluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { Fluctuations } from '../fluctuations/fluctuations.js';
import { device } from '../model/device.js';
import type { DeviceParameters } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import { sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { fluctuatingDevice, millFluctuations } from './millFluctuations.js';
import { onNarrowWindow, type WholeRequest, wholeFluctuations } from './wholeFluctuations.js';

/**
 * With a potential. Heat is what the energies of qubits and rotor gain; the work of a potential is none.
 * @throws {ParameterError} on a wide window; {NonUniqueSteadyStateError}
 */
export function potentialFluctuations(
  parameters: DeviceParameters,
  window: Window,
  rest: Pick<WholeRequest, 'order' | 'asked'>,
): Fluctuations & { readonly cutoff: number | null } {
  const { system, energies, cutoff } = device(parameters, window);
  const heat = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const { betas } = fluctuatingDevice(parameters, window, cutoff);
  return onNarrowWindow(window, () => ({
    ...wholeFluctuations({ system, heat, betas, ...rest }),
    cutoff,
  }));
}

/** @throws as `potentialFluctuations` and `millFluctuations` */
export const fluctuatingOn = (parameters: DeviceParameters, window: Window): FluctuatingState =>
  hasPotential(parameters)
    ? fluctuatingState(potentialFluctuations(parameters, window, { order: 2 }))
    : millFluctuations(parameters, window);
