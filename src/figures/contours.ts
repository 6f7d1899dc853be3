/** Lines of equal value through numbers on a grid whose axes need not be evenly spaced. */
import { contours } from 'd3-contour';

export interface ContourLine {
  readonly level: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** A coordinate between the values of an axis; null outside of them. */
function along(values: readonly number[], at: number): number | null {
  if (at < 0 || at > values.length - 1) return null;
  const i = Math.min(values.length - 2, Math.floor(at));
  return values[i] + (at - i) * (values[i + 1] - values[i]);
}

/**
 * The lines at each level.
 * @param z value at (x[i], y[j]) at i + j·x.length; NaN where there is none
 */
export function contourLines(
  x: readonly number[],
  y: readonly number[],
  z: readonly number[],
  levels: readonly number[],
): ContourLine[] {
  const generator = contours().size([x.length, y.length]).smooth(true);
  return levels.flatMap((level) => {
    const { coordinates } = generator.contour(z as number[], level);
    const lines: ContourLine[] = [];
    for (const ring of coordinates.flat()) {
      let points: { x: number; y: number }[] = [];
      const end = () => {
        if (points.length > 1) lines.push({ level, points });
        points = [];
      };
      const isKnown = (i: number, j: number) =>
        [Math.floor(i), Math.ceil(i)].every((a) =>
          [Math.floor(j), Math.ceil(j)].every((b) => !Number.isNaN(z[a + b * x.length])),
        );
      // A place on the grid is half a cell further; what closes a ring outside of the grid is no line.
      for (const [i, j] of ring) {
        const px = along(x, i - 0.5);
        const py = along(y, j - 0.5);
        if (px === null || py === null || !isKnown(i - 0.5, j - 0.5)) end();
        else points.push({ x: px, y: py });
      }
      end();
    }
    return lines;
  });
}
