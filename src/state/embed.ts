/** A density matrix on a wider window. */
import type { Space } from '../generator/classes.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** ρ on a space whose window holds ρ's and whose classes are ρ's; 0 on the levels that ρ does not have. */
export function embedded(rho: DensityMatrix, space: Space): DensityMatrix {
  const elements = zeros(2 * space.size);
  const added = rho.space.window.lmin - space.window.lmin;
  for (const { ket, bra, delta, first, offset, length } of rho.space.classes) {
    const wide = space.classes[space.find(ket, bra, delta)];
    const to = wide.offset + first + added - wide.first;
    elements.set(rho.elements.subarray(2 * offset, 2 * (offset + length)), 2 * to);
  }
  return { space, elements };
}
