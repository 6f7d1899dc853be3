/** Numbers of a described machine that take more than its steady state: computed where they are asked for. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { meantBy, ParameterError } from '../model/parameters.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
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
 * @param refused told why a group of them is not computed, which is then left out
 * @throws {ParameterError} where there is no `refused`, for what fluctuates on a wide window where layers are no way
 */
export async function askedNumbers(
  described: DescribedMachine,
  names: readonly string[],
  reading: MachineReading,
  hooks?: LayeredFluctuationHooks,
  refused?: (error: ParameterError) => void,
): Promise<Record<string, number | null>> {
  const found: Record<string, number | null> = {};
  const take = async (
    group: readonly string[],
    compute: () => MaybePromise<Readonly<Record<string, number | null>>>,
  ) => {
    const asked = names.filter((name) => group.includes(name));
    if (asked.length === 0) return;
    try {
      const computed = await compute();
      for (const name of asked) if (name in computed) found[name] = computed[name];
    } catch (error) {
      if (refused === undefined || !(error instanceof ParameterError)) throw error;
      refused(error);
    }
  };
  await take(fluctuationColumns(described), () => fluctuationsOf(reading, hooks));
  await take(informationNames(described), () => machineInformation(reading));
  return found;
}

type MaybePromise<T> = T | Promise<T>;
