/** What fluctuates in the steady state of a described machine. */
import { FluctuationReading } from '../fluctuations/reading.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/described.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { withoutSector } from './machineInputs.js';
import { isWithoutSector } from './millSector.js';

/** @throws {ParameterError} where the jumps of a machine's baths cannot be counted */
export function requireCountableJumps(described: DescribedMachine): void {
  if (machineModel(described.model).hasFormulas) return;
  throw withoutSector(
    described,
    'fluctuations',
    'the global master equation makes its jumps between all eigenstates',
  );
}

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
  requireCountableJumps(described);
  try {
    const { machine } = described;
    return new FluctuationReading({ machine, of: localEquation, values, window, betas });
  } catch (error) {
    throw isWithoutSector(error) ? withoutSector(described, 'fluctuations', error.message) : error;
  }
}
