/** Fig. 6: the rotor's populations in time without load, on the levels that the paper keeps and on all. */
import type { DeviceParameters } from '../model/parameters.js';
import { type Changes, withChanges } from './changes.js';
import { type Claim, claimAbout } from './claims.js';
import type { Dataset } from './dataset.js';
import { minus, type PopulationData } from './population.plot.js';
import {
  DRAWN,
  drawnRows,
  figure6Parameters,
  POPULATION_COLUMNS,
  POPULATION_TIMES,
  type PopulationHistory,
  peakOf,
  populationHistory,
  populationOf,
  shareDrawn,
  steadyOf,
  steadyStateClaim,
} from './populationScan.js';

export interface Figure6Scan {
  readonly parameters: DeviceParameters;
  /** On the levels drawn alone, with the steady state that cutting there makes. */
  readonly cut: PopulationHistory;
  /** On a window that holds the distribution at every time; it has no steady state. */
  readonly wide: PopulationHistory;
}

/** @param report called with the number of times done */
export async function figure6Scan(
  report: (done: number) => void,
  changes: Changes = {},
): Promise<Figure6Scan> {
  const parameters = withChanges(figure6Parameters, changes);
  const count = POPULATION_TIMES.length;
  const cut = await populationHistory(parameters, DRAWN, true, report);
  const wide = await populationHistory(parameters, null, false, (done) => report(count + done));
  return { parameters, cut, wide };
}

const rowsOf = ({ cut, wide }: Figure6Scan) =>
  drawnRows(cut).map((row) => {
    const populations = wide.populations[POPULATION_TIMES.indexOf(row.t)];
    return { ...row, wide: populationOf(wide, populations, row.l) };
  });

/** A share in per cent, as far as anyone reads it. */
function percentage(share: number): string {
  const percent = 100 * share;
  if (percent < 0.001) return '< 0.001 %';
  return `${percent >= 99.95 ? '100' : percent.toPrecision(2)} %`;
}

export function figure6Data(scan: Figure6Scan): PopulationData {
  const { wide } = scan;
  const rows = rowsOf(scan);
  const { betaR: _, ...parameters } = scan.parameters;
  return {
    parameters: { ...parameters, 'β₂': parameters.beta2 },
    remarks: [
      'No load: the distribution leaves the levels drawn. What is left of it there,',
      `in per cent, and the circles are computed on ${minus(wide.lmin)} ≤ ℓ ≤ ${wide.lmax}. The steady`,
      'state is that of the levels drawn alone: if there is no cut, there is none.',
    ],
    names: {
      bars: 'only these levels kept',
      steady: 'their steady state',
      circles: 'all levels kept',
    },
    panels: POPULATION_TIMES.map((t, k) => ({
      t,
      note: `${percentage(shareDrawn(wide, wide.populations[k]))} on these levels`,
      levels: rows.filter((row) => row.t === t),
    })),
  };
}

export function figure6Dataset(scan: Figure6Scan): Dataset {
  return {
    columns: [
      ...POPULATION_COLUMNS,
      { name: 'population', unit: '', description: 'of the level, no other levels being kept' },
      { name: 'steady', unit: '', description: 'the same in the steady state of these levels' },
      { name: 'wide', unit: '', description: 'population on a window that holds the distribution' },
    ],
    rows: rowsOf(scan),
  };
}

export function figure6Claims(scan: Figure6Scan): Claim[] {
  const { cut, wide } = scan;
  const last = POPULATION_TIMES.length - 1;
  const peak = peakOf(wide, wide.populations[last]);
  const steady = steadyOf(cut);
  const edge = steady[DRAWN.lmax - DRAWN.lmin];
  return [
    claimAbout('6', {
      claim: 'without load the most occupied level goes beyond the window',
      found: peak,
      meaning: 'the most occupied level at t = 10⁶, not cut',
      tolerance: `above ${DRAWN.lmax}, where the window ends`,
      holds: peak > DRAWN.lmax,
    }),
    claimAbout('6', {
      claim: 'the steady state of the window shows it: it is at the edge',
      found: edge,
      meaning: `population of l = ${DRAWN.lmax} in the steady state of the cut`,
      tolerance: 'the largest of all',
      holds: peakOf(cut, steady) === DRAWN.lmax,
    }),
    steadyStateClaim('6', cut, ' of the cut'),
  ];
}
