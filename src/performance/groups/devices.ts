/** The devices and windows that the groups measure: Fig. 2's, around a peak that the window keeps. */
import { type DeviceParameters, deviceParameters } from '../../model/parameters.js';
import { rotorWindow, type Window } from '../../operators/window.js';

export const paperDevice = (changes: Partial<DeviceParameters> = {}): DeviceParameters =>
  deviceParameters({ ...deviceParameters(), ...changes });

/** So many in turn that answers of functions are not kept from one turn to the next: a tape keeps 1,024 of each. */
export const DEVICES = 3000;

/** Devices beside one another, two of whose parameters change by a hundredth and more. */
export const devicesInTurn = (changes: Partial<DeviceParameters> = {}): DeviceParameters[] =>
  Array.from({ length: DEVICES }, (_, k) => {
    const by = (0.01 * k) / DEVICES;
    return paperDevice({ ...changes, beta2: 0.03 + by, lambda: 0.1 + by });
  });

/** A window of N levels, a third of them below l = 0; N = 61 is [−20, 40]. */
export function windowOf(N: number): Window {
  const below = Math.round((N - 1) / 3);
  return rotorWindow(-below, N - 1 - below);
}

/** The largest relative difference of two lists of numbers. */
export function largestDifference(found: readonly number[], wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.NaN;
  return Math.max(...found.map((x, i) => Math.abs(x - wanted[i]) / Math.abs(wanted[i])));
}
