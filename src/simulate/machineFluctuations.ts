/** What fluctuates in the steady state of a described machine. */
import { FluctuationReading } from '../fluctuations/reading.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/described.js';
import type { Values } from '../machine/tape.js';
import { ParameterError } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { isWithoutSector } from './millSector.js';

/**
 * @param betas by bath, its inverse temperature; null where it has none
 * @throws {ParameterError} for a machine without a sector of populations
 * @throws {NonUniqueSteadyStateError}
 */
export function machineFluctuations(
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Readonly<Record<string, number | null>>,
): FluctuationReading {
  const refused = (why: string) =>
    new ParameterError('machine', described.name, `one with a sector for its fluctuations: ${why}`);
  if (described.model === 'global') {
    throw refused('the global master equation makes its jumps between all eigenstates');
  }
  try {
    const { machine } = described;
    return new FluctuationReading({ machine, of: localEquation, values, window, betas });
  } catch (error) {
    throw isWithoutSector(error) ? refused(error.message) : error;
  }
}
