/** The values of observables, by their records. */

import type { Definition, Value } from './observable.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  type Observables,
  observableRecord,
} from './observableRecords.js';
import type { SteadyReading } from './steadyReading.js';

/** What a definition is of a solution; NaN or null where it is undefined. */
export function definedValue(is: Definition, reading: SteadyReading): Value {
  switch (is.kind) {
    case 'expectation':
      if (is.isInfinite?.(reading.state.device.parameters) === true) return null;
      return reading.mean(is.operator);
    case 'flows':
      return is.read(reading);
    case 'others':
      return is.read(...is.of.map((name) => numberOf(name as ObservableName, reading)));
    case 'state':
      return is.read(reading.state.rho);
    case 'solution':
      return is.read(reading);
  }
}

/** A value as a number: NaN where it is undefined, the place of a word, 1 of a yes. */
export function asNumber(name: ObservableName, value: Value): number {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  if (typeof value === 'boolean') return Number(value);
  return observableRecord(name).words?.indexOf(value) ?? Number.NaN;
}

/** An observable of a solution, as a number. */
export const numberOf = (name: ObservableName, reading: SteadyReading): number =>
  asNumber(name, definedValue(observableRecord(name).is, reading));

/** Values by their names as an object with one for each group. */
export function grouped(values: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of values) {
    const [group, member] = name.split('.');
    if (member === undefined) object[group] = value;
    else object[group] = { ...(object[group] as object | undefined), [member]: value };
  }
  return object;
}

/** One of them by its name. */
export function observed(all: Observables, name: ObservableName): Value {
  const [group, member] = name.split('.');
  const found = (all as Readonly<Record<string, Value | Readonly<Record<string, Value>>>>)[group];
  return typeof found === 'object' && found !== null ? found[member] : found;
}

/** Every observable of a solution. */
export const observe = (reading: SteadyReading): Observables =>
  grouped(
    OBSERVABLE_NAMES.map((name) => {
      return [name, definedValue(observableRecord(name).is, reading)];
    }),
  ) as Observables;
