/** What a device does over two axes of a sweep, with lines of equal power. */
import type { TopLevelSpec } from 'vega-lite';
import type { ContourLine } from './contours.js';
import type { FigureStyle } from './style.js';
import { type SweepAxis, scaleOf, titleOf } from './sweepLines.plot.js';
import {
  colours,
  figureOf,
  operationColours,
  type Parameters,
  parameterLines,
  plainNumber,
  quantitative,
  readableLabels,
  symbolOf,
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
  readonly contours: {
    readonly of: string;
    readonly unit: string;
    readonly lines: readonly ContourLine[];
  };
}

const HEIGHT = 300;

/** A label takes so much room, in pixels. */
const LABEL = { width: 46, height: 11 } as const;

/** Where a value is along an axis, as a share of its length. */
function shareOf({ isLogarithmic, domain: [from, to] }: OperationMapData['x'], value: number) {
  const on = (v: number) => (isLogarithmic ? Math.log(v) : v);
  return (on(value) - on(from)) / (on(to) - on(from));
}

/** Each line's label: as near to its middle as leaves the others and the frame alone; none if nowhere. */
function labelsOf({ x, y, contours }: OperationMapData, width: number) {
  const taken: { across: number; up: number }[] = [];
  return contours.lines.flatMap(({ level, points }) => {
    const middle = (points.length - 1) / 2;
    const fromMiddle = points
      .map((point, i) => ({ point, distance: Math.abs(i - middle) }))
      .sort((a, b) => a.distance - b.distance);
    for (const { point } of fromMiddle) {
      const across = width * shareOf(x, point.x);
      const up = HEIGHT * shareOf(y, point.y);
      const isInside =
        Math.min(across, width - across) > LABEL.width / 2 &&
        Math.min(up, HEIGHT - up) > LABEL.height;
      const isFree = taken.every(
        (other) =>
          Math.abs(other.across - across) > LABEL.width || Math.abs(other.up - up) > LABEL.height,
      );
      if (!isInside || !isFree) continue;
      taken.push({ across, up });
      const size = plainNumber(Number(Math.abs(level).toPrecision(3)));
      return [{ ...point, text: `${level < 0 ? '−' : ''}${size}` }];
    }
    return [];
  });
}

/** Ticks of a logarithmic axis: 1, 2 and 5 in each power of ten. */
function ticksOf([from, to]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((tick) => tick >= from && tick <= to);
}

/** How the lines at negative levels, at 0 and at positive levels are drawn. */
const strokes = [
  { has: (level: number) => level < 0, dash: [5, 3], width: 0.9 },
  { has: (level: number) => level === 0, dash: [1, 0], width: 1.8 },
  { has: (level: number) => level > 0, dash: [1, 0], width: 0.9 },
];

export function operationMapPlot(data: OperationMapData, style: FigureStyle): TopLevelSpec {
  const { parameters, remarks, x, y, regions, contours } = data;
  const channel = (axis: typeof x, field: string) =>
    quantitative(field, titleOf(axis), {
      scale: { ...scaleOf(axis), domain: [...axis.domain] },
      axis: axis.isLogarithmic
        ? { values: ticksOf(axis.domain), ...readableLabels, labelOverlap: 'greedy' }
        : readableLabels,
    });
  const shown = Object.keys(operationColours).filter((name) =>
    regions.some(({ operation }) => operation === name),
  );
  const labels = labelsOf(data, style.frame);
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
  /** What the lines are of, along the right side of the frame. */
  const linesTitle = {
    data: { values: [{}] },
    mark: {
      type: 'text',
      text: `lines: ${titleOf({ name: contours.of, unit: contours.unit })}`,
      x: style.frame + 12,
      y: HEIGHT / 2,
      angle: 90,
      align: 'center',
      baseline: 'middle',
      fontSize: 9,
    },
  };
  const operations = {
    field: 'operation',
    type: 'nominal',
    scale: { domain: shown, range: shown.map((name) => operationColours[name]) },
    legend: { symbolType: 'square', symbolStrokeWidth: 0 },
  };
  const text = [
    ...parameterLines(parameters),
    ...(contours.lines.length === 0
      ? []
      : [`lines: ${symbolOf(contours.of)}, dashed where negative, heavy at 0`]),
    ...remarks,
  ];
  return figureOf(style, text, {
    width: style.frame,
    height: HEIGHT,
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
      ...(contours.lines.length === 0 ? [] : [linesTitle]),
      ...lineLayers,
      ...labelLayers,
    ],
  });
}
