/** What parameters and observables there are, and what each of them is. */
import { type ParameterName, parameterRecords } from '../model/parameterRecords.js';
import {
  describedObservable,
  NAMED_OBSERVABLES,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';

export interface Described {
  /** In powers of an energy, ħ and k_B being 1; empty for plain numbers. */
  readonly unit: string;
  readonly description: string;
}

export interface DescribedParameter extends Described {
  /** As it is written in the paper. */
  readonly symbol: string;
  readonly default: number;
  /** The values that are allowed, in words. */
  readonly allowed: string;
}

const entries = <K extends string, V, W>(
  record: Readonly<Record<K, V>>,
  map: (value: V) => W,
): Readonly<Record<K, W>> =>
  Object.fromEntries(
    Object.entries<V>(record).map(([name, value]) => [name, map(value)]),
  ) as Record<K, W>;

/** The numbers that describe a device. */
export const parameters: Readonly<Record<ParameterName, DescribedParameter>> = entries(
  parameterRecords as Readonly<Record<ParameterName, (typeof parameterRecords)[ParameterName]>>,
  ({ unit, description, symbol, allowed, schema }) => ({
    unit,
    description,
    symbol,
    default: schema.parse(undefined),
    allowed,
  }),
);

/** The numbers of a steady state that a sweep can record. */
export const observables = Object.fromEntries(
  NAMED_OBSERVABLES.map((name) => {
    const { unit } = observableRecord(name);
    return [name, { unit: unit === '1' ? '' : unit, description: describedObservable(name) }];
  }),
) as Readonly<Record<ObservableName, Described>>;
