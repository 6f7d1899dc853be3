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
import { figure6Claims, figure6Data, figure6Dataset, figure6Scan } from './figure6.js';
import { figure7Claims, figure7Data, figure7Dataset, figure7Scan } from './figure7.js';
import {
  FIGURE8_POINTS,
  figure8Claims,
  figure8Data,
  figure8Dataset,
  figure8Parameters,
  figure8Scan,
} from './figure8.js';
import { figure8Plot } from './figure8.plot.js';
import { populationPlot } from './population.plot.js';
import { figure6Parameters, figure7Parameters, POPULATION_TIMES } from './populationScan.js';
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
    /** Of steady states. */
    readonly largestResidual?: number;
    /** Of evolutions. */
    readonly largestTraceError?: number;
    readonly cutoff?: number;
    readonly largestEdgePopulation?: number;
  };
}

/** What several figures are drawn from. */
export interface Source {
  readonly steadyStates: number;
  /** States at times of an evolution. */
  readonly snapshots?: number;
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

async function populationFigures(report: Report): Promise<Source> {
  const count = POPULATION_TIMES.length;
  const free = await figure6Scan(report);
  const loaded = await figure7Scan((done) => report(2 * count + done));
  return {
    steadyStates: 2,
    snapshots: 3 * count,
    figures: {
      '6': () => ({
        plot: populationPlot(figure6Data(free)),
        dataset: figure6Dataset(free),
        claims: figure6Claims(free),
        provenance: {
          parameters: figure6Parameters,
          ...(free.cut.steady === null ? {} : { largestResidual: free.cut.steady.residual }),
          largestEdgePopulation: free.wide.largestEdge,
        },
      }),
      '7': () => ({
        plot: populationPlot(figure7Data(loaded)),
        dataset: figure7Dataset(loaded),
        claims: figure7Claims(loaded),
        provenance: {
          parameters: figure7Parameters,
          ...(loaded.steady === null ? {} : { largestResidual: loaded.steady.residual }),
          largestEdgePopulation: loaded.largestEdge,
        },
      }),
    },
  };
}

async function powerFigure(report: Report): Promise<Source> {
  const result = await figure8Scan(report);
  const { snapshots } = result;
  return {
    steadyStates: 0,
    snapshots: snapshots.length,
    figures: {
      '8': () => ({
        plot: figure8Plot(figure8Data(result)),
        dataset: figure8Dataset(result),
        claims: figure8Claims(result),
        provenance: {
          parameters: figure8Parameters,
          largestTraceError: Math.max(...snapshots.map((s) => s.traceError)),
          largestEdgePopulation: Math.max(...snapshots.flatMap((s) => [s.edgeLow, s.edgeHigh])),
        },
      }),
    },
  };
}

/** How to make several figures at once. */
export interface FigureGroup {
  readonly names: readonly string[];
  /** How many points are counted. */
  readonly points: number;
  readonly compute: (report: Report) => Source | Promise<Source>;
}

export const figureGroups: readonly FigureGroup[] = [
  { names: ['2', '3'], points: TEMPERATURES, compute: temperatureFigures },
  { names: ['4', '5'], points: HOT_BETAS.length * CHIS, compute: rectificationFigures },
  { names: ['6', '7'], points: 3 * POPULATION_TIMES.length, compute: populationFigures },
  { names: ['8'], points: FIGURE8_POINTS, compute: powerFigure },
];
