/** How far the sectors of a symmetry lie from the populations when something breaks it. */
import { type Space, spaceOf } from './classes.js';
import type { Generator } from './generator.js';
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

export function sectorDistances({ total, symmetric }: SplitGenerator): SectorDistances {
  const { classes } = total.space;
  const sectors = sectorsOf(symmetric);
  const of = new Int32Array(classes.length);
  sectors.forEach((sector, k) => {
    for (const c of sector.classes) of[c] = k;
  });
  const neighbours = sectors.map(() => new Set<number>());
  for (const { sourceClass, targetClass } of total.couplings) {
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

/** The same classes in the order of their sectors' distances. */
export function nearestFirst(split: SplitGenerator): Space {
  const { space } = split.total;
  const { classes } = space;
  const { of, distance } = sectorDistances(split);
  const order = classes.map((_, c) => c);
  // Infinity − Infinity is no number.
  order.sort((a, b) =>
    distance[of[a]] === distance[of[b]] ? a - b : distance[of[a]] - distance[of[b]],
  );
  return spaceOf(
    space,
    order.map((c) => classes[c]),
  );
}
