/** What fluctuates in the steady state of the paper's device. */
import { FluctuationReading } from '../fluctuations/reading.js';
import { mill } from '../machine/mill.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { cutoffOn, valuesOf } from './millSector.js';

/**
 * What fluctuates in a device's steady state.
 * @throws {NoSectorError | EigenbasisError | NonUniqueSteadyStateError}
 */
export function millFluctuations(parameters: DeviceParameters, window: Window): FluctuationReading {
  const { beta1, beta2, betaR } = parameters;
  return new FluctuationReading({
    machine: mill,
    of: masterEquationOf(parameters).of,
    values: valuesOf(parameters, cutoffOn(parameters, window)),
    window,
    betas: { bath1: beta1, bath2: beta2, load: betaR },
  });
}
