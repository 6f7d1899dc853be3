/** Numbers of a described machine that take more than its steady state: computed where they are asked for. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { meantBy } from '../model/parameters.js';
import { fluctuationColumns, fluctuationsOf } from './machineColumns.js';
import { informationNames, machineInformation } from './machineInformation.js';
import type { MachineReading } from './machineSteady.js';

export const askedNames = (described: DescribedMachine): string[] => [
  ...fluctuationColumns(described),
  ...informationNames(described),
];

/**
 * The names that are meant by some of them, or by what comes before their dots: noise is that of every bath.
 * @throws {UnknownKeyError}
 */
export function readAsked(described: DescribedMachine, given: readonly string[]): string[] {
  const known = askedNames(described);
  return [...new Set(given.flatMap((name) => meantBy(name, known)))];
}

/**
 * Of some names, those that are asked for here.
 * @throws {ParameterError} for what fluctuates on a wide window of a machine that has no sector of populations
 */
export function askedNumbers(
  described: DescribedMachine,
  names: readonly string[],
  reading: MachineReading,
): Record<string, number | null> {
  const asks = (of: readonly string[]) => of.some((name) => names.includes(name));
  const found: Record<string, number | null> = {
    ...(asks(fluctuationColumns(described)) ? fluctuationsOf(reading) : {}),
    ...(asks(informationNames(described)) ? machineInformation(reading) : {}),
  };
  return Object.fromEntries(names.flatMap((name) => (name in found ? [[name, found[name]]] : [])));
}
