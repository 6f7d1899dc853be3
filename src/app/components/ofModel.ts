/** A device with another master equation, or with the next one. */
import { MODELS, type Model, masterEquations } from '../../model/masterEquations/registry.js';
import type { ParameterName } from '../../model/parameterRecords.js';
import { type DeviceParameters, deviceParameters } from '../../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../../model/potentialParameters.js';

/** Parameters that the page leaves at 0 with a master equation: its windows are wider than that has in a potential. */
export const leftOutBy = ({ model }: Pick<DeviceParameters, 'model'>): readonly ParameterName[] =>
  masterEquations[model].inPotential === null ? [] : POTENTIAL_PARAMETERS;

/** The same device by a master equation, without what is left out there: its cutoff is its own. */
export function ofModel(
  { cutoff: _, ...parameters }: DeviceParameters,
  model: Model,
): DeviceParameters {
  const leftOut = Object.fromEntries(leftOutBy({ model }).map((name) => [name, 0]));
  return deviceParameters({ ...parameters, ...leftOut, model });
}

export const nextModel = ({ model }: DeviceParameters): Model =>
  MODELS[(MODELS.indexOf(model) + 1) % MODELS.length];
