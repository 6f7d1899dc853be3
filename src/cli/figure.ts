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
import { renderPng, renderSvg } from '../figures/render.js';
import { type TemperatureScan, temperatureScan } from '../figures/temperatureScan.js';
import { ParameterError } from '../model/parameters.js';
import { version } from '../version.js';

interface Figure {
  readonly plot: TopLevelSpec;
  readonly dataset: Dataset;
  readonly claims: readonly Claim[];
}

const figures: Readonly<Record<string, (scan: TemperatureScan) => Figure>> = {
  '2': (scan) => {
    const data = figure2Data(scan);
    return {
      plot: figure2Plot(data),
      dataset: figure2Dataset(data),
      claims: figure2Claims(scan),
    };
  },
  '3': (scan) => {
    const data = figure3Data(scan);
    return {
      plot: figure3Plot(data),
      dataset: figure3Dataset(data),
      claims: figure3Claims(scan),
    };
  },
};

const POINTS = 400;

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

export async function runFigure(which: string, { out }: { out: string }): Promise<number> {
  const wanted = which === 'all' ? Object.keys(figures) : [which];
  if (which !== 'all' && !(which in figures)) {
    throw new ParameterError('figure', which, `one of ${Object.keys(figures).join(', ')}, all`);
  }
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new ParameterError(
      'out',
      out,
      `a folder that can be written (${(error as Error).message})`,
    );
  }
  const begin = performance.now();
  const scan = temperatureScan(POINTS);
  const seconds = (performance.now() - begin) / 1000;
  const claims: Claim[] = [];
  const files: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(out, name);
    writeFileSync(file, content);
    files.push(file);
  };
  for (const name of wanted) {
    const figure = figures[name](scan);
    const svg = await renderSvg(figure.plot);
    write(`figure${name}.svg`, svg);
    write(`figure${name}.png`, await renderPng(svg));
    write(`figure${name}.csv`, toCsv(figure.dataset));
    write(
      `figure${name}.json`,
      `${JSON.stringify(
        {
          figure: name,
          parameters: scan.parameters,
          columns: figure.dataset.columns,
          backend: { name: 'cpu', adapter: null, precision: 'f64' },
          solver: { space: 'sector', method: 'direct' },
          largestResidual: Math.max(...scan.points.map((p) => p.observables.residual)),
          version,
          specification: figure.plot,
        },
        null,
        1,
      )}\n`,
    );
    claims.push(...figure.claims);
  }
  write('claims.csv', toCsv(claimsDataset(claims)));
  process.stdout.write(
    `${scan.points.length} steady states in ${seconds.toFixed(2)} s on cpu (f64, zero-charge sector, direct)\n\n` +
      `${claimsTable(claims)}\n\n` +
      `The captions do not give I: I = 1 is assumed.\n\nwritten:\n` +
      `${files.map((file) => `  ${file}`).join('\n')}\n`,
  );
  return 0;
}
