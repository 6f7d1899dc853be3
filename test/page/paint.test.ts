/** A map's values as pixels, without a browser. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Atlas } from '../../src/app/map/atlas.js';
import { MAP_WIDTH, slotOf } from '../../src/app/map/grid.js';
import { operationColours, paint, risingTable, scaleOf } from '../../src/app/map/paint.js';
import { OPERATIONS } from '../../src/thermo/operation.js';

/** What a browser has. */
class Picture {
  readonly data: Uint8ClampedArray;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
}
beforeAll(() => {
  vi.stubGlobal('ImageData', Picture);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const SIZE = 33;

interface Point {
  readonly stride: number;
  readonly value: number;
}

function mapOf(name: 'operation' | 'rotor.Lz2', pointAt: (i: number, j: number) => Point | null) {
  const values = new Float64Array(SIZE * SIZE * MAP_WIDTH).fill(Number.NaN);
  const strides = new Uint8Array(SIZE * SIZE);
  for (let place = 0; place < SIZE * SIZE; place++) {
    const point = pointAt(place % SIZE, Math.floor(place / SIZE));
    if (point === null) continue;
    strides[place] = point.stride;
    values[place * MAP_WIDTH + slotOf(name)] = point.value;
  }
  return { request: { size: SIZE } as Atlas['request'], values, strides };
}

/** Red, green, blue and opacity at column i and row j, rows counted from below. */
const at = ({ data }: ImageData, i: number, j: number): number[] => [
  ...data.subarray(4 * ((SIZE - 1 - j) * SIZE + i)).subarray(0, 4),
];

const hexOf = (pixel: readonly number[]): string =>
  `#${pixel
    .slice(0, 3)
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`;

test('a coarse point stands for its square, finer ones over it, and nothing for one without a value', () => {
  const isCoarse = (i: number, j: number) => i % 16 === 0 && j % 16 === 0;
  const map = mapOf('operation', (i, j) => {
    if (isCoarse(i, j)) return { stride: 16, value: 0 };
    if (i === 5 && j === 7) return { stride: 1, value: 1 };
    return i === 6 && j === 7 ? { stride: 1, value: Number.NaN } : null;
  });
  const image = paint(map, 'operation', scaleOf(map, 'operation'));
  for (let j = 0; j < SIZE; j++) {
    for (let i = 0; i < SIZE; i++) {
      const pixel = at(image, i, j);
      if (i === 6 && j === 7) expect(pixel[3]).toBe(0);
      else {
        expect(pixel[3]).toBe(255);
        expect(hexOf(pixel)).toBe(operationColours[OPERATIONS[i === 5 && j === 7 ? 1 : 0]]);
      }
    }
  }
});

test('colours rise with the values, from one end of the scale to the other', () => {
  const map = mapOf('rotor.Lz2', (i) => ({ stride: 1, value: i }));
  const scale = { low: 0, high: SIZE - 1, diverging: false, logarithmic: false };
  const image = paint(map, 'rotor.Lz2', scale);
  for (const i of [0, 8, 16, 24, SIZE - 1]) {
    const share = Math.round((255 * i) / (SIZE - 1));
    expect(at(image, i, 3).slice(0, 3)).toEqual([
      ...risingTable.subarray(3 * share, 3 * share + 3),
    ]);
  }
});

test('a scale leaves out a hundredth at each end, and points without a value', () => {
  const map = mapOf('rotor.Lz2', (i, j) => ({
    stride: 1,
    value: j === 0 ? Number.NaN : i === 0 && j === 1 ? 1e9 : 100 + i,
  }));
  expect(scaleOf(map, 'rotor.Lz2')).toMatchObject({ low: 0, high: 100 + SIZE - 1 });
});
