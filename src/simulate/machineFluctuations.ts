/** What fluctuates in the steady state of a described machine. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { FluctuationReading } from '../fluctuations/reading.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { withoutSector } from './machineInputs.js';
import { isWithoutSector } from './millSector.js';

/** @throws {ParameterError} where the jumps of a machine's baths cannot be counted */
function requireCountableJumps(described: DescribedMachine): void {
  if (machineModel(described.model).hasFormulas) return;
  throw withoutSector(
    described,
    'fluctuations',
    'the global master equation makes its jumps between all eigenstates',
  );
}

/** @throws {ParameterError} where a machine has no sector */
function inSector<T>(described: DescribedMachine, compute: () => T): T {
  requireCountableJumps(described);
  try {
    return compute();
  } catch (error) {
    throw isWithoutSector(error) ? withoutSector(described, 'fluctuations', error.message) : error;
  }
}

type Betas = Readonly<Record<string, number | null>>;

/**
 * @param betas by bath, its inverse temperature; null where it has none
 * @throws {ParameterError} for a machine without a sector of populations
 * @throws {NonUniqueSteadyStateError}
 */
export const machineFluctuations = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
): FluctuationReading => {
  const { machine } = described;
  return inSector(
    described,
    () => new FluctuationReading({ machine, of: localEquation, values, window, betas }),
  );
};

/** All of it. @param order how many cumulants; otherwise as `machineFluctuations` */
export const machineFluctuationsOf = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
  order: number,
  asked?: DynamicRequest,
): Fluctuations => {
  const { machine } = described;
  return inSector(described, () =>
    fluctuations({ machine, of: localEquation, values, window, betas, order, asked }),
  );
};
