/** One Ω for many devices of the global model, where it is to be the largest Bohr frequency. */
import { device } from '../model/device.js';
import { masterEquations } from '../model/masterEquations/registry.js';
import { CUTOFF_DEFAULT, type DeviceParameters, type Truncation } from '../model/parameters.js';
import { rotorWindow, type Window } from '../operators/window.js';
import { NoSteadyStateError } from '../solve/verdict.js';
import { steadyState } from './steady.js';
import { firstWindow } from './windowSearch.js';

/** Whether Ω depends on the window of the rotor. */
export const followsWindow = ({ model, cutoff = CUTOFF_DEFAULT }: DeviceParameters): boolean =>
  masterEquations[model].cutoff !== null && cutoff === 'max-bohr';

function windowsOf(devices: readonly DeviceParameters[], truncation: Truncation): Window[] {
  return devices.flatMap((parameters) => {
    try {
      return [steadyState(parameters, truncation).device.system.window];
    } catch (error) {
      // Whoever solves it will find the same, and say so.
      if (error instanceof NoSteadyStateError) return [];
      throw error;
    }
  });
}

/**
 * The largest Bohr frequency of all devices on the window that holds each of them. `max-bohr` follows the
 * window, a numerical choice; with one window for all it does not differ from device to device by that.
 */
export function sharedCutoff(devices: readonly DeviceParameters[], truncation: Truncation): number {
  const windows = windowsOf(devices, truncation);
  const [first = firstWindow()] = windows;
  const window = rotorWindow(
    Math.min(first.lmin, ...windows.map(({ lmin }) => lmin)),
    Math.max(first.lmax, ...windows.map(({ lmax }) => lmax)),
  );
  return Math.max(...devices.map((parameters) => Number(device(parameters, window).cutoff)));
}
