/** What fluctuates in the steady state of a described machine. */
import type { DynamicRequest } from '../fluctuations/dynamics.js';
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import { type Fluctuations, fluctuations } from '../fluctuations/fluctuations.js';
import { FluctuationReading } from '../fluctuations/reading.js';
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import type { Values } from '../machine/tape.js';
import { type Operator, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { isDiagonal } from '../spectrum/countedBath.js';
import { anyFluctuating, anyFluctuations } from './anyFluctuations.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { MachineSystem } from './machineSystem.js';
import { isWithoutSector } from './millSector.js';
import type { WholeSystem } from './wholeFluctuations.js';

/**
 * The energy that counts as heat; null where jumps between bare states change it by no definite amounts.
 * @param energies by name
 */
function heatOf(
  { energies: described, model }: DescribedMachine,
  energies: Readonly<Record<string, Operator>>,
  window: Window,
): Operator | null {
  const isWhole = machineModel(model).energies === 'whole';
  const counted = described.filter(({ isHeat }) => isWhole || isHeat);
  const heat = sum(window, ...counted.map(({ name }) => energies[name]));
  return isWhole || isDiagonal(heat) ? heat : null;
}

/** Without a sector. */
function wholeOf(
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
): WholeSystem {
  const { system, energies } = new MachineSystem(described).on(window, values);
  const { hasFormulas } = machineModel(described.model);
  const between = described.baths.flatMap(({ name, thermal }) =>
    hasFormulas || thermal === null ? [] : [name],
  );
  return { system, heat: heatOf(described, energies, window), betas, between };
}

/** Computes in the sector of a machine's populations, or, where it has none, otherwise. */
async function inSector<T>(
  { model }: DescribedMachine,
  compute: () => T,
  otherwise: () => Promise<T>,
): Promise<T> {
  // The global master equation makes its jumps between all eigenstates.
  if (!machineModel(model).hasFormulas) return otherwise();
  try {
    return compute();
  } catch (error) {
    if (!isWithoutSector(error)) throw error;
    return otherwise();
  }
}

type Betas = Readonly<Record<string, number | null>>;

/**
 * What columns have.
 * @param betas by bath, its inverse temperature; null where it has none
 * @throws {ParameterError} on a wide window of a machine without a sector of populations, where layers are no way
 * @throws {NonUniqueSteadyStateError}
 */
export const machineFluctuating = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
  hooks?: LayeredFluctuationHooks,
): Promise<FluctuatingState> =>
  inSector<FluctuatingState>(
    described,
    () => {
      const { machine } = described;
      return new FluctuationReading({ machine, of: localEquation, values, window, betas });
    },
    () => anyFluctuating(wholeOf(described, values, window, betas), hooks),
  );

/** What is asked of a machine's fluctuations. */
export interface MachineFluctuationRequest {
  /** How many cumulants. */
  readonly order: number;
  readonly asked?: DynamicRequest | undefined;
}

/** All of it; otherwise as `machineFluctuating`. */
export const machineFluctuationsOf = (
  described: DescribedMachine,
  values: Values,
  window: Window,
  betas: Betas,
  request: MachineFluctuationRequest,
  hooks?: LayeredFluctuationHooks,
): Promise<Fluctuations> => {
  const { machine } = described;
  return inSector(
    described,
    () => fluctuations({ machine, of: localEquation, values, window, betas, ...request }),
    () => anyFluctuations({ ...wholeOf(described, values, window, betas), ...request }, hooks),
  );
};
