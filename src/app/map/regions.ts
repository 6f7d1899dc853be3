/** Where a map's regions are named: in the middle of the largest square that each operation fills. */
import { OPERATIONS } from '../../thermo/operation.js';
import type { Atlas } from './atlas.js';
import { MAP_WIDTH, slotOf } from './grid.js';

export interface RegionLabel {
  readonly operation: (typeof OPERATIONS)[number];
  /** Shares of the picture's sides, from its lower left corner. */
  readonly x: number;
  readonly y: number;
}

/** Squares are looked for on a grid of about so many points along an axis. */
const POINTS = 64;
/** A region without a square of this share of the axes has no room for its name. */
const SMALLEST = 0.1;

const OPERATION = slotOf('operation');

export function regionLabels({ request: { size }, values, strides }: Atlas): RegionLabel[] {
  let step = 1;
  while (step < 16 && size / (2 * step) >= POINTS) step *= 2;
  const n = Math.floor((size - 1) / step) + 1;
  const best = new Map<number, { side: number; i: number; j: number }>();
  // The largest square that has a point at its upper right corner, from those of its neighbours.
  let below: number[] = [];
  let belowOf: number[] = [];
  for (let j = 0; j < n; j++) {
    const sides: number[] = [];
    const of: number[] = [];
    for (let i = 0; i < n; i++) {
      const place = j * step * size + i * step;
      const operation = strides[place] === 0 ? Number.NaN : values[place * MAP_WIDTH + OPERATION];
      of.push(operation);
      const same =
        i > 0 &&
        j > 0 &&
        of[i - 1] === operation &&
        belowOf[i] === operation &&
        belowOf[i - 1] === operation;
      const side = same ? 1 + Math.min(sides[i - 1], below[i], below[i - 1]) : 1;
      sides.push(side);
      if (!Number.isNaN(operation) && side > (best.get(operation)?.side ?? 0)) {
        best.set(operation, { side, i, j });
      }
    }
    below = sides;
    belowOf = of;
  }
  return [...best]
    .filter(([, { side }]) => side / n >= SMALLEST)
    .map(([operation, { side, i, j }]) => ({
      operation: OPERATIONS[operation],
      x: ((i - (side - 1) / 2) * step + 0.5) / size,
      y: ((j - (side - 1) / 2) * step + 0.5) / size,
    }));
}
