/** The values of observables, by their records. */

import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import type { Definition, Value } from './observable.js';
import {
  NAMED_OBSERVABLES,
  OBSERVABLE_NAMES,
  type ObservableName,
  type Observables,
  observableRecord,
  type StateObservables,
} from './observableRecords.js';
import type { SteadyReading } from './steadyReading.js';

/** What a definition is of a solution; NaN or null where it is undefined. */
function definedValue(is: Definition, reading: SteadyReading): Value {
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
    case 'fluctuation':
      return is.read(reading.fluctuations);
    case 'information':
      return is.read(reading.information);
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

/** Group and member of a name; the member is empty where the name has no group. */
const places: ReadonlyMap<string, readonly [string, string]> = new Map(
  NAMED_OBSERVABLES.map((name) => {
    const [group, member = ''] = name.split('.');
    return [name, [group, member]];
  }),
);

/** Values of observables by their names as an object with one for each group. */
export function grouped(
  values: Iterable<readonly [ObservableName, unknown]>,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of values) {
    const [group, member] = places.get(name) as readonly [string, string];
    if (member === '') {
      object[group] = value;
      continue;
    }
    const inside = (object[group] ?? {}) as Record<string, unknown>;
    inside[member] = value;
    object[group] = inside;
  }
  return object;
}

/** One of them by its name. */
export function observed(all: Observables, name: ObservableName): Value {
  const [group, member] = name.split('.');
  const found = (all as Readonly<Record<string, Value | Readonly<Record<string, Value>>>>)[group];
  return typeof found === 'object' && found !== null ? found[member] : found;
}

/** Observables of a solution that are asked for by name, those of a group in an object. */
export const observeNamed = (
  reading: SteadyReading,
  names: readonly ObservableName[],
): Record<string, unknown> =>
  grouped(names.map((name) => [name, definedValue(observableRecord(name).is, reading)]));

/** Those of a solution that every steady state is printed with. */
export const observe = (reading: SteadyReading): Observables =>
  grouped(
    OBSERVABLE_NAMES.map((name) => {
      return [name, definedValue(observableRecord(name).is, reading)];
    }),
  ) as Observables;

/** Whether any state has an observable, and not a steady one alone. */
export function isOfAnyState(name: ObservableName): boolean {
  const { is } = observableRecord(name);
  if (is.kind === 'others') return (is.of as readonly ObservableName[]).every(isOfAnyState);
  return is.kind === 'expectation' || is.kind === 'state';
}

/** One of those. */
function ofAnyState(is: Definition, rho: DensityMatrix): Value {
  switch (is.kind) {
    case 'expectation':
      return expectation(rho, is.operator(rho.space.window)).re;
    case 'state':
      return is.read(rho);
    case 'others': {
      const numbers = (is.of as readonly ObservableName[]).map((name) =>
        asNumber(name, ofAnyState(observableRecord(name).is, rho)),
      );
      return is.read(...numbers);
    }
    default:
      throw new RangeError(`an observable of ${is.kind} is one of steady states alone`);
  }
}

/** Every observable that any state has; moments are those of the window. */
export const observeState = (rho: DensityMatrix): StateObservables =>
  grouped(
    OBSERVABLE_NAMES.filter(isOfAnyState).map((name) => [
      name,
      ofAnyState(observableRecord(name).is, rho),
    ]),
  ) as StateObservables;
