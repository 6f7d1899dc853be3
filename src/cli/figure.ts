/** `qmill figure`: the paper's figures as pictures and data, and the table of its claims. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import type { Claim } from '../figures/claims.js';
import { type Dataset, toCsv } from '../figures/dataset.js';
import { figure2Claims } from '../figures/figure2.claims.js';
import { figure2Data, figure2Dataset } from '../figures/figure2.js';
import { figure2Plot } from '../figures/figure2.plot.js';
import { figure3Claims } from '../figures/figure3.claims.js';
import { figure3Data, figure3Dataset } from '../figures/figure3.js';
import { figure3Plot } from '../figures/figure3.plot.js';
import { figure4Data, figure4Dataset } from '../figures/figure4.js';
import { figure5Data, figure5Dataset } from '../figures/figure5.js';
import { figure4Claims, figure5Claims } from '../figures/rectification.claims.js';
import { rectificationPlot } from '../figures/rectification.plot.js';
import { HOT_BETAS, rectificationScan } from '../figures/rectificationScan.js';
import { renderPng, renderSvg } from '../figures/render.js';
import { temperatureScan } from '../figures/temperatureScan.js';
import { type DeviceParameters, ParameterError } from '../model/parameters.js';
import { version } from '../version.js';
import type { AddCommand } from './command.js';
import { type Progress, progressBar } from './progress.js';

interface Figure {
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
interface Source {
  readonly steadyStates: number;
  readonly figures: Readonly<Record<string, () => Figure>>;
}

const TEMPERATURES = 400;
const CHIS = 200;

function temperatureFigures(progress: Progress): Source {
  const scan = temperatureScan(TEMPERATURES, progress.count);
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

function rectificationFigures(progress: Progress): Source {
  const scan = rectificationScan(CHIS, progress.count);
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

const sources = [
  { names: ['2', '3'], points: TEMPERATURES, compute: temperatureFigures },
  { names: ['4', '5'], points: HOT_BETAS.length * CHIS, compute: rectificationFigures },
];
const names = sources.flatMap((source) => source.names);

function claimsTable(claims: readonly Claim[]): string {
  const rows = claims.map((c) => [
    `Fig. ${c.figure}`,
    c.claim,
    c.paper === null ? '' : String(c.paper),
    c.found.toFixed(5),
    c.agrees ? 'agrees' : 'DOES NOT AGREE',
    c.meaning,
  ]);
  const header = ['', "the paper's claim", 'paper', 'found', '', 'what was found'];
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((r) => [...r[i]].length)));
  return [header, ...rows]
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const claimsDataset = (claims: readonly Claim[]): Dataset => ({
  columns: ['figure', 'claim', 'paper', 'found', 'agrees', 'meaning'].map((name) => ({
    name,
    unit: '',
    description: '',
  })),
  rows: claims.map((c) => ({ ...c, agrees: String(c.agrees) })),
});

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    const why = (error as Error).message;
    throw new ParameterError('out', out, `a folder that can be written (${why})`);
  }
}

export async function runFigure(which: string, { out }: { out: string }): Promise<number> {
  if (which !== 'all' && !names.includes(which)) {
    throw new ParameterError('figure', which, `one of ${names.join(', ')}, all`);
  }
  makeFolder(out);
  const claims: Claim[] = [];
  const files: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(out, name);
    writeFileSync(file, content);
    files.push(file);
  };
  for (const source of sources) {
    const wanted = source.names.filter((name) => which === 'all' || which === name);
    if (wanted.length === 0) continue;
    const progress = progressBar('points', source.points);
    const begin = performance.now();
    const { steadyStates, figures } = source.compute(progress);
    const seconds = (performance.now() - begin) / 1000;
    progress.stop();
    process.stdout.write(
      `Fig. ${wanted.join(' and ')}: ${steadyStates} steady states in ${seconds.toFixed(2)} s ` +
        'on cpu (f64, zero-charge sector, direct)\n',
    );
    for (const name of wanted) {
      const figure = figures[name]();
      const svg = await renderSvg(figure.plot);
      write(`figure${name}.svg`, svg);
      write(`figure${name}.png`, await renderPng(svg));
      write(`figure${name}.csv`, toCsv(figure.dataset));
      const json = {
        figure: name,
        ...figure.provenance,
        columns: figure.dataset.columns,
        backend: { name: 'cpu', adapter: null, precision: 'f64' },
        solver: { space: 'sector', method: 'direct' },
        version,
        specification: figure.plot,
      };
      write(`figure${name}.json`, `${JSON.stringify(json, null, 1)}\n`);
      claims.push(...figure.claims);
    }
  }
  write('claims.csv', toCsv(claimsDataset(claims)));
  process.stdout.write(
    `\n${claimsTable(claims)}\n\n` +
      `The captions do not give I: I = 1 is assumed.\n\nwritten:\n` +
      `${files.map((file) => `  ${file}`).join('\n')}\n`,
  );
  return 0;
}

export const addFigure: AddCommand = (program, running) => {
  program
    .command('figure')
    .description("the paper's figures as SVG, PNG and CSV, and the table of its claims")
    .argument('<which>', `${names.join(', ')} or all`)
    .option('--out <dir>', 'folder for the files', 'figures')
    .addHelpText(
      'after',
      `
Examples:
  qmill figure 2              Fig. 2 into ./figures
  qmill figure all --out out  every figure into ./out`,
    )
    .action(running(runFigure));
};
