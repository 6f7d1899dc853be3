/** Lines on maps, and parts of their axes. */
import { expect, test } from 'vitest';
import type { Atlas } from '../../src/app/map/atlas.js';
import { type Axis, MAP_WIDTH, slotOf } from '../../src/app/map/grid.js';
import { levelsOf, mapLines } from '../../src/app/map/lines.js';
import { onAxis, panned, partOf, zoomed } from '../../src/app/map/zoom.js';

const linear = { diverging: false, logarithmic: false };

/** A map of a quantity that rises from left to right, an engine below a quarter of its height. */
function mapOf(size: number, isThere: (i: number, j: number) => boolean): Atlas {
  const values = new Float64Array(size * size * MAP_WIDTH).fill(Number.NaN);
  const strides = new Uint8Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      if (!isThere(i, j)) continue;
      const place = j * size + i;
      strides[place] = 1;
      values[place * MAP_WIDTH + slotOf('operation')] = (j + 0.5) / size < 0.25 ? 0 : 1;
      values[place * MAP_WIDTH + slotOf('rotor.Lz')] = (i + 0.5) / size;
    }
  }
  return { request: { size } as Atlas['request'], values, strides };
}

const numbersOf = (path: string) =>
  path
    .split(/[ML]/)
    .filter((text) => text !== '')
    .map((text) => text.split(',').map(Number));

test.each([64, 400])('borders and lines of a map of %i are where values change', (size) => {
  const lines = mapLines(
    mapOf(size, () => true),
    'rotor.Lz',
    { low: 0, high: 1, ...linear },
  );
  if (lines === null) throw new Error('no lines');
  const borders = numbersOf(lines.borders);
  expect(borders.length).toBeGreaterThan(20);
  // A quarter from below is three from above.
  for (const [, down] of borders) expect(Math.abs(down - 0.75)).toBeLessThan(2 / 64);
  const levels = new Set(numbersOf(lines.levels).map(([across]) => across.toFixed(2)));
  expect([...levels].sort()).toEqual(['0.20', '0.40', '0.60', '0.80']);
});

test('lines are of the finest grid that is whole, and of none before', () => {
  expect(
    mapLines(
      mapOf(64, () => false),
      'operation',
      { low: 0, high: 1, ...linear },
    ),
  ).toBe(null);
  const coarse = mapOf(64, (i, j) => i % 8 === 0 && j % 8 === 0);
  const lines = mapLines(coarse, 'operation', { low: 0, high: 1, ...linear });
  expect(numbersOf(lines?.borders ?? '').length).toBeGreaterThan(4);
  expect(lines?.levels).toBe('');
});

test('levels are round, within the scale, and decades where that is logarithmic', () => {
  expect(levelsOf({ low: -3, high: 3, diverging: true, logarithmic: false })).toEqual([
    -2, -1, 0, 1, 2,
  ]);
  expect(levelsOf({ low: 3, high: 4e4, diverging: false, logarithmic: true })).toEqual([
    10, 100, 1000, 10000,
  ]);
  expect(levelsOf({ low: 1, high: 1, ...linear })).toEqual([]);
});

const axis: Axis = { name: 'beta2', from: 0.02, to: 0.1, spacing: 'linear' };
const positive = (value: number) => value > 0;

test('zoom and pan keep what is under the pointer, and no end leaves what is allowed', () => {
  const near = partOf(axis, zoomed(0.25, 0.5), positive);
  expect(near).toEqual({ from: 0.03, to: 0.07 });
  // The same value at the same share.
  expect(0.03 + 0.25 * 0.04).toBeCloseTo(0.02 + 0.25 * 0.08, 12);
  expect(partOf(axis, zoomed(0.5, 4), positive)).toEqual({ from: 0.02, to: 0.22 });
  expect(partOf(axis, panned(0.1), positive)).toEqual({ from: 0.012, to: 0.092 });
  expect(partOf(axis, [0.5, 0.5], positive)).toBe(null);
  const decades: Axis = { name: 'gamma', from: 1e-6, to: 1e-2, spacing: 'logarithmic' };
  expect(partOf(decades, [0.25, 0.75], positive)).toEqual({ from: 1e-5, to: 1e-3 });
});

test('the middle of the first cell is the beginning of the axis', () => {
  expect(onAxis(0.5 / 33, 33)).toBeCloseTo(0, 12);
  expect(onAxis(32.5 / 33, 33)).toBeCloseTo(1, 12);
});
