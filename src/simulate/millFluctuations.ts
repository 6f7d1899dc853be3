/** What fluctuates in the steady state of the paper's device. */
import { type FluctuatingDevice, FluctuationReading } from '../fluctuations/reading.js';
import { mill } from '../machine/mill.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { cutoffOn, valuesOf } from './millSector.js';

/** @param cutoff Ω; where it is not given that of the window */
export function fluctuatingDevice(
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
