/** How time grows with the window: t = c N^p, fitted to the medians on log axes. */
import { linearRegression } from 'simple-statistics';
import type { Row } from './row.js';

export interface Scaling {
  readonly group: Row['group'];
  readonly task: string;
  readonly solver: string;
  readonly exponent: number;
  /** Seconds at N = 1 by the fit. */
  readonly coefficient: number;
  readonly from: number;
  readonly to: number;
}

/** Series shorter than this have no exponent worth a name. */
const FEWEST_POINTS = 3;

export function scalings(rows: readonly Row[]): Scaling[] {
  const series = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.seconds === null) continue;
    const key = [row.group, row.task, row.solver, row.precision].join('|');
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  return [...series.values()].flatMap((points) => {
    if (new Set(points.map(({ N }) => N)).size < FEWEST_POINTS) return [];
    const { m, b } = linearRegression(
      points.map(({ N, seconds }) => [Math.log(N), Math.log(seconds?.median ?? Number.NaN)]),
    );
    const sizes = points.map(({ N }) => N);
    const { group, task, solver } = points[0];
    return [
      {
        group,
        task,
        solver,
        exponent: m,
        coefficient: Math.exp(b),
        from: Math.min(...sizes),
        to: Math.max(...sizes),
      },
    ];
  });
}
