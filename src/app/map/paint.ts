/** A map's values as colours. */
import { type ObservableName, observableRecord } from '../../simulate/observableRecords.js';
import { OPERATIONS } from '../../thermo/operation.js';
import type { Atlas } from './atlas.js';
import { MAP_WIDTH, slotOf } from './grid.js';

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
  const known: number[] = [];
  // Every point of a coarse map, a sample of a fine one.
  const step = MAP_WIDTH * Math.max(1, Math.floor(values.length / MAP_WIDTH / 40_000));
  for (let p = k; p < values.length; p += step) if (!Number.isNaN(values[p])) known.push(values[p]);
  known.sort((a, b) => a - b);
  if (known.length === 0) return PLAIN;
  const cut = Math.floor(OUTLIERS * known.length);
  const low = known[cut];
  const high = known[known.length - 1 - cut];
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
export function shareOnScale({ low, high, logarithmic }: Scale, value: number): number {
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
const operations = OPERATIONS.map((operation) => parse(operationColours[operation]));

/** The picture of one quantity; what is not computed or has no value is clear. */
export function paint(map: Atlas, show: ObservableName, scale: Scale): ImageData {
  const { size } = map.request;
  const image = new ImageData(size, size);
  const { data } = image;
  const k = slotOf(show);
  const table = scale.diverging ? divergingTable : risingTable;
  const put = (at: number, value: number) => {
    if (Number.isNaN(value)) return;
    const c = 3 * Math.round(255 * shareOnScale(scale, value));
    const colour = show === 'operation' ? operations[value] : null;
    data[at] = colour === null ? table[c] : colour[0];
    data[at + 1] = colour === null ? table[c + 1] : colour[1];
    data[at + 2] = colour === null ? table[c + 2] : colour[2];
    data[at + 3] = 255;
  };
  for (let stride = 16; stride >= 1; stride /= 2) {
    for (let j = 0; j < size; j += stride) {
      for (let i = 0; i < size; i += stride) {
        const place = j * size + i;
        if (map.strides[place] !== stride) continue;
        const value = map.values[place * MAP_WIDTH + k];
        for (let b = j; b < Math.min(size, j + stride); b++) {
          for (let a = i; a < Math.min(size, i + stride); a++) {
            // Pictures count rows from above.
            put(4 * ((size - 1 - b) * size + a), value);
          }
        }
      }
    }
  }
  return image;
}
