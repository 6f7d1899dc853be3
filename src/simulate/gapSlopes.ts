/** The gap of a generator with its derivatives: refused where its slowest mode has none that are known. */
import { ParameterError } from '../model/parameters.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Differential } from '../sensitivity/differential.js';
import { APART } from '../sensitivity/gapSensitivity.js';
import type { MachineSensitivity, SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { type ChargeModes, type Mode, type SectorModes, slowestRate } from '../spectrum/modes.js';
import { MachineOperators } from './machineOperators.js';
import { modeSlopes } from './modeSlopes.js';
import { modesInSector } from './relaxation.js';

/** An imaginary part that rounding leaves of a real eigenvalue, and how far two ways to one may differ, relatively. */
const ROUNDED = 1e-9;

/** An eigenvalue is told from its conjugate where so much more than its error lies between them. */
const TOLD_APART = 1e3;

/** The slowest mode, its conjugate and the next one. */
export const SURE = 3;

/** The slowest mode of charge 0, which may oscillate. @throws {NoDerivativeError} */
export function differentiableMode(found: SectorModes | null): Mode {
  if (found === null || slowestRate(found) === null) {
    throw new NoDerivativeError(
      'the gap is not known to six digits, or not to be the slowest of all modes',
    );
  }
  const [slowest, ...others] = found.modes;
  const { rate, error, frequency } = slowest;
  if (oscillates(slowest)) {
    if (slowest.coalesced > 1 || TOLD_APART * error > 2 * Math.abs(frequency)) {
      throw new NoDerivativeError('the slowest mode and its conjugate all but coalesce');
    }
    const near = ROUNDED * Math.hypot(rate, frequency);
    const conjugate = others.findIndex(
      (mode) => Math.hypot(mode.rate - rate, mode.frequency + frequency) <= near + 2 * error,
    );
    if (conjugate >= 0) others.splice(conjugate, 1);
  }
  const [next] = others;
  if (next !== undefined && next.rate < (1 + APART) * rate) {
    throw new NoDerivativeError('two modes are about as slow');
  }
  return slowest;
}

export const oscillates = ({ rate, frequency }: Mode): boolean =>
  Math.abs(frequency) > ROUNDED * rate;

/**
 * Of a machine in its sector.
 * @param system the same device as operators
 * @param request what these are made of, where the slowest mode oscillates, or is not among what populations reach
 * @throws {NoDerivativeError}
 */
export function gapInSector(
  machine: MachineSensitivity,
  system: OpenSystem,
  request: SensitivityRequest,
): Differential {
  const found = modesInSector(system, SURE);
  const slowest = differentiableMode(found);
  const own = oscillates(slowest) ? null : gapOfPopulations(machine, slowest);
  return own ?? gapOf(found as ChargeModes, operatorsOf(request));
}

/** @throws {NoDerivativeError} on a window of too many eigenstates */
function operatorsOf(request: SensitivityRequest): MachineOperators {
  try {
    return new MachineOperators(request);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new NoDerivativeError(error.message);
  }
}

/** The same among what populations reach; null where the slowest mode is not. */
function gapOfPopulations(machine: MachineSensitivity, slowest: Mode): Differential | null {
  try {
    const found = machine.gap();
    const { value, error } = found.value;
    const near = error + slowest.error + ROUNDED * slowest.rate;
    return Math.abs(value - slowest.rate) <= near ? found : null;
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    return null;
  }
}

/** Of all elements at once, by vectors of the slowest mode. */
export const gapOf = ({ modes, vectors }: ChargeModes, operators: MachineOperators) =>
  modeSlopes(operators, vectors[0], oscillates(modes[0]));
