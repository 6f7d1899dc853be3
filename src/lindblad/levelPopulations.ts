/** Populations of a sector's state by the levels of its window. */
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';
import type { SectorLayout } from './sectorLayout.js';

/** Of each state, the levels of one site by their indices in the window, and where the population is there. */
const firstPlaces = perObject((sector: SectorLayout) => {
  const { program, window, reach } = sector;
  const levels = Array.from({ length: Math.min(reach, window.size) }, (_, i) => i);
  return Array.from({ length: program.states }, (_, s) => s).flatMap((s) => {
    const c = program.classOf(s, s);
    if (c < 0) return [];
    const { unknown } = program.unknownOf[c];
    return levels.map((i) => [i, sector.index(i + program.offsets[s], unknown)] as const);
  });
});

/** Those of all states together. */
export function levelPopulations(sector: SectorLayout, x: Float64Array): Float64Array {
  const { reach, siteWidth } = sector;
  const { size } = sector.window;
  const populations = zeros(size);
  for (const [first, place] of firstPlaces(sector)) {
    for (let i = first, at = place; i < size; i += reach, at += siteWidth) {
      populations[i] += x[at];
    }
  }
  return populations;
}

/**
 * What populations may be off by, relative to themselves, at its most.
 * @param errors of the unknowns
 * @param faintest populations below it do not count
 */
export function mostOfPopulations(
  sector: SectorLayout,
  x: Float64Array,
  errors: Float64Array,
  faintest: number,
): number {
  const { window, reach, siteWidth } = sector;
  let most = 0;
  for (const [first, place] of firstPlaces(sector)) {
    for (let i = first, at = place; i < window.size; i += reach, at += siteWidth) {
      if (x[at] > faintest && errors[at] > most * x[at]) most = errors[at] / x[at];
    }
  }
  return most;
}
