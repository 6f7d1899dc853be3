/** How curves over one parameter look: as Fig. 2(a), with the regimes behind them and the device on them. */
import type { TopLevelSpec } from 'vega-lite';
import { type Dataset, observableColumn } from '../../../figures/dataset.js';
import {
  byCurve,
  colours,
  inPowersOf,
  looks,
  nominal,
  pictureOf,
  powerOf,
  quantitative,
  regimeLayer,
  zeroLine,
} from '../../../figures/theme.js';
import { deviceSchema, fieldNotes } from '../../../model/parameters.js';
import { observableRecord } from '../../../simulate/observableRecords.js';
import { OPERATIONS } from '../../../thermo/operation.js';
import { titleOf } from '../../content/observables.js';
import { abscissa, type Curve, type CurveRequest } from '../../curves/curves.js';
import { alongParameter } from '../../plot/parameterAxis.js';
import type { Rows } from '../../plot/vega.js';

interface Point {
  readonly x: number;
  readonly operation: (typeof OPERATIONS)[number] | undefined;
  /** One for each of the curves; NaN where it has none. */
  readonly values: Float64Array;
}

/** Curves as they are drawn, wherever their points come from. */
export interface DrawnCurves extends Pick<CurveRequest, 'axis' | 'names'> {
  readonly points: readonly Point[];
}

export function drawnCurves({ request, places, values }: Curve): DrawnCurves {
  const { axis, names } = request;
  const width = names.length + 1;
  const points = Array.from(places, (p) => ({
    x: abscissa(request, p),
    operation: OPERATIONS[values[(p + 1) * width - 1]],
    values: values.subarray(p * width, (p + 1) * width - 1),
  }));
  return { axis, names, points };
}

/** The power of ten that the numbers of all curves are drawn in. */
export const curvePower = ({ points }: DrawnCurves): number =>
  powerOf(points.flatMap(({ values }) => [...values].filter(Number.isFinite)));

export const curveRows = ({ points, names }: DrawnCurves, power: number): Rows =>
  points.flatMap(({ x, values }) =>
    names.map((name, k) => ({
      x,
      curve: titleOf(name),
      value: Number.isFinite(values[k]) ? values[k] / 10 ** power : null,
    })),
  );

/** Stretches of the axis with one operation, which meet in the middle between points. */
export function regimeRows({ points, axis }: DrawnCurves): Rows {
  const rows: { from: number; to: number; operation: string }[] = [];
  points.forEach(({ x, operation }, p) => {
    if (operation === undefined) return;
    const last = rows.at(-1);
    const before = points[p - 1];
    const isLogarithmic = axis.spacing === 'logarithmic';
    const from =
      before === undefined ? x : isLogarithmic ? Math.sqrt(before.x * x) : (before.x + x) / 2;
    if (last !== undefined && before?.operation === operation) last.to = x;
    else {
      if (last !== undefined && before?.operation !== undefined) last.to = from;
      rows.push({ from, to: x, operation });
    }
  });
  return rows;
}

export function curveDataset({ axis, names, points }: DrawnCurves): Dataset {
  const { unit, description } = fieldNotes(deviceSchema, axis.name);
  return {
    columns: [
      { name: axis.name, unit, description },
      ...names.map((name) => observableColumn(name, name)),
      observableColumn('operation', 'operation'),
    ],
    rows: points.map(({ x, operation, values }) => ({
      [axis.name]: x,
      ...Object.fromEntries(
        names.map((name, k) => [name, Number.isNaN(values[k]) ? null : values[k]]),
      ),
      operation: operation ?? null,
    })),
  };
}

/** Data sets: `rows`, `pinned` (the same of another device), `regimes`, and the device as `now`. */
export function curvePlot(
  { axis, names }: Pick<CurveRequest, 'axis' | 'names'>,
  power: number,
): TopLevelSpec {
  const x = alongParameter('x', axis, [axis.from, axis.to]);
  const record = observableRecord(names[0]);
  const ofUnit = inPowersOf(power, record.unit === '1' ? '' : record.unit);
  const what = names.length > 1 ? 'Q̇, Ẇ(Q)' : titleOf(names[0]);
  const y = quantitative('value', ofUnit === '' ? what : `${what} (${ofUnit})`, {
    axis: { tickCount: 5 },
  });
  const { color, strokeDash } = byCurve(
    'curve',
    names.map((name, k) => ({ label: titleOf(name), ...looks[k] })),
  );
  return pictureOf({
    width: 520,
    height: 260,
    layer: [
      regimeLayer({ name: 'regimes' }, x),
      zeroLine,
      {
        data: { name: 'pinned' },
        mark: { type: 'line', clip: true, color: colours.grey, strokeWidth: 1.2 },
        encoding: { x, y, detail: nominal('curve'), strokeDash },
      },
      {
        data: { name: 'rows' },
        mark: { type: 'line', clip: true },
        encoding: { x, y, stroke: color, strokeDash },
      },
      {
        data: { name: 'now' },
        mark: { type: 'rule', clip: true, strokeWidth: 1.5, color: colours.grey },
        encoding: { x },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  });
}
