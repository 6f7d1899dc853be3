/** How far the sectors of a symmetry lie from the populations when something breaks it. */
import { type Space, spaceOf } from './classes.js';
import type { Coupling, Generator } from './generator.js';
import { type Sector, sectorsOf } from './siteMatrix.js';

/** A generator, and the part of it that keeps the symmetry, on one space. */
export interface SplitGenerator {
  readonly total: Generator;
  readonly symmetric: Generator;
}

export interface SectorDistances {
  /** The sectors of the symmetric part. */
  readonly sectors: readonly Sector[];
  /** Position in `sectors` of each class of the space. */
  readonly of: Int32Array;
  /** By sector: steps of what breaks the symmetry from the populations; infinite where none leads there. */
  readonly distance: Float64Array;
}

/** @param breaking what breaks the symmetry of the generator */
export function sectorDistances(
  symmetric: Generator,
  breaking: readonly Coupling[],
): SectorDistances {
  const { classes } = symmetric.space;
  const sectors = sectorsOf(symmetric);
  const of = new Int32Array(classes.length);
  sectors.forEach((sector, k) => {
    for (const c of sector.classes) of[c] = k;
  });
  const neighbours = sectors.map(() => new Set<number>());
  for (const { sourceClass, targetClass } of breaking) {
    neighbours[of[sourceClass]].add(of[targetClass]);
  }
  const distance = new Float64Array(sectors.length).fill(Number.POSITIVE_INFINITY);
  const queue: number[] = [];
  for (let c = 0; c < classes.length; c++) {
    const { ket, bra, delta } = classes[c];
    if (ket !== bra || delta !== 0 || distance[of[c]] === 0) continue;
    distance[of[c]] = 0;
    queue.push(of[c]);
  }
  for (const here of queue) {
    for (const next of neighbours[here]) {
      if (distance[next] !== Number.POSITIVE_INFINITY) continue;
      distance[next] = distance[here] + 1;
      queue.push(next);
    }
  }
  return { sectors, of, distance };
}

/** Infinity − Infinity is no number. */
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);

/** The same classes in the order of their sectors' distances, and the distances in that space. */
export function nearestFirst(
  space: Space,
  { sectors, of, distance }: SectorDistances,
): { space: Space; distances: SectorDistances } {
  const { classes } = space;
  const order = classes.map((_, c) => c);
  order.sort((a, b) => difference(distance[of[a]], distance[of[b]]) || a - b);
  const place = new Int32Array(classes.length);
  order.forEach((c, at) => {
    place[c] = at;
  });
  const nearest = sectors.map((_, k) => k);
  nearest.sort((a, b) => difference(distance[a], distance[b]) || a - b);
  const rank = new Int32Array(sectors.length);
  nearest.forEach((k, at) => {
    rank[k] = at;
  });
  return {
    space: spaceOf(
      space,
      order.map((c) => classes[c]),
    ),
    distances: {
      sectors: nearest.map((k) => ({
        ...sectors[k],
        classes: sectors[k].classes.map((c) => place[c]),
      })),
      of: Int32Array.from(order, (c) => rank[of[c]]),
      distance: Float64Array.from(nearest, (k) => distance[k]),
    },
  };
}
