/** One of the paper's figures: its picture, its numbers, and what the paper says about it. */
import { type Figure, figureGroups, type Source } from '../../figures/catalogue.js';
import { COLUMNS, frameOf, PAGE_STYLE } from '../../figures/style.js';
import { type Report, seldom } from './report.js';

/** As wide as a column of a journal. */
const PHONE_STYLE = { ...PAGE_STYLE, frame: frameOf(COLUMNS.single) };

export interface FigureResult extends Figure {
  /** The picture for a phone, whose text is as large as that of a wide one. */
  readonly phonePlot: Figure['plot'];
  readonly name: string;
  readonly steadyStates: number;
  readonly snapshots: number;
  readonly seconds: number;
}

function result(name: string, source: Source, seconds: number): FigureResult {
  const { steadyStates, snapshots = 0, figures } = source;
  const { plot: phonePlot } = figures[name](PHONE_STYLE);
  return { name, ...figures[name](), phonePlot, steadyStates, snapshots, seconds };
}

/** The figures that are drawn from the same points as the one asked for, all of them. */
export async function figureStudy(name: string, report: Report): Promise<FigureResult[]> {
  const group = figureGroups.find(({ names }) => names.includes(name));
  if (group === undefined) throw new RangeError(`there is no figure ${name}`);
  const begin = performance.now();
  const source = await group.compute(seldom(report));
  const seconds = (performance.now() - begin) / 1e3;
  return group.names.map((n) => result(n, source, seconds));
}
