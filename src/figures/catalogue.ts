/** The paper's figures: what each is drawn from, its picture, its numbers, and the claims about it. */
import type { TopLevelSpec } from 'vega-lite';
import type { DeviceParameters } from '../model/parameters.js';
import type { Claim } from './claims.js';
import type { Dataset } from './dataset.js';
import { figure2Claims } from './figure2.claims.js';
import { figure2Data, figure2Dataset } from './figure2.js';
import { figure2Plot } from './figure2.plot.js';
import { figure3Claims } from './figure3.claims.js';
import { figure3Data, figure3Dataset } from './figure3.js';
import { figure3Plot } from './figure3.plot.js';
import { figure4Data, figure4Dataset } from './figure4.js';
import { figure5Data, figure5Dataset } from './figure5.js';
import { figure4Claims, figure5Claims } from './rectification.claims.js';
import { rectificationPlot } from './rectification.plot.js';
import { HOT_BETAS, rectificationScan } from './rectificationScan.js';
import { temperatureScan } from './temperatureScan.js';

/** Called with the number of points done. */
export type Report = (done: number) => void;

export interface Figure {
  readonly plot: TopLevelSpec;
  readonly dataset: Dataset;
  readonly claims: readonly Claim[];
  readonly provenance: {
    readonly parameters: DeviceParameters;
    readonly largestResidual: number;
    readonly cutoff?: number;
    readonly largestEdgePopulation?: number;
  };
}

/** What several figures are drawn from. */
export interface Source {
  readonly steadyStates: number;
  readonly figures: Readonly<Record<string, () => Figure>>;
}

const TEMPERATURES = 400;
const CHIS = 200;

function temperatureFigures(report: Report): Source {
  const scan = temperatureScan(TEMPERATURES, report);
  const provenance = {
    parameters: scan.parameters,
    largestResidual: Math.max(...scan.points.map((p) => p.observables.residual)),
  };
  return {
    steadyStates: scan.points.length,
    figures: {
      '2': () => {
        const data = figure2Data(scan);
        return {
          plot: figure2Plot(data),
          dataset: figure2Dataset(data),
          claims: figure2Claims(scan),
          provenance,
        };
      },
      '3': () => {
        const data = figure3Data(scan);
        return {
          plot: figure3Plot(data),
          dataset: figure3Dataset(data),
          claims: figure3Claims(scan),
          provenance,
        };
      },
    },
  };
}

function rectificationFigures(report: Report): Source {
  const scan = rectificationScan(CHIS, report);
  const provenance = {
    parameters: scan.parameters,
    cutoff: scan.cutoff,
    largestResidual: scan.residual,
    largestEdgePopulation: scan.edge,
  };
  return {
    steadyStates: 2 * scan.points.length,
    figures: {
      '4': () => ({
        plot: rectificationPlot(figure4Data(scan)),
        dataset: figure4Dataset(scan),
        claims: figure4Claims(scan),
        provenance,
      }),
      '5': () => ({
        plot: rectificationPlot(figure5Data(scan)),
        dataset: figure5Dataset(scan),
        claims: figure5Claims(scan),
        provenance,
      }),
    },
  };
}

/** How to make several figures at once. */
export interface FigureGroup {
  readonly names: readonly string[];
  /** How many points are counted. */
  readonly points: number;
  readonly compute: (report: Report) => Source;
}

export const figureGroups: readonly FigureGroup[] = [
  { names: ['2', '3'], points: TEMPERATURES, compute: temperatureFigures },
  { names: ['4', '5'], points: HOT_BETAS.length * CHIS, compute: rectificationFigures },
];
