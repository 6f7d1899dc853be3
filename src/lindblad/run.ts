/** Elements of a map between the unknowns of a sector's sites. */

/** Elements of a band at equal distances, on a window. */
export interface Run {
  readonly row: number;
  readonly column: number;
  readonly sign: 1 | -1;
  readonly table: number;
  /** The first element's place in the table, and the distance to the next one. */
  readonly first: number;
  readonly stride: number;
  readonly count: number;
  /** Sites of the first element, and unknowns of a site: where it comes from and where it goes. */
  readonly source: number;
  readonly target: number;
  readonly from: number;
  readonly to: number;
}

/** The levels whose numbers it has. */
export const levelsOf = ({ first, stride, count }: Run): number[] =>
  Array.from({ length: count }, (_, k) => first + k * stride);

/** Whether a run of pairs leads from each pair to itself. */
export const isWithinPair = ({ source, target, from, to }: Run): boolean =>
  source === target && from - (from % 2) === to - (to % 2);

/** Those of a generator that arrive in pairs, and those in populations but for what leaves these themselves. */
export function arrivals(runs: readonly Run[], paired: number) {
  return {
    toPairs: runs.filter(({ to }) => to < paired),
    toPopulations: runs.filter(
      ({ from, to, source, target }) => to >= paired && (from !== to || source !== target),
    ),
  };
}

/** Where the numbers of runs lead from and to, one run after another, by the indices of unknowns. */
export interface RunPlaces {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** @param width unknowns of a site */
export function placesOf(runs: readonly Run[], width: number): RunPlaces {
  const [from, to]: number[][] = [[], []];
  for (const run of runs) {
    for (let i = 0; i < run.count; i++) {
      from.push((run.source + i) * width + run.from);
      to.push((run.target + i) * width + run.to);
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to) };
}

/** What a map makes of a state, and the sums of the magnitudes of its terms. */
export interface Applied {
  readonly y: Float64Array;
  readonly magnitudes: Float64Array;
}

/** A sector with the numbers of a device. */
export interface FilledSector {
  readonly sites: number;
  readonly siteWidth: number;
  readonly sitePaired: number;
  /** What leads from a pair to another, and to itself. */
  readonly amongPairs: readonly Run[];
  readonly withinPairs: readonly Run[];
  readonly numbers: { table(at: number): Float64Array };
}
