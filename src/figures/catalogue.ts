/** The paper's figures: what each is drawn from, its picture, its numbers, and the claims about it. */
import type { TopLevelSpec } from 'vega-lite';
import type { DeviceParameters } from '../model/parameters.js';
import { type Changes, isUnchanged } from './changes.js';
import type { Claim } from './claims.js';
import type { Dataset } from './dataset.js';
import { figure2Claims } from './figure2.claims.js';
import { figure2Data, figure2Dataset } from './figure2.js';
import { figure2Plot } from './figure2.plot.js';
import { figure3Claims } from './figure3.claims.js';
import { figure3Data, figure3Dataset } from './figure3.js';
import { figure3Plot } from './figure3.plot.js';
import { figure4Data, figure4Dataset, fixedParameters } from './figure4.js';
import { figure5Data, figure5Dataset } from './figure5.js';
import { figure6Claims, figure6Data, figure6Dataset, figure6Scan } from './figure6.js';
import { figure7Claims, figure7Data, figure7Dataset, figure7Scan } from './figure7.js';
import {
  FIGURE8_POINTS,
  figure8Claims,
  figure8CutScan,
  figure8Data,
  figure8Dataset,
  figure8Scan,
} from './figure8.js';
import { figure8Plot } from './figure8.plot.js';
import { populationPlot } from './population.plot.js';
import { POPULATION_TIMES, type PopulationHistory } from './populationScan.js';
import { figure4Claims, figure5Claims } from './rectification.claims.js';
import { rectificationPlot } from './rectification.plot.js';
import { HOT_BETAS, rectificationScan } from './rectificationScan.js';
import { type FigureStyle, PAGE_STYLE } from './style.js';
import { temperatureScan } from './temperatureScan.js';

/** Called with the number of points done. */
export type Report = (done: number) => void;

export interface Figure {
  readonly plot: TopLevelSpec;
  readonly dataset: Dataset;
  /** None where the parameters are not the paper's. */
  readonly claims: readonly Claim[];
  readonly provenance: {
    /** What is the same at every point. */
    readonly parameters: Partial<DeviceParameters>;
    /** The values of what is not, or their ends and number. */
    readonly varied?: Readonly<Record<string, readonly number[] | Range>>;
    /** Of steady states. */
    readonly largestResidual?: number;
    /** Of evolutions. */
    readonly largestTraceError?: number;
    readonly cutoff?: number;
    readonly largestEdgePopulation?: number;
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What several figures are drawn from. */
export interface Source {
  readonly steadyStates: number;
  /** States at times of an evolution. */
  readonly snapshots?: number;
  readonly figures: Readonly<Record<string, (style?: FigureStyle) => Figure>>;
}

const TEMPERATURES = 400;
const CHIS = 200;

/**
 * Figures of a scan, in whatever style.
 * @param claims of the paper's own parameters
 */
const figuresOf =
  <Scan>(scan: Scan, changes: Changes, provenance: Figure['provenance']) =>
  <Data>(
    dataOf: (scan: Scan) => Data,
    plot: (data: Data, style: FigureStyle) => TopLevelSpec,
    datasetOf: (scan: Scan) => Dataset,
    claims: (scan: Scan) => readonly Claim[],
  ) => {
    const [data, dataset] = [dataOf(scan), datasetOf(scan)];
    return (style = PAGE_STYLE): Figure => ({
      plot: plot(data, style),
      dataset,
      claims: isUnchanged(changes) ? claims(scan) : [],
      provenance,
    });
  };

function temperatureFigures(report: Report, changes: Changes = {}): Source {
  const scan = temperatureScan(TEMPERATURES, report, changes);
  const { points } = scan;
  const { beta2: _, ...parameters } = scan.parameters;
  const [first, last] = [points[0], points[points.length - 1]];
  const provenance = {
    parameters,
    varied: {
      beta2: {
        from: first.ratio * parameters.beta1,
        to: last.ratio * parameters.beta1,
        count: points.length,
      },
    },
    largestResidual: Math.max(...points.map((p) => p.observables.residual)),
  };
  const figure = figuresOf(scan, changes, provenance);
  return {
    steadyStates: points.length,
    figures: {
      '2': figure(figure2Data, figure2Plot, figure2Dataset, figure2Claims),
      '3': figure(figure3Data, figure3Plot, figure3Dataset, figure3Claims),
    },
  };
}

function rectificationFigures(report: Report, changes: Changes = {}): Source {
  const scan = rectificationScan(CHIS, report, changes);
  const chis = scan.points.map(({ chi }) => chi);
  const provenance = {
    parameters: fixedParameters(scan),
    varied: {
      beta2: HOT_BETAS,
      chi: { from: Math.min(...chis), to: Math.max(...chis), count: CHIS },
    },
    cutoff: scan.cutoff,
    largestResidual: scan.residual,
    largestEdgePopulation: scan.edge,
  };
  const figure = figuresOf(scan, changes, provenance);
  return {
    steadyStates: 2 * scan.points.length,
    figures: {
      '4': figure(figure4Data, rectificationPlot, figure4Dataset, figure4Claims),
      '5': figure(figure5Data, rectificationPlot, figure5Dataset, figure5Claims),
    },
  };
}

async function populationFigures(report: Report, changes: Changes = {}): Promise<Source> {
  const count = POPULATION_TIMES.length;
  const free = await figure6Scan(report, changes);
  const loaded = await figure7Scan((done) => report(2 * count + done), changes);
  const provenance = (
    { parameters, steady }: PopulationHistory,
    { largestEdge }: PopulationHistory,
  ) => ({
    parameters,
    ...(steady === null ? {} : { largestResidual: steady.residual }),
    largestEdgePopulation: largestEdge,
  });
  const ofFree = figuresOf(free, changes, provenance(free.cut, free.wide));
  const ofLoaded = figuresOf(loaded, changes, provenance(loaded, loaded));
  return {
    steadyStates: 2,
    snapshots: 3 * count,
    figures: {
      '6': ofFree(figure6Data, populationPlot, figure6Dataset, figure6Claims),
      '7': ofLoaded(figure7Data, populationPlot, figure7Dataset, figure7Claims),
    },
  };
}

async function powerFigure(report: Report, changes: Changes = {}): Promise<Source> {
  const result = await figure8Scan(report, changes);
  const { snapshots } = result;
  const cut = isUnchanged(changes) ? await figure8CutScan() : null;
  const claims = () => (cut === null ? [] : figure8Claims(result, cut));
  const provenance = {
    parameters: result.device.parameters,
    largestTraceError: Math.max(...snapshots.map((s) => s.traceError)),
    largestEdgePopulation: Math.max(...snapshots.flatMap((s) => [s.edgeLow, s.edgeHigh])),
  };
  const figure = figuresOf(result, changes, provenance);
  return {
    steadyStates: 0,
    snapshots: snapshots.length,
    figures: { '8': figure(figure8Data, figure8Plot, figure8Dataset, claims) },
  };
}

/** How to make several figures at once. */
export interface FigureGroup {
  readonly names: readonly string[];
  /** How many points are counted. */
  readonly points: number;
  /** Parameters that the figures vary, or are about, so that they cannot be changed. */
  readonly own: readonly string[];
  readonly compute: (report: Report, changes?: Changes) => Source | Promise<Source>;
}

export const figureGroups: readonly FigureGroup[] = [
  {
    names: ['2', '3'],
    points: TEMPERATURES,
    own: ['beta2'],
    compute: temperatureFigures,
  },
  {
    names: ['4', '5'],
    points: HOT_BETAS.length * CHIS,
    own: ['beta2', 'chi'],
    compute: rectificationFigures,
  },
  {
    names: ['6', '7'],
    points: 3 * POPULATION_TIMES.length,
    own: ['gamma'],
    compute: populationFigures,
  },
  {
    names: ['8'],
    points: FIGURE8_POINTS,
    own: [],
    compute: powerFigure,
  },
];
