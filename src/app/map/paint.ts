/** A map's values as colours. */
import { type ObservableName, observableRecord } from '../../simulate/observableRecords.js';
import { OPERATIONS } from '../../thermo/operation.js';
import type { Atlas } from './atlas.js';
import { COARSEST, MAP_WIDTH, slotOf } from './grid.js';

/** Told apart in grey as well, each lighter than the one before, and with every colour blindness. */
export const operationColours = {
  engine: '#124e86',
  refrigerator: '#2a9d7c',
  accelerator: '#f4b266',
  other: '#eceff1',
} as const;

/** Of each quantity: what it spans, and whether its sign is what matters. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly diverging: boolean;
  /** Of what is positive and spans decades. */
  readonly logarithmic: boolean;
}

const PLAIN: Scale = { low: 0, high: 1, diverging: false, logarithmic: false };
/** What spans more than this is told apart by its decades. */
const DECADES = 300;

/** A hundredth at each end is left out, lest one point's pole take all the colours. */
const OUTLIERS = 0.01;

export function scaleOf(map: Atlas | null, show: ObservableName): Scale {
  if (map === null || show === 'operation') return PLAIN;
  const { values } = map;
  const k = slotOf(show);
  // Every point of a coarse map, a sample of a fine one.
  const step = MAP_WIDTH * Math.max(1, Math.floor(values.length / MAP_WIDTH / 40_000));
  const known = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let p = k; p < values.length; p += step)
    if (!Number.isNaN(values[p])) known[count++] = values[p];
  // Arrays of numbers alone are sorted several times as fast.
  const sorted = known.subarray(0, count).sort();
  if (count === 0) return PLAIN;
  const cut = Math.floor(OUTLIERS * count);
  const low = sorted[cut];
  const high = sorted[count - 1 - cut];
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  // Where its record does not say which, its values do.
  const kind = observableRecord(show).map ?? (low < 0 ? 'diverging' : 'rising');
  if (kind === 'diverging') return { low: -most, high: most, diverging: true, logarithmic: false };
  if (low > 0 && high / low > DECADES) {
    return { low, high, diverging: false, logarithmic: true };
  }
  return { low: Math.min(0, low), high, diverging: false, logarithmic: false };
}

/** Where a value is between the ends of its scale, as a share. */
function shareOnScale({ low, high, logarithmic }: Scale, value: number): number {
  const share = logarithmic
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low || 1);
  return Math.min(1, Math.max(0, share));
}

type Colour = readonly [number, number, number];

const parse = (hex: string): Colour => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/** Dark to light in each half, so that the sign is told by the hue and the size by the lightness. */
export const divergingColours = ['#08519c', '#6baed6', '#f7f7f7', '#fd8d3c', '#a63603'];
export const risingColours = ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'];

function ramp(stops: readonly string[]): Uint8ClampedArray {
  const parsed = stops.map(parse);
  const table = new Uint8ClampedArray(3 * 256);
  for (let c = 0; c < 256; c++) {
    const at = (c / 255) * (parsed.length - 1);
    const i = Math.min(parsed.length - 2, Math.floor(at));
    for (let rgb = 0; rgb < 3; rgb++) {
      table[3 * c + rgb] = parsed[i][rgb] + (at - i) * (parsed[i + 1][rgb] - parsed[i][rgb]);
    }
  }
  return table;
}

/** Red, green and blue of each of 256 shares of what rises. */
export const risingTable = ramp(risingColours);
/** The same of what has either sign. */
export const divergingTable = ramp(divergingColours);

/** Red, green and blue of colours as pixels that cover what is behind them, each one number. */
function pixels(table: Uint8ClampedArray): Uint32Array {
  const bytes = new Uint8ClampedArray((4 / 3) * table.length).fill(255);
  for (let c = 0; 3 * c < table.length; c++) bytes.set(table.subarray(3 * c, 3 * c + 3), 4 * c);
  return new Uint32Array(bytes.buffer);
}

const risingPixels = pixels(risingTable);
const divergingPixels = pixels(divergingTable);
const operationPixels = pixels(
  Uint8ClampedArray.from(OPERATIONS.flatMap((operation) => parse(operationColours[operation]))),
);

const CLEAR = 0;

/** Fills the part of a square that is on a picture of `size` rows, its first one at the top. */
function square(
  to: Uint32Array,
  size: number,
  top: number,
  left: number,
  side: number,
  of: number,
) {
  const right = Math.min(size, left + side);
  const bottom = Math.min(size, top + side);
  for (let row = Math.max(0, top); row < bottom; row++) {
    to.fill(of, row * size + left, row * size + right);
  }
}

/** The picture of one quantity; what is not computed or has no value is clear. */
export function paint(map: Atlas, show: ObservableName, scale: Scale): ImageData {
  const { request, strides, values } = map;
  const { size } = request;
  const image = new ImageData(size, size);
  const to = new Uint32Array(image.data.buffer);
  const slot = slotOf(show);
  const table = scale.diverging ? divergingPixels : risingPixels;
  const colour = (value: number): number => {
    if (Number.isNaN(value)) return CLEAR;
    if (show === 'operation') return operationPixels[value];
    return table[Math.round(255 * shareOnScale(scale, value))];
  };
  const put = (place: number, stride: number): void => {
    const value = values[place * MAP_WIDTH + slot];
    const of = colour(value);
    const left = place % size;
    // Pictures count rows from above.
    const row = size - 1 - (place - left) / size;
    if (stride === 1) to[row * size + left] = of;
    else square(to, size, row - stride + 1, left, stride, of);
  };
  // Fine points lie on the squares of coarse ones.
  for (let stride = COARSEST; stride >= 1; stride /= 2) {
    for (let place = 0; place < strides.length; place++) {
      if (strides[place] === stride) put(place, stride);
    }
  }
  return image;
}
