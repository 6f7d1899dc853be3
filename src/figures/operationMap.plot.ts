/** What a device does over two axes of a sweep, with lines of equal power. */
import type { TopLevelSpec } from 'vega-lite';
import type { ContourLine } from './contours.js';
import { type SweepAxis, scaleOf } from './sweepLines.plot.js';
import {
  caption,
  colours,
  operationColours,
  type Parameters,
  parameterLines,
  plainNumber,
  symbolOf,
  theme,
} from './theme.js';

export interface OperationMapData {
  readonly parameters: Parameters;
  readonly remarks: readonly string[];
  readonly x: SweepAxis & { readonly domain: readonly [number, number] };
  readonly y: SweepAxis & { readonly domain: readonly [number, number] };
  /** Rectangles of one operation. */
  readonly regions: readonly {
    readonly operation: string;
    readonly x: number;
    readonly x2: number;
    readonly y: number;
    readonly y2: number;
  }[];
  /** Of the variable with the given name. */
  readonly contours: { readonly of: string; readonly lines: readonly ContourLine[] };
}

/** A line's label goes to its middle, where the line is long enough to carry one. */
const LABELLED_POINTS = 12;

/** How the lines at negative levels, at 0 and at positive levels are drawn. */
const strokes = [
  { has: (level: number) => level < 0, dash: [5, 3], width: 0.9 },
  { has: (level: number) => level === 0, dash: [1, 0], width: 1.8 },
  { has: (level: number) => level > 0, dash: [1, 0], width: 0.9 },
];

export function operationMapPlot(data: OperationMapData): TopLevelSpec {
  const { parameters, remarks, x, y, regions, contours } = data;
  const channel = (axis: typeof x, field: string) => ({
    field,
    type: 'quantitative',
    title: symbolOf(axis.name),
    scale: { ...scaleOf(axis), domain: [...axis.domain] },
  });
  const shown = Object.keys(operationColours).filter((name) =>
    regions.some(({ operation }) => operation === name),
  );
  const labels = contours.lines
    .filter(({ points }) => points.length >= LABELLED_POINTS)
    .map(({ level, points }) => ({
      ...points[Math.floor(points.length / 2)],
      text: plainNumber(Number(level.toPrecision(3))),
    }));
  const lineLayers = strokes.map(({ has, dash, width }) => ({
    data: {
      values: contours.lines.flatMap(({ level, points }, line) =>
        has(level) ? points.map((point, order) => ({ ...point, line, order })) : [],
      ),
    },
    mark: { type: 'line', clip: true, color: colours.black, strokeDash: dash, strokeWidth: width },
    encoding: {
      x: channel(x, 'x'),
      y: channel(y, 'y'),
      detail: { field: 'line' },
      order: { field: 'order' },
    },
  }));
  // Under each label its own shape in white.
  const labelLayers = [3, 0].map((halo) => ({
    data: { values: labels },
    mark: {
      type: 'text',
      fontSize: 7.5,
      clip: true,
      color: halo > 0 ? 'white' : colours.black,
      ...(halo > 0 ? { stroke: 'white', strokeWidth: halo, strokeJoin: 'round' } : {}),
    },
    encoding: { x: channel(x, 'x'), y: channel(y, 'y'), text: { field: 'text' } },
  }));
  const operations = {
    field: 'operation',
    type: 'nominal',
    scale: { domain: shown, range: shown.map((name) => operationColours[name]) },
    legend: { symbolType: 'square', symbolStrokeWidth: 0 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: caption([
      ...parameterLines(parameters),
      ...(contours.lines.length === 0
        ? []
        : [`lines: ${symbolOf(contours.of)}, dashed where negative, heavy at 0`]),
      ...remarks,
    ]),
    width: 380,
    height: 300,
    layer: [
      {
        data: { values: regions },
        mark: { type: 'rect', opacity: 1, clip: true, strokeWidth: 0.6 },
        encoding: {
          x: channel(x, 'x'),
          x2: { field: 'x2' },
          y: channel(y, 'y'),
          y2: { field: 'y2' },
          fill: operations,
          // Closes the seams that rounding leaves between rows.
          stroke: operations,
        },
      },
      ...lineLayers,
      ...labelLayers,
    ],
  } as TopLevelSpec;
}
