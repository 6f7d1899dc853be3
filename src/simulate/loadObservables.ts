/** Loads the code of observables that are computed only where they are asked for. */
import { hasPotential } from '../model/potentialParameters.js';
import { fluctuationCode } from './fluctuationCode.js';
import { informationCode } from './informationCode.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { type ObservableName, observableRecord } from './observableRecords.js';
import type { SteadyState } from './steadyState.js';

export const isFluctuation = (name: ObservableName): boolean =>
  observableRecord(name).is.kind === 'fluctuation';

/** To be awaited before any of these observables is read. */
export async function loadCodeFor(names: readonly ObservableName[]): Promise<void> {
  const kinds = new Set(names.map((name) => observableRecord(name).is.kind));
  if (kinds.has('fluctuation'))
    fluctuationCode.module ??= await import('./potentialFluctuations.js');
  if (kinds.has('information')) informationCode.module ??= await import('./millInformation.js');
}

/**
 * A state with what fluctuates in it, where that is among these observables: in a potential it takes a solution of its
 * own.
 * @throws {ParameterError} on a wide window, where layers are no way to it
 */
export async function withFluctuations(
  state: SteadyState,
  names: readonly ObservableName[],
  hooks?: LayeredFluctuationHooks,
): Promise<SteadyState> {
  const { parameters, system } = state.device;
  if (!hasPotential(parameters) || !names.some(isFluctuation)) return state;
  await loadCodeFor(names);
  const found = await fluctuationCode.module?.potentialFluctuating(
    parameters,
    system.window,
    hooks,
  );
  return { ...state, ...(found === undefined ? {} : { fluctuating: found }) };
}
