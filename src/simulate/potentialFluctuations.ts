/** What fluctuates in a steady state of the paper's device on a given window, with a potential, too. */
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { Fluctuations } from '../fluctuations/fluctuations.js';
import { coupledBaths } from '../lindblad/masterEquation.js';
import { mill } from '../machine/mill.js';
import { device } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import { sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { anyFluctuating, anyFluctuations } from './anyFluctuations.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { fluctuatingDevice } from './millFluctuations.js';
import type { WholeRequest, WholeSystem } from './wholeFluctuations.js';

export { millFluctuations } from './millFluctuations.js';

/**
 * Heat is what the energies of qubits and rotor gain, and not the work of a potential; of a master equation whose baths
 * reach the whole machine, what all of it gains.
 */
function wholeOf(
  parameters: DeviceParameters,
  window: Window,
): WholeSystem & { readonly cutoff: number | null } {
  const { system, energies, cutoff } = device(parameters, window);
  const { reach, inPotential } = masterEquationOf(parameters);
  const heat =
    reach === 'own'
      ? sum(window, energies.qubit1, energies.qubit2, energies.kinetic)
      : system.hamiltonian;
  const between = inPotential === null ? [] : coupledBaths(mill).map(({ name }) => name);
  const { betas } = fluctuatingDevice(parameters, window, cutoff);
  return { system, heat, betas, cutoff, between };
}

/** All of it. @throws {ParameterError | NonUniqueSteadyStateError} as `anyFluctuations` */
export async function potentialFluctuations(
  parameters: DeviceParameters,
  window: Window,
  rest: Pick<WholeRequest, 'order' | 'asked'>,
  hooks?: LayeredFluctuationHooks,
): Promise<Fluctuations & { readonly cutoff: number | null }> {
  const { cutoff, ...of } = wholeOf(parameters, window);
  return { ...(await anyFluctuations({ ...of, ...rest }, hooks)), cutoff };
}

/** What observables are read off. @throws as `potentialFluctuations` */
export const potentialFluctuating = (
  parameters: DeviceParameters,
  window: Window,
  hooks?: LayeredFluctuationHooks,
): Promise<FluctuatingState> => anyFluctuating(wholeOf(parameters, window), hooks);
