/** The gap of a generator with its derivatives: refused where its slowest mode has none that are known. */
import type { OpenSystem } from '../operators/openSystem.js';
import type { Differential } from '../sensitivity/differential.js';
import { APART } from '../sensitivity/gapSensitivity.js';
import type { MachineSensitivity } from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { type Mode, type SectorModes, slowestRate } from '../spectrum/modes.js';
import { modesInSector } from './relaxation.js';

/** An imaginary part that rounding leaves of a real eigenvalue, and how far two ways to one may differ, relatively. */
const ROUNDED = 1e-9;

/** The slowest mode of charge 0. @throws {NoDerivativeError} */
export function differentiableMode(found: SectorModes | null): Mode {
  if (found === null || slowestRate(found) === null) {
    throw new NoDerivativeError('the gap is not known to six digits');
  }
  const [slowest, next] = found.modes;
  const { rate, frequency } = slowest;
  if (Math.abs(frequency) > ROUNDED * rate) {
    throw new NoDerivativeError('the slowest mode oscillates');
  }
  if (next !== undefined && next.rate < (1 + APART) * rate) {
    throw new NoDerivativeError('two modes are about as slow');
  }
  return slowest;
}

/**
 * Of a machine in its sector.
 * @param system the same device as operators
 * @throws {NoDerivativeError}
 */
export function gapInSector(machine: MachineSensitivity, system: OpenSystem): Differential {
  const slowest = differentiableMode(modesInSector(system));
  const found = machine.gap();
  const { value, error } = found.value;
  if (Math.abs(value - slowest.rate) > error + slowest.error + ROUNDED * slowest.rate) {
    throw new NoDerivativeError('the slowest mode is not among what populations reach');
  }
  return found;
}
