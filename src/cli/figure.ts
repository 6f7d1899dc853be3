/** `qmill figure`: the paper's figures as pictures and data, and the table of its claims. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figureGroups } from '../figures/catalogue.js';
import type { Claim } from '../figures/claims.js';
import { type Dataset, toCsv } from '../figures/dataset.js';
import { loadDrawing, renderPng, renderSvg } from '../figures/render.js';
import { ParameterError } from '../model/parameters.js';
import { version } from '../version.js';
import type { AddCommand } from './command.js';
import { makeFolderOf } from './outputs.js';
import { progressBar } from './progress.js';

const names = figureGroups.flatMap((group) => group.names);

function claimsTable(claims: readonly Claim[]): string {
  const rows = claims.map((c) => [
    `Fig. ${c.figure}`,
    c.claim,
    c.paper === null ? '' : String(c.paper),
    shown(c.found),
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

/** Small and large numbers with their power of ten. */
const shown = (found: number): string =>
  found !== 0 && (Math.abs(found) < 1e-4 || Math.abs(found) >= 1e4)
    ? found.toExponential(3)
    : found.toFixed(5);

const claimsDataset = (claims: readonly Claim[]): Dataset => ({
  columns: ['figure', 'claim', 'paper', 'found', 'agrees', 'meaning'].map((name) => ({
    name,
    unit: '',
    description: '',
  })),
  rows: claims.map((c) => ({ ...c, agrees: String(c.agrees) })),
});

const counted = (steadyStates: number, snapshots = 0): string =>
  [
    ...(snapshots === 0 ? [] : [`${snapshots} times of evolutions`]),
    ...(steadyStates === 0 ? [] : [`${steadyStates} steady states`]),
  ].join(' and ');

export async function runFigure(which: string, { out }: { out: string }): Promise<number> {
  if (which !== 'all' && !names.includes(which)) {
    throw new ParameterError('figure', which, `one of ${names.join(', ')}, all`);
  }
  await loadDrawing();
  await makeFolderOf('out', out);
  const claims: Claim[] = [];
  const files: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(out, name);
    writeFileSync(file, content);
    files.push(file);
  };
  for (const group of figureGroups) {
    const wanted = group.names.filter((name) => which === 'all' || which === name);
    if (wanted.length === 0) continue;
    const progress = progressBar('points', group.points);
    const begin = performance.now();
    const { steadyStates, snapshots, figures } = await group.compute(progress.count);
    const seconds = (performance.now() - begin) / 1000;
    const method = snapshots === undefined ? 'direct' : 'rational';
    progress.stop();
    process.stdout.write(
      `Fig. ${wanted.join(' and ')}: ${counted(steadyStates, snapshots)} in ${seconds.toFixed(2)} s ` +
        `on cpu (f64, zero-charge sector, ${method})\n`,
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
        solver: { space: 'sector', method },
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

export const addFigure: AddCommand = (command, running) => {
  command
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
