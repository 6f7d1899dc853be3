/** Fig. 7: the rotor's populations in time with the load. */
import { type Changes, withChanges } from './changes.js';
import { type Claim, claimAbout } from './claims.js';
import type { Dataset } from './dataset.js';
import { minus, type PopulationData } from './population.plot.js';
import {
  DRAWN,
  drawnRows,
  figure7Parameters,
  POPULATION_COLUMNS,
  POPULATION_TIMES,
  type PopulationHistory,
  peakOf,
  populationHistory,
  shareDrawn,
  steadyOf,
  steadyStateClaim,
} from './populationScan.js';

/** @param report called with the number of times done */
export const figure7Scan = (
  report: (done: number) => void,
  changes: Changes = {},
): Promise<PopulationHistory> =>
  populationHistory(withChanges(figure7Parameters, changes), null, true, report);

export function figure7Data(scan: PopulationHistory): PopulationData {
  const rows = drawnRows(scan);
  const share = (100 * shareDrawn(scan, steadyOf(scan))).toPrecision(3);
  return {
    parameters: { ...scan.parameters, 'β₂': scan.parameters.beta2 },
    remarks: [
      `Computed on ${minus(scan.lmin)} ≤ ℓ ≤ ${scan.lmax}; the levels drawn hold ${share} % of the steady state.`,
    ],
    names: { bars: 'at time t, all levels kept', steady: 'steady state' },
    panels: POPULATION_TIMES.map((t) => ({
      t,
      note: null,
      levels: rows.filter((row) => row.t === t).map((row) => ({ ...row, wide: null })),
    })),
  };
}

export function figure7Dataset(scan: PopulationHistory): Dataset {
  return {
    columns: [
      ...POPULATION_COLUMNS,
      { name: 'population', unit: '', description: 'of the level' },
      { name: 'steady', unit: '', description: 'the same in the steady state' },
    ],
    rows: drawnRows(scan),
  };
}

export function figure7Claims(scan: PopulationHistory): Claim[] {
  const peaks = scan.populations.map((populations) => peakOf(scan, populations));
  const highest = Math.max(...peaks);
  return [
    claimAbout('7', {
      claim: 'with load the most populated level does not go beyond the window',
      found: highest,
      meaning: 'the highest of the most populated levels at the times drawn',
      tolerance: `from ${DRAWN.lmin} to ${DRAWN.lmax}`,
      holds: highest <= DRAWN.lmax && Math.min(...peaks) >= DRAWN.lmin,
    }),
    steadyStateClaim('7', scan, ''),
  ];
}
