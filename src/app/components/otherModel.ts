/** The same device by the other master equation. */
import { type DeviceParameters, deviceParameters } from '../../model/parameters.js';
import { withoutPotential } from '../../model/potentialParameters.js';

/** The global model's eigenstates are those without a potential, and its cutoff is its own. */
export function otherModel({ cutoff: _, model, ...rest }: DeviceParameters): DeviceParameters {
  return model === 'local'
    ? deviceParameters({ ...withoutPotential({ ...rest, model }), model: 'global' })
    : deviceParameters({ ...rest, model: 'local' });
}
