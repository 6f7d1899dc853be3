/** Observables along one axis of a sweep. */
import type { TopLevelSpec } from 'vega-lite';
import type { FigureStyle } from './style.js';
import {
  colours,
  dashes,
  figureOf,
  nominal,
  type Parameters,
  parameterLines,
  quantitative,
  readableLabels,
  symbolOf,
} from './theme.js';

export interface SweepAxis {
  readonly name: string;
  /** `1` for pure numbers. */
  readonly unit: string;
  readonly isLogarithmic: boolean;
}

export interface SweepLinesData {
  readonly parameters: Parameters;
  readonly remarks: readonly string[];
  readonly x: SweepAxis;
  /** Curves of one unit; a panel each. */
  readonly panels: readonly {
    readonly unit: string;
    /** Of the vertical axis; by default the curves' names and unit. */
    readonly title?: string;
    readonly curves: readonly {
      readonly name: string;
      readonly points: readonly {
        readonly x: number;
        readonly y: number | null;
        /** Half the height of a band around the curve. */
        readonly error?: number;
      }[];
    }[];
  }[];
}

const strokes = [colours.blue, colours.vermilion, colours.green, colours.black, colours.grey];
const strokeDashes = [dashes.solid, dashes.dashed, dashes.dotted, dashes.mixed, [4, 4]];

/** Curves that one panel tells apart. */
export const CURVES = strokes.length;

/** Curves in as many panels as they need. */
export const inPanels = <Curve>(curves: readonly Curve[]): (readonly Curve[])[] =>
  Array.from({ length: Math.ceil(curves.length / CURVES) }, (_, k) =>
    curves.slice(k * CURVES, (k + 1) * CURVES),
  );

/** How an axis of a sweep is drawn. */
export const scaleOf = ({ isLogarithmic }: SweepAxis) =>
  isLogarithmic ? { type: 'log', nice: false } : { zero: false, nice: false };

const unitOf = (unit: string): string => unit.replace('hbar', 'ħ').replace('^2', '²');

/** An axis's quantity and unit. */
export const titleOf = ({ name, unit }: Pick<SweepAxis, 'name' | 'unit'>): string =>
  titleWith(symbolOf(name), unit);

/** A quantity with its unit, if it has one. */
export const titleWith = (quantity: string, unit: string): string =>
  unit === '1' || unit === '' ? quantity : `${quantity}  (${unitOf(unit)})`;

/** Curves in panels, one below the other, one for each unit. */
export function sweepLinesPlot(
  { parameters, remarks, x, panels }: SweepLinesData,
  style: FigureStyle,
): TopLevelSpec {
  return figureOf(style, [...parameterLines(parameters), ...remarks], {
    vconcat: panels.map(({ unit, title: axisTitle, curves }) => {
      const labels = curves.map(({ name }) => symbolOf(name));
      const encoding = (range: readonly unknown[]) =>
        nominal('curve', {
          scale: { domain: labels, range: range.slice(0, labels.length) },
          // Long names are put into rows.
          legend: { symbolType: 'stroke', ...(axisTitle === undefined ? {} : { columns: 3 }) },
        });
      return {
        width: style.frame,
        height: 200,
        data: {
          values: curves.flatMap(({ points }, c) =>
            points.map(({ error, ...point }) => ({
              ...point,
              ...(error === undefined || point.y === null
                ? {}
                : { low: point.y - error, high: point.y + error }),
              curve: labels[c],
            })),
          ),
        },
        encoding: {
          x: quantitative('x', titleOf(x), { scale: scaleOf(x), axis: readableLabels }),
        },
        layer: [
          ...curves.flatMap(({ points }, c) =>
            points.every(({ error }) => error === undefined)
              ? []
              : [
                  {
                    transform: [{ filter: { field: 'curve', equal: labels[c] } }],
                    mark: { type: 'area', clip: true, opacity: 0.2, color: strokes[c] },
                    encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
                  },
                ],
          ),
          {
            mark: { type: 'line', clip: true, invalid: 'break-paths-filter-domains' },
            encoding: {
              y: quantitative('y', axisTitle ?? titleWith(labels.join(', '), unit), {
                axis: readableLabels,
                scale: { zero: false },
              }),
              stroke: encoding(strokes),
              strokeDash: encoding(strokeDashes),
            },
          },
        ],
      };
    }),
    resolve: { scale: { stroke: 'independent', strokeDash: 'independent' } },
    spacing: 14,
  });
}
