/** A device with another master equation, or with the next one. */
import { MODELS, type Model, masterEquations } from '../../model/masterEquations/registry.js';
import { type DeviceParameters, deviceParameters } from '../../model/parameters.js';

/** The same device by a master equation, without what that refuses: its cutoff is its own. */
export function ofModel(
  { cutoff: _, ...parameters }: DeviceParameters,
  model: Model,
): DeviceParameters {
  const refused = Object.fromEntries(masterEquations[model].zero.names.map((name) => [name, 0]));
  return deviceParameters({ ...parameters, ...refused, model });
}

export const nextModel = ({ model }: DeviceParameters): Model =>
  MODELS[(MODELS.indexOf(model) + 1) % MODELS.length];
