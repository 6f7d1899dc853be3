/** One of the paper's figures: its picture, its numbers, and what the paper says about it. */
import type { TopLevelSpec } from 'vega-lite';
import { type Figure, figureGroups, type Source } from '../../figures/catalogue.js';
import type { Claim } from '../../figures/claims.js';
import type { Dataset } from '../../figures/dataset.js';
import { type Report, seldom } from './report.js';

export interface FigureResult {
  readonly name: string;
  readonly plot: TopLevelSpec;
  readonly dataset: Dataset;
  readonly claims: readonly Claim[];
  readonly provenance: Figure['provenance'];
  readonly steadyStates: number;
  readonly seconds: number;
}

function result(name: string, source: Source, seconds: number): FigureResult {
  const { plot, dataset, claims, provenance } = source.figures[name]();
  return { name, plot, dataset, claims, provenance, steadyStates: source.steadyStates, seconds };
}

/** The figures that are drawn from the same points as the one asked for, all of them. */
export function figureStudy(name: string, report: Report): FigureResult[] {
  const group = figureGroups.find(({ names }) => names.includes(name));
  if (group === undefined) throw new RangeError(`there is no figure ${name}`);
  const begin = performance.now();
  const source = group.compute(seldom(report));
  const seconds = (performance.now() - begin) / 1e3;
  return group.names.map((n) => result(n, source, seconds));
}
