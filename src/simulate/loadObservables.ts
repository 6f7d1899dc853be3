/** Loads the code of observables that are computed only where they are asked for. */
import { hasPotential } from '../model/potentialParameters.js';
import { fluctuationCode, informationCode, relaxationCode } from './askedCode.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import type { SteadyState } from './steadyState.js';

const kindOf = (name: ObservableName) => observableRecord(name).is.kind;

/** Whether it is made of spectra of ρ and of its parts. */
export const isInformation = (name: ObservableName): boolean => kindOf(name) === 'information';

/** Kinds of observables of which each takes, in a potential, a solution of its own. */
const APART = ['fluctuation', 'relaxation'] as const;

/** Of some observables those that take, in a potential, solutions of their own: a list for each of these. */
export const solvedApart = (names: readonly ObservableName[]): readonly ObservableName[][] =>
  APART.map((kind) => names.filter((name) => kindOf(name) === kind)).filter(
    ({ length }) => length > 0,
  );

/** To be awaited before any of these observables is read. */
export async function loadCodeFor(names: readonly ObservableName[]): Promise<void> {
  const kinds = new Set(names.map(kindOf));
  if (kinds.has('fluctuation'))
    fluctuationCode.module ??= await import('./potentialFluctuations.js');
  if (kinds.has('relaxation')) relaxationCode.module ??= await import('./relaxation.js');
  if (kinds.has('information')) informationCode.module ??= await import('./millInformation.js');
}

/**
 * A state with what fluctuates in it and how it is reached, where that is among these observables: in a potential it
 * takes a solution of its own.
 * @throws {ParameterError} on a wide window, where layers are no way to it
 */
export async function withAsked(
  state: SteadyState,
  names: readonly ObservableName[],
  hooks?: LayeredFluctuationHooks,
): Promise<SteadyState> {
  const { parameters, system } = state.device;
  if (!hasPotential(parameters)) return state;
  await loadCodeFor(names);
  const kinds = new Set(names.map(kindOf));
  const fluctuating = kinds.has('fluctuation')
    ? await fluctuationCode.module?.potentialFluctuating(parameters, system.window, hooks)
    : state.fluctuating;
  const relaxing = kinds.has('relaxation')
    ? await relaxationCode.module?.relaxationOf(system, hooks)
    : state.relaxing;
  return {
    ...state,
    ...(fluctuating === undefined ? {} : { fluctuating }),
    ...(relaxing === undefined ? {} : { relaxing }),
  };
}
