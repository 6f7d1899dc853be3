/** `qmill plot`: lines along one axis of a sweep or a run, or the map of operations over two. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { contourLines } from '../figures/contours.js';
import { operationMapPlot } from '../figures/operationMap.plot.js';
import { renderPdf, renderPng, renderSvg } from '../figures/render.js';
import type { FigureStyle } from '../figures/style.js';
import { inPanels, sweepLinesPlot } from '../figures/sweepLines.plot.js';
import { type Parameters, symbolOf } from '../figures/theme.js';
import { ParameterError } from '../model/parameters.js';
import { explained } from '../storage/errors.js';
import { checkWritable } from '../storage/files.js';
import { type Cut, type CutAxis, cut, variableNamed } from '../sweep/cut.js';
import { STATUS, STATUSES } from '../sweep/layout.js';
import { meanings, type Results, readResults } from '../sweep/results.js';
import { version } from '../version.js';
import type { AddCommand } from './command.js';
import { addStyleOptions, readStyle, type StyleFlags } from './figureStyle.js';
import { runLines } from './plotRun.js';
import { RUN_ENDINGS, readRun } from './runFile.js';
import { namesIn } from './words.js';

const kinds = ['auto', 'lines', 'map'];
const FORMATS = ['.svg', '.png', '.pdf'];
/** Lines of equal value of a quantity of one sign: about so many. */
const LEVELS = 9;

interface Flags extends StyleFlags {
  readonly kind: string;
  readonly x?: string;
  readonly y?: string;
  readonly show?: string;
  readonly contour?: string;
  readonly at?: string;
  readonly out?: string;
}

/** `chi=0.5,g=1` */
function readAt(text: string | undefined): Map<string, number> {
  const at = new Map<string, number>();
  for (const item of text?.split(',') ?? []) {
    const [name, value] = item.split('=').map((part) => part.trim());
    if (!value || Number.isNaN(Number(value))) {
      throw new ParameterError('at', item, 'a list of axes with values, such as chi=0.5,g=1');
    }
    at.set(name, Number(value));
  }
  return at;
}

/** What stays the same in a cut, for the lines under a figure. */
function parametersOf({ identity }: Results, { at }: Cut): Parameters {
  const fixed = Object.entries({ ...identity.plan.parameters, ...at });
  return Object.fromEntries(
    fixed
      .filter(([name, value]) => !(name === 'V' && value === 0))
      .map(([name, value]) => [
        symbolOf(name),
        typeof value === 'number' ? Number(value.toPrecision(6)) : String(value),
      ]),
  );
}

const remarksOf = ({ identity: { plan } }: Results): string[] => {
  const window = plan.truncation === 'auto' ? 'window chosen at each point' : 'one window';
  return [`${'machine' in plan ? plan.machine : `${plan.model} master equation`}, ${window}`];
};

/** Says where the axes are that a picture does not show, unless that is just where they were asked for. */
function tellPlaces({ at: places }: Cut, asked: ReadonlyMap<string, number>): void {
  const untold = Object.entries(places).filter(
    ([name, place]) =>
      !(Math.abs(place - (asked.get(name) ?? Number.NaN)) <= 1e-9 * Math.abs(place)),
  );
  if (untold.length === 0) return;
  const words = untold.map(([name, place]) => `${name} = ${Number(place.toPrecision(6))}`);
  process.stderr.write(`drawn at ${words.join(', ')}\n`);
}

/** Points that are drawn although their numbers are not converged, in words. */
function warnings(results: Results): string[] {
  const counts = new Map<string, number>();
  for (const code of variableNamed(results, STATUS).values) {
    const status = STATUSES[code];
    if (status !== 'solved') counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].map(([status, count]) => `${count} points: ${status.replaceAll('_', ' ')}`);
}

function linesOf(
  results: Results,
  x: string,
  at: Map<string, number>,
  shown: readonly string[],
  style: FigureStyle,
) {
  const slice = cut(results, [x], at);
  tellPlaces(slice, at);
  const [axis] = slice.axes;
  const byUnit = new Map<string, { name: string; points: { x: number; y: number | null }[] }[]>();
  for (const name of shown) {
    const variable = variableNamed(results, name);
    if (meanings(variable) !== null) {
      throw new ParameterError('show', name, 'numbers; operations are drawn by --kind map');
    }
    const unit = String(variable.attributes.units);
    const points = axis.values.map((value, i) => {
      const y = slice.value(variable, i);
      return { x: value, y: Number.isFinite(y) ? y : null };
    });
    byUnit.set(unit, [...(byUnit.get(unit) ?? []), { name: variable.name, points }]);
  }
  return sweepLinesPlot(
    {
      parameters: parametersOf(results, slice),
      remarks: remarksOf(results),
      x: axis,
      panels: [...byUnit].flatMap(([unit, all]) =>
        inPanels(all).map((curves) => ({ unit, curves })),
      ),
    },
    style,
  );
}

/** Where the cells around an axis's values begin and end. */
function edgesOf({ values, isLogarithmic }: CutAxis): number[] {
  const on = (v: number) => (isLogarithmic ? Math.log(v) : v);
  const back = (v: number) => (isLogarithmic ? Math.exp(v) : v);
  const last = values.length - 1;
  const middle = (a: number, b: number) => back((on(values[a]) + on(values[b])) / 2);
  return [values[0], ...values.slice(1).map((_, i) => middle(i, i + 1)), values[last]];
}

/** Round numbers within a range, about as many as asked for, 0 among them where it is inside. */
function levelsIn(least: number, most: number, count: number): number[] {
  if (!(most > least)) return [];
  const rough = (most - least) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) as number;
  const first = Math.ceil(least / step);
  const last = Math.floor(most / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** 1, 2 and 5 in each power of ten, down to a hundredth of the largest. */
function levelsUpTo(most: number): number[] {
  const power = Math.floor(Math.log10(most));
  return [power - 2, power - 1, power]
    .flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)))
    .filter((level) => level < most && level >= most / 100);
}

/** Where a quantity has both signs, lines on either side of zero: an engine's power is a small one. */
function contourLevels(least: number, most: number): number[] {
  if (least >= 0 || most <= 0) return levelsIn(least, most, LEVELS);
  const below = levelsUpTo(-least).map((level) => -level);
  return [...below.reverse(), 0, ...levelsUpTo(most)];
}

function mapOf(
  results: Results,
  axes: readonly [string, string],
  at: Map<string, number>,
  contoured: string,
  style: FigureStyle,
) {
  const operation = variableNamed(results, 'operation');
  const words = meanings(operation) as readonly string[];
  const status = variableNamed(results, STATUS);
  const slice = cut(results, axes, at);
  tellPlaces(slice, at);
  const [x, y] = slice.axes;
  for (const { name, values } of slice.axes) {
    if (values.length < 2) throw new ParameterError('axes', name, 'an axis of two values or more');
  }
  const [xEdges, yEdges] = [edgesOf(x), edgesOf(y)];
  const isSolved = (i: number, j: number) => {
    const code = STATUSES[slice.value(status, i, j)];
    return code !== 'pending' && !code.startsWith('failed');
  };
  const regions = y.values.flatMap((_, j) => {
    const runs: { operation: string; from: number; to: number }[] = [];
    x.values.forEach((_, i) => {
      if (!isSolved(i, j)) return;
      const name = words[slice.value(operation, i, j)];
      const run = runs.at(-1);
      if (run?.operation === name && run.to === i) run.to = i + 1;
      else runs.push({ operation: name, from: i, to: i + 1 });
    });
    return runs.map(({ operation: name, from, to }) => ({
      operation: name,
      x: xEdges[from],
      x2: xEdges[to],
      y: yEdges[j],
      y2: yEdges[j + 1],
    }));
  });
  const variable = variableNamed(results, contoured);
  const z = y.values.flatMap((_, j) => x.values.map((_, i) => slice.value(variable, i, j)));
  const known = z.filter(Number.isFinite).sort((a, b) => a - b);
  const levels = contourLevels(known[0], known[known.length - 1]);
  const ends = (edges: number[]) => [edges[0], edges[edges.length - 1]] as const;
  return operationMapPlot(
    {
      parameters: parametersOf(results, slice),
      remarks: [...remarksOf(results), ...warnings(results)],
      x: { ...x, domain: ends(xEdges) },
      y: { ...y, domain: ends(yEdges) },
      regions,
      contours: {
        of: variable.name,
        unit: String(variable.attributes.units ?? '1'),
        lines: contourLines(x.values, y.values, z, levels),
      },
    },
    style,
  );
}

function plotOf(results: Results, flags: Flags, style: FigureStyle): TopLevelSpec {
  const at = readAt(flags.at);
  const free = results.dimensions
    .filter(
      ({ name, length }) =>
        length > 1 && ![...at.keys()].some((n) => n.replace('/', '_over_') === name),
    )
    .map(({ name }) => name);
  const x = flags.x ?? free[0] ?? results.dimensions[0].name;
  const hasOperation = results.variables.some(({ name }) => name === 'operation');
  const others = free.filter((name) => name !== x.replace('/', '_over_'));
  const isMap =
    flags.kind === 'map' ||
    flags.y !== undefined ||
    (flags.kind === 'auto' && flags.show === undefined && hasOperation && others.length > 0);
  if (isMap) {
    const y = flags.y ?? others[0];
    if (y === undefined) {
      throw new ParameterError('y', undefined, 'a second axis, which these results do not have');
    }
    return mapOf(results, [x, y], at, flags.contour ?? 'work.WQ', style);
  }
  const numbers = results.variables.filter(
    (v) => meanings(v) === null && 'long_name' in v.attributes,
  );
  const standard = numbers
    .map(({ name }) => name)
    .filter((name) => /^(heat_|work_WQ|rotor_Lz$)/.test(name));
  // Of a machine that records none of these, its first number.
  const byDefault = standard.length > 0 ? standard : numbers.slice(0, 1).map(({ name }) => name);
  const shown = namesIn(flags.show) ?? byDefault;
  return linesOf(results, x, at, shown, style);
}

/** A picture, where its numbers come from, and what is to be said about them. */
interface Plotted {
  readonly plot: TopLevelSpec;
  readonly of: object;
  readonly notes: readonly string[];
}

async function plotOfSweep(folder: string, flags: Flags, style: FigureStyle): Promise<Plotted> {
  const results = await readResults(folder);
  if (results.pending === results.count) {
    throw new ParameterError('results', folder, 'a sweep of which something is solved');
  }
  const plot = plotOf(results, flags, style);
  return { plot, of: { plan: results.identity.plan }, notes: warnings(results) };
}

async function plotOfRun(file: string, flags: Flags, style: FigureStyle): Promise<Plotted> {
  for (const name of ['y', 'at'] as const) {
    if (flags[name] === undefined) continue;
    throw new ParameterError(name, flags[name], 'given with the results of a sweep');
  }
  if (flags.kind === 'map') throw new ParameterError('kind', 'map', 'auto or lines for a run');
  const run = await readRun(file);
  const shown = namesIn(flags.show);
  const data = runLines(run, { x: flags.x, shown });
  return { plot: sweepLinesPlot(data, style), of: { run: data.parameters }, notes: [] };
}

async function runPlot(folder: string, flags: Flags): Promise<number> {
  const out = flags.out ?? `${folder.replace(/\/+$|\.(json|nc)$/, '')}.svg`;
  const format = extname(out);
  if (!FORMATS.includes(format)) {
    throw new ParameterError('out', out, `a file name that ends in ${FORMATS.join(', ')}`);
  }
  if (!kinds.includes(flags.kind)) {
    throw new ParameterError('kind', flags.kind, `one of ${kinds.join(', ')}`);
  }
  await checkWritable(out);
  const { style, millimetres } = readStyle(flags);
  const { plot, of, notes } = RUN_ENDINGS.includes(extname(folder))
    ? await plotOfRun(folder, flags, style)
    : await plotOfSweep(folder, flags, style);
  const svg = await renderSvg(plot, { font: style.font, millimetres });
  const metadata = {
    Software: `quantum-mill ${version}`,
    Description: JSON.stringify({ ...of, plot: flags }),
  };
  const picture = {
    '.svg': async () => svg,
    '.png': () => renderPng(svg, metadata, style.font),
    '.pdf': () => renderPdf(svg, metadata, style.font),
  }[format as '.svg' | '.png' | '.pdf'];
  const content = await picture();
  await explained('cannot write', out, () => writeFile(out, content));
  for (const warning of notes) process.stderr.write(`${warning}\n`);
  process.stdout.write(`${out}\n`);
  return 0;
}

export const addPlot: AddCommand = (command, running) => {
  command
    .argument('<results>', 'folder that qmill sweep has written, or a .json or .nc file of --out')
    .option('--kind <kind>', `one of ${kinds.join(', ')}`, 'auto')
    .option('--x <axis>', 'horizontal axis (default: the first)')
    .option('--y <axis>', 'vertical axis of a map (default: the next)')
    .option('--show <names>', 'what lines show: heat.Q1,rotor.Lz')
    .option('--contour <name>', "what a map's lines of equal value are of", 'work.WQ')
    .option('--at <list>', 'where other axes are: chi=0.5,g=1 (default: their middle)')
    .option(
      '--out <file>',
      'SVG, PNG or PDF by its ending (default: the name of the results, .svg)',
    );
  addStyleOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  qmill plot results                                     the map of operations, with the power
  qmill plot results --out map.png --y lambda
  qmill plot results --kind lines --x beta2/beta1 --at lambda=0.1
  qmill plot results --show rotor.Lz,heat.Q2 --x lambda --out lines.png
  qmill plot results --column single --font serif --out map.pdf   for print
  qmill plot run.json                                    what qmill evolve --out run.json has written
  qmill plot run.nc --show rotor.populations             populations of some of its times
  qmill plot steady.json --out populations.pdf           populations of a steady state`,
    )
    .action(running(runPlot));
};
