/**
 * The observables of a steady state, one record each, by the names that JSON, plans of sweeps and plots have for
 * them. What any of these, exports, tables, the page and figures say of an observable is said here and nowhere else.
 */
import {
  FLUCTUATION_NAMES,
  type FluctuationName,
  fluctuationRecords,
} from './fluctuationRecords.js';
import {
  INFORMATION_NAMES,
  type InformationName,
  informationRecords,
} from './informationRecords.js';
import type { ObservableRecord } from './observable.js';
import { heatAndWorkRecords } from './observables/heatAndWork.js';
import { performanceRecords } from './observables/performance.js';
import { powerRecords, rotorRecords } from './observables/rotor.js';
import { stateRecords } from './observables/state.js';
import { RELAXATION_NAMES, type RelaxationName, relaxationRecords } from './relaxationRecords.js';

/** In the order in which they are printed. */
export const observableRecords = {
  ...heatAndWorkRecords,
  ...rotorRecords,
  ...stateRecords,
  ...powerRecords,
  ...performanceRecords,
};

type SteadyName = keyof typeof observableRecords;
/** Those that every steady state is printed with. */
export const OBSERVABLE_NAMES = Object.keys(observableRecords) as readonly SteadyName[];

export type ObservableName = SteadyName | FluctuationName | RelaxationName | InformationName;
/** Those that are computed only where they are asked for. */
export const ASKED_NAMES: readonly ObservableName[] = [
  ...FLUCTUATION_NAMES,
  ...RELAXATION_NAMES,
  ...INFORMATION_NAMES,
];
/** All that can be asked for by name. */
export const NAMED_OBSERVABLES: readonly ObservableName[] = [...OBSERVABLE_NAMES, ...ASKED_NAMES];

const allRecords: Readonly<Record<ObservableName, ObservableRecord>> = {
  ...observableRecords,
  ...fluctuationRecords,
  ...relaxationRecords,
  ...informationRecords,
};

/** A record by its name, whatever it has beside what all have. */
export const observableRecord = (name: ObservableName): ObservableRecord => allRecords[name];

/** What a record's value is: null where it may be absent, one of its words, or a flag. */
type ValueOf<R> = R extends { readonly words: readonly (infer W)[] }
  ? W
  : R extends { readonly isFlag: true }
    ? boolean
    : R extends { readonly absent: string }
      ? number | null
      : number;

type Group<N> = N extends `${infer G}.${string}` ? G : N;

/** Values by name, those of a group in an object: `heat.Q1` is `heat: {Q1}`. */
type Grouped<V extends Readonly<Record<string, unknown>>> = {
  readonly [G in Group<keyof V & string>]: G extends keyof V
    ? V[G]
    : { readonly [N in keyof V as N extends `${G}.${infer M}` ? M : never]: V[N] };
};

export type Observables = Grouped<{
  readonly [N in SteadyName]: ValueOf<(typeof observableRecords)[N]>;
}>;

type StateObservableName = {
  readonly [N in SteadyName]: (typeof observableRecords)[N]['is'] extends {
    readonly kind: 'expectation' | 'state' | 'qubits';
  }
    ? N
    : never;
}[SteadyName];

/** Those that any state has, whether it is steady or not. */
export type StateObservables = Grouped<{ readonly [N in StateObservableName]: number }>;

/** An observable's name as that of a variable in a data set: `heat.Q1` is `heat_Q1`. */
export const variableName = (name: string): string => name.replace('.', '_');

/** A record's name with its place in the paper, for the attributes of data sets. */
export const describedObservable = (name: ObservableName): string => {
  const { name: title, equation } = observableRecord(name);
  if (equation === '') return title;
  const many = /[,–]/.test(equation) ? 'Eqs.' : 'Eq.';
  return `${title}, ${equation.startsWith('(') ? `${many} ` : ''}${equation}`;
};
