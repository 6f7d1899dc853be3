/** Where a device's master equation stands on a window. */
import { device } from '../model/device.js';
import { smallestGapOf } from '../model/eigenstateBaths.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { type Condition, judged, type Validity } from './validity.js';

/**
 * @param window of the result; Ω depends on it with `cutoff` = `max-bohr`, and the energies of H_S in a potential
 * @throws {ParameterError} as `requireLevels`
 */
export function validityOf(parameters: DeviceParameters, window: Window): Validity {
  const { cutoff, conditions } = masterEquationOf(parameters);
  const omega = cutoff?.(window, parameters) ?? Number.NaN;
  const smallestGap = () => smallestGapOf(device(parameters, window));
  const numbers: Partial<Record<Condition, number | null>> = {};
  for (const { name, value } of conditions) {
    numbers[name as Condition] = value(parameters, omega, smallestGap);
  }
  return judged(numbers);
}
