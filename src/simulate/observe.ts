/** The values of observables, by their records. */

import { perObject } from '../perObject.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { qubitState } from '../state/reduce.js';
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

type ReadOfSolution = (reading: SteadyReading) => Value;

/** What a definition is of solutions; NaN or null where it is undefined. */
function readerOf(is: Definition): ReadOfSolution {
  switch (is.kind) {
    case 'expectation': {
      const { operator, isInfinite } = is;
      if (isInfinite === undefined) return (reading) => reading.mean(operator);
      return (reading) =>
        isInfinite(reading.state.device.parameters) ? null : reading.mean(operator);
    }
    case 'flows':
    case 'solution':
      return is.read;
    case 'others': {
      const others = is.of as readonly ObservableName[];
      return (reading) => is.read(...others.map((name) => numberOf(name, reading)));
    }
    case 'state':
      return (reading) => is.read(reading.state.rho);
    case 'qubits':
      return (reading) => is.read(reading.qubits);
    case 'fluctuation':
      return (reading) => is.read(reading.fluctuations);
    case 'relaxation':
      return (reading) => is.read(reading.relaxation);
    case 'information':
      return (reading) => is.read(reading.information);
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
  asNumber(name, (placed.get(name) as Placed).read(reading));

/** An observable, and its place in an object with one for each group; the member is empty where it has none. */
interface Placed {
  readonly name: ObservableName;
  readonly is: Definition;
  readonly read: ReadOfSolution;
  readonly group: string;
  readonly member: string;
}

const placed: ReadonlyMap<ObservableName, Placed> = new Map(
  NAMED_OBSERVABLES.map((name) => {
    const [group, member = ''] = name.split('.');
    const { is } = observableRecord(name);
    return [name, { name, is, read: readerOf(is), group, member }];
  }),
);

/** Observables with their places, in the order of their names. */
export const placedOf = (names: readonly ObservableName[]): Placed[] =>
  names.map((name) => placed.get(name) as Placed);

const placedOnce = perObject(placedOf);

/** Puts those of a solution as numbers one after another. @param at where the first goes */
export function putNumbers(
  reading: SteadyReading,
  names: readonly ObservableName[],
  out: Float64Array,
  at: number,
): void {
  const observables = placedOnce(names);
  for (let c = 0; c < observables.length; c++) {
    const { name, read } = observables[c];
    out[at + c] = asNumber(name, read(reading));
  }
}

/** Something of each observable, in an object with one for each group. @param object where they are put */
export function grouped(
  observables: readonly Placed[],
  read: (observable: Placed) => unknown,
  object: Record<string, unknown> = {},
): Record<string, unknown> {
  let group = '';
  let inside: Record<string, unknown> = {};
  for (const observable of observables) {
    const { member } = observable;
    if (member === '') {
      object[observable.group] = read(observable);
      continue;
    }
    if (observable.group !== group) {
      group = observable.group;
      inside = (object[group] ?? {}) as Record<string, unknown>;
      object[group] = inside;
    }
    inside[member] = read(observable);
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
): Record<string, unknown> => grouped(placedOf(names), ({ read }) => read(reading));

const printed = placedOf(OBSERVABLE_NAMES);

/** Those of a solution that every steady state is printed with, put into an object behind what is in it. */
export const observe = <Others extends object>(reading: SteadyReading, others = {} as Others) =>
  grouped(
    printed,
    ({ read }) => read(reading),
    others as Record<string, unknown>,
  ) as unknown as Others & Observables;

/** Whether any state has an observable, and not a steady one alone. */
export function isOfAnyState(name: ObservableName): boolean {
  const { is } = observableRecord(name);
  if (is.kind === 'others') return (is.of as readonly ObservableName[]).every(isOfAnyState);
  return is.kind === 'expectation' || is.kind === 'state' || is.kind === 'qubits';
}

/** One of those. */
function ofAnyState(is: Definition, rho: DensityMatrix): Value {
  switch (is.kind) {
    case 'expectation':
      return expectation(rho, is.operator(rho.space.window)).re;
    case 'state':
      return is.read(rho);
    case 'qubits':
      return is.read(qubitState(rho));
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

const ofEveryState = placedOf(OBSERVABLE_NAMES.filter(isOfAnyState));

/** Every observable that any state has; moments are those of the window. */
export const observeState = (rho: DensityMatrix): StateObservables =>
  grouped(ofEveryState, ({ is }) => ofAnyState(is, rho)) as StateObservables;
