/** A device with another master equation, or with the next one. */
import { MODELS, type Model } from '../../model/masterEquations/registry.js';
import { type DeviceParameters, deviceParameters } from '../../model/parameters.js';
import { leftOutBy } from '../state/leftOut.js';

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
