/** What fluctuates in the steady state of a described machine. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import { type FluctuatingState, fluctuatingState } from '../fluctuations/fluctuatingState.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { FluctuationReading } from '../fluctuations/reading.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { isWithoutSector } from './millSector.js';
import { wholeMachineFluctuations } from './wholeFluctuations.js';

/** Computes in the sector of a machine's populations, or, where it has none, otherwise, told why. */
function inSector<T>(
  { model }: DescribedMachine,
  compute: () => T,
  otherwise: (why: string) => T,
): T {
  if (!machineModel(model).hasFormulas) {
    return otherwise('the global master equation makes its jumps between all eigenstates');
  }
  try {
    return compute();
  } catch (error) {
    if (!isWithoutSector(error)) throw error;
    return otherwise(error.message);
  }
}

type Betas = Readonly<Record<string, number | null>>;

/**
 * What columns have; of a machine without a sector on a small window.
 * @param betas by bath, its inverse temperature; null where it has none
 * @throws {ParameterError} on a wide window of a machine without a sector of populations
 * @throws {NonUniqueSteadyStateError}
 */
export const machineFluctuating = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
): FluctuatingState =>
  inSector<FluctuatingState>(
    described,
    () => {
      const { machine } = described;
      return new FluctuationReading({ machine, of: localEquation, values, window, betas });
    },
    () =>
      fluctuatingState(wholeMachineFluctuations(described, values, window, { betas, order: 2 })),
  );

/**
 * All of it; of a machine without a sector on a small window.
 * @param order how many cumulants; otherwise as `machineFluctuating`
 */
export const machineFluctuationsOf = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
  order: number,
  asked?: DynamicRequest,
): Fluctuations => {
  const { machine } = described;
  return inSector(
    described,
    () => fluctuations({ machine, of: localEquation, values, window, betas, order, asked }),
    () => wholeMachineFluctuations(described, values, window, { betas, order, asked }),
  );
};
