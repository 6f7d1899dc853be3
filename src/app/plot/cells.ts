/** Numbers on a grid as a picture behind axes: a cell of one colour for each, with sharp edges. */
import type { TopLevelSpec } from 'vega-lite';
import { pictureOf, quantitative } from '../../figures/theme.js';

export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Red, green and blue of each of 256 shares. */
  readonly table: Uint8ClampedArray;
  /** The share, from 0 to 1, of a cell; rows count from below. */
  readonly share: (column: number, row: number) => number;
}

interface Axis {
  readonly field: string;
  readonly title: string;
  readonly domain: [number, number];
  readonly scale?: object;
  readonly axis?: object;
}

/** Pixels along a side, at least: whatever draws the picture smooths the edges of its pixels. */
const PIXELS = 1000;

/** A canvas of so many pixels, and what draws on it. */
export function canvasOf(
  width: number,
  height: number,
): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  return [canvas, context];
}

function picture({ columns, rows, table, share }: Cells): string {
  const [cells, context] = canvasOf(columns, rows);
  const image = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = 3 * Math.round(255 * Math.min(1, Math.max(0, share(column, row))));
      const at = 4 * ((rows - 1 - row) * columns + column);
      image.data.set(table.subarray(from, from + 3), at);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  const [wider, higher] = [Math.ceil(PIXELS / columns), Math.ceil(PIXELS / rows)];
  const [sharp, large] = canvasOf(wider * columns, higher * rows);
  large.imageSmoothingEnabled = false;
  large.drawImage(cells, 0, 0, sharp.width, sharp.height);
  return sharp.toDataURL('image/png');
}

export const position = ({ field, title, domain, scale = {}, axis }: Axis) =>
  quantitative(field, title, {
    scale: { domain, nice: false, ...scale },
    ...(axis === undefined ? {} : { axis }),
  });

/** The axis of a rotor's levels, each in the middle of its row. @param lmin, lmax the first and the last of them */
export const levelAxis = (lmin: number, lmax: number): Axis => ({
  field: 'l',
  title: 'angular momentum l (ħ)',
  domain: [lmin - 0.5, lmax + 0.5],
  scale: { zero: false },
  axis: { tickCount: 6, tickMinStep: 1 },
});

/** @param size of the panel, where nothing else says it */
export const cellPlot = (
  cells: Cells,
  x: Axis,
  y: Axis,
  size: { readonly width: number; readonly height: number },
): TopLevelSpec =>
  pictureOf({
    ...size,
    layer: [
      {
        data: { values: [{ picture: picture(cells) }] },
        mark: {
          type: 'image',
          width: { expr: 'width' },
          height: { expr: 'height' },
          aspect: false,
        },
        encoding: {
          x: { value: { expr: 'width / 2' } },
          y: { value: { expr: 'height / 2' } },
          url: { field: 'picture', type: 'nominal' },
        },
      },
      {
        data: { values: [{ [x.field]: x.domain[0], [y.field]: y.domain[0] }] },
        mark: { type: 'point', opacity: 0 },
        encoding: { x: position(x), y: position(y) },
      },
    ],
  });
