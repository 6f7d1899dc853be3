/** A density matrix on another space. */
import type { Space } from '../generator/classes.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** ρ on a space whose window holds ρ's: what the space does not hold is dropped, what it adds is 0. */
export function embedded(rho: DensityMatrix, space: Space): DensityMatrix {
  const elements = zeros(2 * space.size);
  const added = rho.space.window.lmin - space.window.lmin;
  for (const { ket, bra, delta, first, offset, length } of rho.space.classes) {
    const at = space.find(ket, bra, delta);
    if (at < 0) continue;
    const wide = space.classes[at];
    const to = wide.offset + first + added - wide.first;
    elements.set(rho.elements.subarray(2 * offset, 2 * (offset + length)), 2 * to);
  }
  return { space, elements };
}
