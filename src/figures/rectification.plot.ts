/**
 * How Figs. 4 and 5 look: curves in χ through the plane of R and J, with arrows the way χ grows, and marks
 * where Γ_α is largest.
 */
import type { TopLevelSpec } from 'vega-lite';
import { atParameter, atShare, bearing, type Frame, toPixels } from './paths.js';
import type { FigureStyle } from './style.js';
import {
  colours,
  dashes,
  figureOf,
  nominal,
  type Parameters,
  parameterLines,
  quantitative,
  roundAbove,
} from './theme.js';

export interface RectificationData {
  readonly parameters: Parameters;
  /** Lines under the figure, besides the parameters. */
  readonly remarks: readonly string[];
  readonly axes: { readonly R: string; readonly J: string };
  readonly curves: readonly {
    readonly beta2: number;
    readonly chi: number;
    readonly R: number;
    readonly J: number;
  }[];
  readonly optima: readonly {
    readonly beta2: number;
    readonly alpha: number;
    readonly chi: number;
    readonly R: number;
    readonly J: number;
  }[];
}

const lineColours = [colours.vermilion, colours.green, colours.blue];
const lineDashes = [dashes.solid, dashes.dashed, dashes.dotted];

/** Largest Γ_α: marks that can be told apart where they lie on one another. */
const marks = { shapes: ['circle', 'square', 'diamond'], sizes: [180, 76, 30] };

/** Values of χ that are marked on the curves, and written beside the uppermost. */
const MARKED_CHIS = [0, 0.5, 0.95, 0.99, 0.995];
/** Arrows stand after these shares of a curve's length. */
const ARROWS = [0.1, 0.5, 0.92];
/** From a mark to its text, in pixels: the nearest that is free. */
const TEXT_DISTANCES = [11, 17, 23];
const AHEAD = 17;
const TEXT = { width: 24, height: 10 } as const;
/** Room enough, in parts of a text's box. */
const FREE = 0.6;
/** What a curve goes on by, in pixels, has no direction below this. */
const DIRECTED = 1e-9;

type CurvePoint = RectificationData['curves'][number];
type Path = ReturnType<typeof pathOf>;

const pathOf = (points: readonly CurvePoint[]) =>
  points.map(({ R, J, chi }) => ({ x: R, y: J, parameter: chi }));

/** How far a text's box is from the nearest point of the curves, in parts of the box; 0 where it leaves the frame. */
function roomOf(
  frame: Frame,
  at: { readonly x: number; readonly y: number },
  all: readonly Path[],
) {
  const isInside =
    Math.min(at.y, frame.height - at.y) > TEXT.height / 2 &&
    Math.min(at.x, frame.width - at.x) > TEXT.width / 2;
  if (!isInside) return 0;
  const distances = all.flat().map((point) => {
    const { x, y } = toPixels(frame, point);
    return Math.max(Math.abs(x - at.x) / TEXT.width, Math.abs(y - at.y) / TEXT.height);
  });
  return Math.min(...distances);
}

/** Texts stand beside a curve's way where they cross no curve, to its left if both sides are free, and ahead of its end. */
function textsOf(frame: Frame, points: readonly CurvePoint[], all: readonly Path[]) {
  return MARKED_CHIS.flatMap((chi) => {
    const place = atParameter(frame, pathOf(points), chi);
    if (place === null) return [];
    const { x, y } = place.direction;
    const length = Math.hypot(x, y);
    if (length < DIRECTED) return [];
    const text = chi === 0 ? 'χ = 0' : String(chi);
    const shifted = (dx: number, dy: number) => ({ R: place.x, J: place.y, text, dx, dy });
    if (chi >= points[points.length - 1].chi) {
      return [shifted((AHEAD * x) / length, (AHEAD * y) / length)];
    }
    const at = toPixels(frame, place);
    const places = TEXT_DISTANCES.flatMap((distance) =>
      [distance, -distance].map((d) => {
        const [dx, dy] = [(d * y) / length, (-d * x) / length];
        const room = roomOf(frame, { x: at.x + dx, y: at.y + dy }, all);
        return { room: Math.min(room, FREE), text: shifted(dx, dy) };
      }),
    );
    return [places.reduce((best, other) => (other.room > best.room ? other : best)).text];
  });
}

const HEIGHT = 260;

export function rectificationPlot(data: RectificationData, style: FigureStyle): TopLevelSpec {
  const { curves, optima, axes } = data;
  const labelOf = ({ beta2 }: { beta2: number }) => `β₂ = ${beta2}`;
  const labels = [...new Set(curves.map(labelOf))];
  const weightOf = ({ alpha }: { alpha: number }) => `α = ${alpha}`;
  const alphas = [...new Set(optima.map(weightOf))];
  const frame: Frame = {
    width: style.frame,
    height: HEIGHT,
    right: 1,
    top: roundAbove(1.03 * Math.max(...curves.map(({ J }) => J))),
  };
  const x = quantitative('R', axes.R, {
    scale: { domain: [0, frame.right] },
    axis: { tickCount: 6 },
  });
  const y = quantitative('J', axes.J, {
    scale: { domain: [0, frame.top] },
    axis: { tickCount: 6 },
  });
  const byLabel = labels.map((label) => curves.filter((point) => labelOf(point) === label));
  const peakOf = (points: readonly CurvePoint[]) => Math.max(...points.map(({ J }) => J));
  const uppermost = byLabel.reduce((best, points) =>
    peakOf(points) > peakOf(best) ? points : best,
  );
  const colour = nominal('label', { scale: { domain: labels, range: lineColours } });
  const onCurves = byLabel.flatMap((points, i) =>
    MARKED_CHIS.flatMap((chi) => {
      const place = atParameter(frame, pathOf(points), chi);
      return place === null ? [] : [{ R: place.x, J: place.y, label: labels[i] }];
    }),
  );
  const arrows = byLabel.flatMap((points, i) =>
    ARROWS.map((share) => {
      const place = atShare(frame, pathOf(points), share);
      return { R: place.x, J: place.y, label: labels[i], bearing: bearing(place) };
    }),
  );
  return figureOf(style, [...parameterLines(data.parameters), ...data.remarks], {
    width: frame.width,
    height: frame.height,
    layer: [
      {
        data: { values: curves.map((point) => ({ ...point, label: labelOf(point) })) },
        mark: { type: 'line' },
        encoding: {
          x,
          y,
          order: { field: 'chi', type: 'quantitative' },
          color: { ...colour, legend: { symbolType: 'stroke' } },
          strokeDash: nominal('label', { scale: { domain: labels, range: lineDashes } }),
        },
      },
      {
        data: { values: onCurves },
        mark: { type: 'point', size: 12, filled: true, opacity: 1 },
        encoding: { x, y, color: colour },
      },
      {
        data: { values: arrows },
        mark: { type: 'point', shape: 'triangle', size: 62, filled: true, opacity: 1 },
        encoding: {
          x,
          y,
          color: colour,
          angle: { field: 'bearing', type: 'quantitative', scale: null },
        },
      },
      ...textsOf(frame, uppermost, byLabel.map(pathOf)).map(({ R, J, text, dx, dy }) => ({
        data: { values: [{ R, J }] },
        mark: { type: 'text', text, dx, dy, fontSize: 7.5, color: colours.black },
        encoding: { x, y },
      })),
      ...alphas.map((weight, i) => ({
        data: {
          values: optima
            .map((point) => ({ ...point, hotBath: labelOf(point), weight: weightOf(point) }))
            .filter((point) => point.weight === weight),
        },
        mark: {
          type: 'point',
          size: marks.sizes[i % marks.sizes.length],
          opacity: 1,
          filled: false,
          strokeWidth: 1.3,
        },
        encoding: {
          x,
          y,
          stroke: { ...colour, field: 'hotBath', legend: null },
          shape: nominal('weight', {
            scale: { domain: alphas, range: marks.shapes },
            legend: {
              title: 'largest Γ_α',
              titleFontSize: 9,
              titleFontWeight: 'normal',
              symbolSize: 64,
              symbolStrokeColor: colours.black,
              symbolStrokeWidth: 1.3,
              orient: 'top-left',
              direction: 'vertical',
            },
          }),
        },
      })),
    ],
  });
}
