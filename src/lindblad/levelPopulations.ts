/** Populations of a sector's state by the levels of its window. */
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';
import type { SectorLayout } from './sectorLayout.js';

/** By the levels of one site, by their indices in the window: where the population of each state is there. */
const firstPlaces = perObject((sector: SectorLayout): readonly (readonly number[])[] => {
  const { program, window, reach } = sector;
  const populations = Array.from({ length: program.states }, (_, s) => {
    const c = program.classOf(s, s);
    return c < 0 ? null : { offset: program.offsets[s], unknown: program.unknownOf[c].unknown };
  }).filter((population) => population !== null);
  return Array.from({ length: Math.min(reach, window.size) }, (_, i) =>
    populations.map(({ offset, unknown }) => sector.index(i + offset, unknown)),
  );
});

/** Those of all states together. */
export function levelPopulations(sector: SectorLayout, x: Float64Array): Float64Array {
  const { reach, siteWidth } = sector;
  const { size } = sector.window;
  const populations = zeros(size);
  const byFirst = firstPlaces(sector);
  for (let first = 0; first < byFirst.length; first++) {
    const places = byFirst[first];
    let s = 0;
    // Four states at a time, for which a level is written once.
    for (; s + 3 < places.length; s += 4) {
      const a = places[s];
      const [b, c, d] = [places[s + 1] - a, places[s + 2] - a, places[s + 3] - a];
      for (let i = first, at = a; i < size; i += reach, at += siteWidth) {
        populations[i] = populations[i] + x[at] + x[at + b] + x[at + c] + x[at + d];
      }
    }
    for (; s < places.length; s++) {
      for (let i = first, at = places[s]; i < size; i += reach, at += siteWidth) {
        populations[i] += x[at];
      }
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
  const { size } = window;
  const byFirst = firstPlaces(sector);
  for (let first = 0; first < byFirst.length; first++) {
    for (const place of byFirst[first]) {
      for (let i = first, at = place; i < size; i += reach, at += siteWidth) {
        if (x[at] > faintest && errors[at] > most * x[at]) most = errors[at] / x[at];
      }
    }
  }
  return most;
}
