/** The truncated angular-momentum basis of the rotor: every integer l with lmin ≤ l ≤ lmax. */
import { lasting } from '../zeros.js';

/** More rotor levels than any device occupies, and a bound on what a window may take. */
export const MOST_LEVELS = 2 ** 20;

export interface Window {
  readonly lmin: number;
  readonly lmax: number;
  /** Number of rotor levels, N = lmax − lmin + 1. */
  readonly size: number;
}

/**
 * The rotor window [lmin, lmax].
 * @throws {RangeError} when the bounds are not integers or do not leave two levels.
 */
export function rotorWindow(lmin: number, lmax: number): Window {
  if (!Number.isInteger(lmin) || !Number.isInteger(lmax) || lmax <= lmin) {
    throw new RangeError(`the window [${lmin}, ${lmax}] must hold at least two integer levels`);
  }
  return { lmin, lmax, size: lmax - lmin + 1 };
}

const MOST_WINDOWS = 64;

/** Computes what depends on the window alone once for each of the windows in use. */
export function perWindow<T>(compute: (window: Window) => T): (window: Window) => T {
  const known = new Map<number, T>();
  return (window) => {
    const key = window.lmin * 2 ** 26 + window.lmax;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_WINDOWS) known.clear();
    const computed = lasting(() => compute(window));
    known.set(key, computed);
    return computed;
  };
}
