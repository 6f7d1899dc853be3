/** What runs in time are asked for, from the fields that commands and programs give. */
import { initialSchema, initialState } from '../model/initial.js';
import { type DeviceParameters, readFields, type Truncation } from '../model/parameters.js';
import type { EvolutionRequest } from './evolutionStage.js';
import { evolutionSchema, trajectoriesSchema } from './runSchemas.js';
import { readTimes } from './times.js';
import type { TrajectoryRequest } from './trajectories.js';

type Given = Readonly<Record<string, unknown>>;

const pick = (given: Given, schema: { readonly shape: object }): Given =>
  Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) =>
      given[key] === undefined ? [] : [[key, given[key]]],
    ),
  );

/** The keys of the initial state among those that were given. */
export const readInitial = (given: Given): Given => pick(given, initialSchema);

/**
 * @param given fields of an evolution, and others that are not looked at
 * @param states whether the density matrices are wanted
 * @throws {ParameterError}
 */
export function evolutionRequest(
  parameters: DeviceParameters,
  truncation: Truncation,
  given: Given,
  states: boolean,
): EvolutionRequest {
  const times = readTimes(given.times);
  const { rtol, atol, angles } = readFields(evolutionSchema, pick(given, evolutionSchema));
  const initial = initialState(parameters, readInitial(given));
  return {
    parameters,
    truncation,
    initial,
    times,
    tolerances: { rtol, atol },
    angles,
    states,
  };
}

/**
 * Trajectories, on a window that is still to be chosen, and how many.
 * @param given their fields, and others that are not looked at
 * @throws {ParameterError}
 */
export function trajectoriesRequest(
  parameters: DeviceParameters,
  given: Given,
): { readonly request: Omit<TrajectoryRequest, 'lmin' | 'lmax'>; readonly count: number } {
  const times = readTimes(given.times);
  const { count, seed } = readFields(trajectoriesSchema, pick(given, trajectoriesSchema));
  const initial = initialState(parameters, readInitial(given));
  return { request: { parameters, initial, times, seed }, count };
}
