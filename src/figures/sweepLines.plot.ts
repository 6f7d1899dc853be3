/** Observables along one axis of a sweep. */
import type { TopLevelSpec } from 'vega-lite';
import type { FigureStyle } from './style.js';
import {
  caption,
  colours,
  dashes,
  type Parameters,
  parameterLines,
  symbolOf,
  themeOf,
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
    readonly curves: readonly {
      readonly name: string;
      readonly points: readonly { readonly x: number; readonly y: number | null }[];
    }[];
  }[];
}

const strokes = [colours.blue, colours.vermilion, colours.green, colours.black, colours.grey];
const strokeDashes = [dashes.solid, dashes.dashed, dashes.dotted, dashes.mixed, [4, 4]];

/** Curves that one panel tells apart. */
export const CURVES = strokes.length;

/** How an axis of a sweep is drawn. */
export const scaleOf = ({ isLogarithmic }: SweepAxis) =>
  isLogarithmic ? { type: 'log', nice: false } : { zero: false, nice: false };

const unitOf = (unit: string): string => unit.replace('hbar', 'ħ').replace('^2', '²');

/** An axis's quantity and unit. */
export const titleOf = ({ name, unit }: Pick<SweepAxis, 'name' | 'unit'>): string =>
  unit === '1' ? symbolOf(name) : `${symbolOf(name)}  (${unitOf(unit)})`;

/** Curves in panels, one below the other, one for each unit. */
export function sweepLinesPlot(
  { parameters, remarks, x, panels }: SweepLinesData,
  style: FigureStyle,
): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: themeOf(style),
    title: caption([...parameterLines(parameters), ...remarks], style),
    vconcat: panels.map(({ unit, curves }) => {
      const labels = curves.map(({ name }) => symbolOf(name));
      const encoding = (range: readonly unknown[]) => ({
        field: 'curve',
        type: 'nominal',
        sort: null,
        scale: { domain: labels, range: range.slice(0, labels.length) },
        legend: { symbolType: 'stroke' },
      });
      return {
        width: style.frame,
        height: 200,
        data: {
          values: curves.flatMap(({ points }, c) =>
            points.map((point) => ({ ...point, curve: labels[c] })),
          ),
        },
        mark: { type: 'line', clip: true, invalid: 'break-paths-filter-domains' },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: titleOf(x), scale: scaleOf(x) },
          y: {
            field: 'y',
            type: 'quantitative',
            title: unit === '1' ? labels.join(', ') : `${labels.join(', ')}  (${unitOf(unit)})`,
            axis: { format: '~g' },
            scale: { zero: false },
          },
          stroke: encoding(strokes),
          strokeDash: encoding(strokeDashes),
        },
      };
    }),
    resolve: { scale: { stroke: 'independent', strokeDash: 'independent' } },
    spacing: 14,
  } as TopLevelSpec;
}
