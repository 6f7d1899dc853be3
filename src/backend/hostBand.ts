/** A coupled band that the host solves in float64 for a backend of a device. */
import type { CoupledBand } from '../generator/coupledBand.js';
import { type Backend, hostMap, type LinearMap } from './backend.js';
import {
  bandFactors,
  type EliminatedBand,
  elementsOf,
  eliminateBand,
  pinnedLevel,
} from './cpu/bandFactors.js';

/** y = M⁻¹ x of an eliminated band: vectors travel. */
export function hostBand<V>(
  backend: Pick<Backend<V>, 'adapter' | 'download' | 'write'>,
  band: CoupledBand,
  eliminated: EliminatedBand,
): LinearMap<V> {
  const factors = bandFactors(band, eliminated);
  const solution = new Float64Array(2 * elementsOf(band));
  return hostMap(backend, elementsOf(band), (x) => {
    factors.solve(x, solution);
    return solution;
  });
}

/** The same backend, but for its coupled bands. */
export const withHostBand = <V>(backend: Backend<V>): Backend<V> => ({
  ...backend,
  factoriseBand: async (band, onProgress) =>
    hostBand(backend, band, await eliminateBand(band, pinnedLevel(band), onProgress)),
});
