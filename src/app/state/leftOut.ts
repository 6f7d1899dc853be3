/** Parameters that the page leaves at 0 with a master equation: its windows are wider than that has in a potential. */
import { masterEquations } from '../../model/masterEquations/registry.js';
import type { ParameterName } from '../../model/parameterRecords.js';
import { type DeviceParameters, ParameterError } from '../../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../../model/potentialParameters.js';

export const leftOutBy = ({ model }: Pick<DeviceParameters, 'model'>): readonly ParameterName[] =>
  masterEquations[model].inPotential === null ? [] : POTENTIAL_PARAMETERS;

/** @throws {ParameterError} for a device that the page has no windows for */
export function requireShown(parameters: DeviceParameters): DeviceParameters {
  for (const name of leftOutBy(parameters)) {
    if (parameters[name] === 0) continue;
    const { model } = parameters;
    const allowed = `0 with model = ${model} on this page, whose windows are too wide for that`;
    throw new ParameterError(name, parameters[name], allowed);
  }
  return parameters;
}
