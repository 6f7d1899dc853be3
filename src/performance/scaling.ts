/** How time grows with the window: t = c N^p, fitted to the medians on log axes. */
import { Matrix, solve } from 'ml-matrix';
import { groupBy } from '../maps.js';
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
  const series = groupBy(
    rows.filter(({ seconds }) => seconds !== null),
    ({ group, task, solver, precision }) => [group, task, solver, precision].join('|'),
  );
  return [...series.values()].flatMap((points) => {
    if (new Set(points.map(({ N }) => N)).size < FEWEST_POINTS) return [];
    const [intercept, exponent] = solve(
      new Matrix(points.map(({ N }) => [1, Math.log(N)])),
      Matrix.columnVector(points.map(({ seconds }) => Math.log(seconds?.median ?? Number.NaN))),
    ).to1DArray();
    const sizes = points.map(({ N }) => N);
    const { group, task, solver } = points[0];
    return [
      {
        group,
        task,
        solver,
        exponent,
        coefficient: Math.exp(intercept),
        from: Math.min(...sizes),
        to: Math.max(...sizes),
      },
    ];
  });
}
