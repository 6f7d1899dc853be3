/** Fig. 4: rectification R against the heat flow J, as curves in χ. */
import type { Dataset } from './dataset.js';
import type { RectificationData } from './rectification.plot.js';
import { HOT_BETAS, type RectificationScan } from './rectificationScan.js';

/** What a reader of Figs. 4 and 5 must know and the caption does not say. */
const rectificationRemarks = ({ cutoff, window }: RectificationScan): string[] => [
  `β₂ = ${HOT_BETAS.join(', ')} chosen here: the paper gives none.`,
  `Ω = ${cutoff.toPrecision(4)}, the largest Bohr frequency for ${String(window.lmin).replace('-', '−')} ≤ ℓ ≤ ${window.lmax}.`,
];

/** The parameters that the curves do not vary. */
export function fixedParameters({ parameters }: RectificationScan) {
  const { beta2: _, chi: __, cutoff: ___, ...fixed } = parameters;
  return fixed;
}

/** What is drawn of a quantity. */
export const rectificationData = (
  scan: RectificationScan,
  of: 'heat' | 'angular',
  axes: RectificationData['axes'],
  remarks: readonly string[],
): RectificationData => ({
  parameters: fixedParameters(scan),
  remarks: [...rectificationRemarks(scan), ...remarks],
  axes,
  curves: scan.points.map(({ beta2, chi, [of]: found }) => ({ beta2, chi, ...found })),
  optima: scan.optima
    .filter(({ quantity }) => quantity === of)
    .map(({ beta2, alpha, chi, [of]: found }) => ({ beta2, alpha, chi, ...found })),
});

export const figure4Data = (scan: RectificationScan): RectificationData =>
  rectificationData(
    scan,
    'heat',
    { R: 'heat rectification R', J: 'largest heat flow J = max |Q̇| / λg²' },
    [],
  );

export function figure4Dataset({ points }: RectificationScan): Dataset {
  const energyPerTime = 'energy/time';
  return {
    columns: [
      { name: 'beta2', unit: '1/energy', description: 'hot bath' },
      { name: 'chi', unit: '', description: 'asymmetry of the couplings' },
      { name: 'R', unit: '', description: 'Eq. (39)' },
      { name: 'J', unit: '', description: 'Eq. (40)' },
      { name: 'Q', unit: energyPerTime, description: 'heat flow from bath 2, which is hot' },
      { name: 'Qswap', unit: energyPerTime, description: 'heat flow from bath 1 after the swap' },
    ],
    rows: points.map(({ beta2, chi, heat, pair }) => ({
      beta2,
      chi,
      R: heat.R,
      J: heat.J,
      Q: pair.forward.Q2,
      Qswap: pair.swapped.Q1,
    })),
  };
}
