/** Lines on a map: where the operation changes, and where a quantity has the same value. */
import { contourLines } from '../../figures/contours.js';
import type { ObservableName } from '../../simulate/observableRecords.js';
import { OPERATIONS } from '../../thermo/operation.js';
import type { Atlas } from './atlas.js';
import { COARSEST, MAP_WIDTH, slotOf } from './grid.js';
import type { Scale } from './paint.js';

export interface MapLines {
  /** Paths of SVG in shares of the map's sides, from its upper left corner. */
  readonly borders: string;
  readonly levels: string;
}

/** How they are drawn; the page's style sheet says the same. */
export const LINE = {
  levels: { colour: '#1c2733', width: 0.8, opacity: 0.55 },
  // What is dark itself is seen on dark colours, too.
  halo: { colour: '#ffffff', width: 3.2, opacity: 0.6 },
  borders: { colour: '#1c2733', width: 1.6, opacity: 0.9 },
} as const;

/** Points along an axis that lines are drawn through at most. */
const POINTS = 200;
/** About so many levels. */
const LEVELS = 8;

/** The finest grid whose points are all there; null before there is one. */
function finestStep({ request: { size }, strides }: Atlas): number | null {
  for (let step = 1; step <= COARSEST; step *= 2) {
    if (Math.floor((size - 1) / step) + 1 > POINTS) continue;
    let isWhole = true;
    for (let j = 0; isWhole && j < size; j += step) {
      for (let i = 0; isWhole && i < size; i += step) isWhole = strides[j * size + i] > 0;
    }
    if (isWhole) return step;
  }
  return null;
}

/** Round values between the ends of a scale. */
export function levelsOf({ low, high, logarithmic }: Scale): number[] {
  if (!(high > low)) return [];
  if (logarithmic) {
    const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
    return Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k));
  }
  const least = (high - low) / LEVELS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((round) => round * power >= least) ?? 10);
  const [first, last] = [Math.floor(low / step) + 1, Math.ceil(high / step) - 1];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}

/** @param scale of what is shown */
export function mapLines(map: Atlas, show: ObservableName, scale: Scale): MapLines | null {
  const step = finestStep(map);
  if (step === null) return null;
  const { size } = map.request;
  const n = Math.floor((size - 1) / step) + 1;
  const across = Array.from({ length: n }, (_, k) => (k * step + 0.5) / size);
  const down = across.map((share) => 1 - share);
  const valuesOf = (name: ObservableName, read: (value: number) => number) =>
    Array.from({ length: n * n }, (_, p) => {
      const place = Math.floor(p / n) * step * size + (p % n) * step;
      return read(map.values[place * MAP_WIDTH + slotOf(name)]);
    });
  const path = (z: readonly number[], levels: readonly number[]) =>
    contourLines(across, down, z, levels)
      .map(
        ({ points }) => `M${points.map(({ x, y }) => `${x.toFixed(4)},${y.toFixed(4)}`).join('L')}`,
      )
      .join('');
  const borders = OPERATIONS.map((_, k) =>
    path(
      valuesOf('operation', (operation) =>
        Number.isNaN(operation) ? Number.NaN : Number(operation === k),
      ),
      [0.5],
    ),
  ).join('');
  const levels =
    show === 'operation'
      ? ''
      : path(
          valuesOf(show, (value) => value),
          levelsOf(scale),
        );
  return { borders, levels };
}
