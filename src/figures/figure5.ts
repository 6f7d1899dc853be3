/** Fig. 5: rectification of angular momentum against its magnitude, as curves in χ. */
import type { Dataset } from './dataset.js';
import { rectificationData } from './figure4.js';
import type { RectificationData } from './rectification.plot.js';
import type { RectificationScan } from './rectificationScan.js';

export const figure5Data = (scan: RectificationScan): RectificationData =>
  rectificationData(
    scan,
    'angular',
    { R: 'angular rectification R_angular', J: 'angular momentum J_angular  (ħ)' },
    ['R_angular of the magnitudes |⟨L_z⟩|: as printed, (42) exceeds 1.'],
  );

export function figure5Dataset({ points }: RectificationScan): Dataset {
  return {
    columns: [
      { name: 'beta2', unit: '1/energy', description: 'hot bath' },
      { name: 'chi', unit: '', description: 'asymmetry of the couplings' },
      { name: 'R', unit: '', description: 'Eq. (42) with |⟨L_z⟩|' },
      { name: 'Rsigned', unit: '', description: 'Eq. (42) as printed' },
      { name: 'J', unit: 'ħ', description: 'Eq. (43)' },
      { name: 'Lz', unit: 'ħ', description: '⟨L_z⟩' },
      { name: 'Lzswap', unit: 'ħ', description: '⟨L_z⟩ after the swap' },
    ],
    rows: points.map(({ beta2, chi, angular, angularSigned, pair }) => ({
      beta2,
      chi,
      R: angular.R,
      Rsigned: angularSigned.R,
      J: angular.J,
      Lz: pair.forward.Lz,
      Lzswap: pair.swapped.Lz,
    })),
  };
}
