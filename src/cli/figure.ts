/** `qmill figure`: the paper's figures as pictures and data, and the table of its claims. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FigureGroup, figureGroups } from '../figures/catalogue.js';
import { type Changes, isUnchanged } from '../figures/changes.js';
import type { Claim } from '../figures/claims.js';
import { type Dataset, toCsv } from '../figures/dataset.js';
import { loadDrawing, renderPdf, renderPng, renderSvg } from '../figures/render.js';
import { deviceParameters, deviceSchema, fieldNotes, ParameterError } from '../model/parameters.js';
import { version } from '../version.js';
import type { AddCommand } from './command.js';
import { addStyleOptions, readStyle, type StyleFlags } from './figureStyle.js';
import { makeFolderOf } from './outputs.js';
import { printText } from './printText.js';
import { progressBar } from './progress.js';

const names = figureGroups.flatMap((group) => group.names);

/** Two lines for each claim: what the paper says and the verdict; its number, the one found, and what that is. */
function claimsTable(claims: readonly Claim[]): string {
  const verdictOf = ({ agrees, verdict }: Claim) => (agrees ? verdict : verdict.toUpperCase());
  const width = Math.max(...claims.map((one) => verdictOf(one).length));
  return claims
    .flatMap((one) => {
      const { figure, claim, paper, found, tolerance, meaning } = one;
      const numbers = `${paper === null ? '' : `paper ${paper}, `}found ${shown(found)}`;
      return [
        `Fig. ${figure}  ${verdictOf(one).padEnd(width)}  ${claim}`,
        `        ${numbers} (agrees: ${tolerance}): ${meaning}`,
      ];
    })
    .join('\n');
}

/** Small and large numbers with their power of ten. */
const shown = (found: number): string =>
  found !== 0 && (Math.abs(found) < 1e-4 || Math.abs(found) >= 1e4)
    ? found.toExponential(3)
    : found.toFixed(5);

const claimsDataset = (claims: readonly Claim[]): Dataset => ({
  columns: ['figure', 'claim', 'paper', 'found', 'agrees', 'meaning', 'verdict', 'tolerance'].map(
    (name) => ({
      name,
      unit: '',
      description: '',
    }),
  ),
  rows: claims.map((c) => ({ ...c, agrees: String(c.agrees) })),
});

const counted = (steadyStates: number, snapshots = 0): string =>
  [
    ...(snapshots === 0 ? [] : [`${snapshots} times of evolutions`]),
    ...(steadyStates === 0 ? [] : [`${steadyStates} steady states`]),
  ].join(' and ');

/** The parameters that a figure can be drawn at; the model is the figure's, and no figure has a potential. */
const changeable = Object.keys(deviceSchema.shape).filter(
  (name) => name !== 'model' && name !== 'V',
);

interface Flags extends StyleFlags {
  readonly out: string;
  readonly [parameter: string]: string | boolean | undefined;
}

/** Other parameters than the paper's. @throws {ParameterError} */
function readChanges(flags: Flags): Changes {
  const given = Object.fromEntries(
    changeable.flatMap((name) => {
      const text = flags[name];
      if (text === undefined) return [];
      const value = Number(text);
      return [[name, Number.isNaN(value) || String(text).trim() === '' ? text : value]];
    }),
  );
  deviceParameters(given);
  return given;
}

/** @throws {ParameterError} where a figure varies what shall be changed */
function checkChanges(groups: readonly FigureGroup[], changes: Changes): void {
  for (const { names: figures, own } of groups) {
    for (const name of own.filter((one) => one in changes)) {
      const value = changes[name as keyof Changes];
      const which = figures.map((figure) => `Fig. ${figure}`).join(' and ');
      throw new ParameterError(name, value, `absent for ${which}, which chooses it`);
    }
  }
}

/** Above this an edge population may be seen in a figure. */
const SEEN = 1e-6;

async function runFigure(which: string, flags: Flags): Promise<number> {
  if (which !== 'all' && !names.includes(which)) {
    throw new ParameterError('figure', which, `one of ${names.join(', ')}, all`);
  }
  const { out } = flags;
  const isWanted = (name: string) => which === 'all' || which === name;
  const groups = figureGroups.filter((group) => group.names.some(isWanted));
  const changes = readChanges(flags);
  checkChanges(groups, changes);
  const { style, millimetres } = readStyle(flags);
  const { font } = style;
  await loadDrawing();
  await makeFolderOf('out', out);
  const claims: Claim[] = [];
  const files: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(out, name);
    writeFileSync(file, content);
    files.push(file);
  };
  for (const group of groups) {
    const wanted = group.names.filter(isWanted);
    const progress = progressBar('points', group.points);
    const begin = performance.now();
    const { steadyStates, snapshots, figures } = await group.compute(progress.count, changes);
    const seconds = (performance.now() - begin) / 1000;
    const method = snapshots === undefined ? 'direct' : 'rational';
    progress.stop();
    printText(
      `Fig. ${wanted.join(' and ')}: ${counted(steadyStates, snapshots)} in ${seconds.toFixed(2)} s ` +
        `on cpu (f64, zero-charge sector, ${method})\n`,
    );
    for (const name of wanted) {
      const figure = figures[name](style);
      const { largestEdgePopulation: edge = 0 } = figure.provenance;
      if (edge > SEEN) {
        process.stderr.write(
          `Fig. ${name}: not converged: up to ${edge.toExponential(1)} of the population is at an edge of the window\n`,
        );
      }
      const provenance = {
        figure: name,
        ...figure.provenance,
        columns: figure.dataset.columns,
        backend: { name: 'cpu', adapter: null, precision: 'f64' },
        solver: { space: 'sector', method },
        version,
      };
      const metadata = {
        Software: `quantum-mill ${version}`,
        Title: `Fig. ${name}`,
        Description: JSON.stringify(provenance),
      };
      const svg = await renderSvg(figure.plot, { font, millimetres });
      write(`figure${name}.svg`, svg);
      write(`figure${name}.png`, await renderPng(svg, metadata, font));
      write(`figure${name}.pdf`, await renderPdf(svg, metadata, font));
      write(`figure${name}.csv`, toCsv(figure.dataset));
      const json = { ...provenance, specification: figure.plot };
      write(`figure${name}.json`, `${JSON.stringify(json, null, 1)}\n`);
      claims.push(...figure.claims);
    }
  }
  if (isUnchanged(changes)) {
    write('claims.csv', toCsv(claimsDataset(claims)));
    printText(
      `\nThe paper's claims, and what is found:\n\n${claimsTable(claims)}\n\nThe captions do not give I: I = 1 is assumed.\n`,
    );
  } else {
    printText("\nThe paper's claims are about its own parameters: none is looked at here.\n");
  }
  process.stdout.write(`\nwritten:\n${files.map((file) => `  ${file}`).join('\n')}\n`);
  return 0;
}

export const addFigure: AddCommand = (command, running) => {
  command
    .argument('<which>', `${names.join(', ')} or all`)
    .option('--out <dir>', 'folder for the files', 'figures');
  addStyleOptions(command);
  for (const name of changeable) {
    const { description, unit, allowed } = fieldNotes(deviceSchema, name);
    const notes = [unit, allowed].filter((note) => note !== '').join('; ');
    command.option(`--${name} <value>`, `${description} (${notes}; default: the figure's)`);
  }
  command
    .addHelpText(
      'after',
      `
Examples:
  qmill figure 2                                  Fig. 2 into ./figures
  qmill figure all --out out                      every figure into ./out
  qmill figure 2 --I 5 --caption                  at another moment of inertia, parameters under it
  qmill figure 4 --column single --font serif     for a column of a journal`,
    )
    .action(running(runFigure));
};
