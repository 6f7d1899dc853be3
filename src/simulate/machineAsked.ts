/** Numbers of a described machine that take more than its steady state: computed where they are asked for. */
import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { meantBy, ParameterError } from '../model/parameters.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { fluctuationColumns, fluctuationsOf } from './machineColumns.js';
import { informationNames, machineInformation } from './machineInformation.js';
import type { MachineReading } from './machineSteady.js';
import { relaxationOf } from './relaxation.js';
import { RELAXATION_NAMES, relaxationRecords } from './relaxationRecords.js';

type Numbers = Readonly<Record<string, number | null>>;

export interface AskedHooks extends LayeredFluctuationHooks {
  /** Rows up to which spectra are computed; by default those of which it takes about a second. */
  readonly largestOrder?: number;
  /** What fluctuates, where it has been counted already. */
  readonly counted?: FluctuatingState | null;
}

/** Numbers that are computed together. */
interface Group {
  names(described: DescribedMachine): readonly string[];
  /** @throws {ParameterError} on a wide window, where layers are no way to it */
  compute(
    reading: MachineReading,
    names: readonly string[],
    hooks?: AskedHooks,
  ): Numbers | Promise<Numbers>;
}

const GROUPS: readonly Group[] = [
  {
    names: fluctuationColumns,
    compute: (reading, names, hooks) => fluctuationsOf(reading, names, hooks, hooks?.counted),
  },
  {
    names: () => RELAXATION_NAMES,
    compute: async ({ numbers }, _, hooks) => {
      const found = await relaxationOf(numbers.system, hooks);
      const read = (name: (typeof RELAXATION_NAMES)[number]) =>
        relaxationRecords[name].is.read(found);
      return Object.fromEntries(RELAXATION_NAMES.map((name) => [name, read(name)]));
    },
  },
  {
    names: informationNames,
    compute: (reading, _, hooks) => machineInformation(reading, hooks?.largestOrder),
  },
];

export const askedNames = (described: DescribedMachine): string[] =>
  GROUPS.flatMap(({ names }) => names(described));

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
 * @throws {ParameterError | NonUniqueSteadyStateError} where there is no `refused`: for what takes a wide window where
 * layers are no way, and for what the slowest decay is too slow for, which a steady state may be known without
 */
export async function askedNumbers(
  described: DescribedMachine,
  names: readonly string[],
  reading: MachineReading,
  hooks?: AskedHooks,
  refused?: (error: ParameterError | NonUniqueSteadyStateError) => void,
): Promise<Record<string, number | null>> {
  const found: Record<string, number | null> = {};
  for (const group of GROUPS) {
    const own = group.names(described);
    const asked = names.filter((name) => own.includes(name));
    if (asked.length === 0) continue;
    try {
      const computed = await group.compute(reading, asked, hooks);
      for (const name of asked) if (name in computed) found[name] = computed[name];
    } catch (error) {
      const isKnown = error instanceof ParameterError || error instanceof NonUniqueSteadyStateError;
      if (refused === undefined || !isKnown) throw error;
      refused(error);
    }
  }
  return found;
}

/** Reads them by name, those of a group computed once. @throws {ParameterError} as `askedNumbers` */
export function askedReader(described: DescribedMachine, reading: MachineReading) {
  const computed = new Map<Group, Promise<Numbers>>();
  return async (name: string): Promise<number | null> => {
    const group = GROUPS.find(({ names }) => names(described).includes(name));
    if (group === undefined) return null;
    const compute = async () => group.compute(reading, group.names(described));
    const found = computed.get(group) ?? compute();
    computed.set(group, found);
    return (await found)[name] ?? null;
  };
}
