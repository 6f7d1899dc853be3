/** What a map leads to, unknown by unknown: stretches of sites at which the same runs arrive. */
import type { Run } from './run.js';

/** Sites, one after another, and the runs that arrive at one of their unknowns, each with as many elements. */
export interface Stretch {
  readonly site: number;
  readonly count: number;
  readonly to: number;
  /** In the order in which the map has them. */
  readonly runs: readonly Run[];
}

/** The part of a run that arrives at some sites. */
function partOf(run: Run, site: number, count: number): Run {
  const skipped = site - run.target;
  const first = run.first + skipped * run.stride;
  return { ...run, first, source: run.source + skipped, target: site, count };
}

/**
 * The stretches of one unknown after another; where nothing arrives, one without runs.
 * @param width unknowns of a site
 */
export const stretchesOf = (runs: readonly Run[], sites: number, width: number): Stretch[] =>
  Array.from({ length: width }, (_, to) => {
    const arriving = runs.filter((run) => run.to === to);
    const ends = arriving.flatMap(({ target, count }) => [target, target + count]);
    const cuts = [...new Set([0, ...ends, sites])].sort((a, b) => a - b);
    return cuts.slice(1).map((end, n): Stretch => {
      const [site, count] = [cuts[n], end - cuts[n]];
      const here = arriving.filter((run) => run.target <= site && end <= run.target + run.count);
      return { site, count, to, runs: here.map((run) => partOf(run, site, count)) };
    });
  }).flat();
