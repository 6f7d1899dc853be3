/** Every point of a grid is in one chunk, and every chunk in one shard. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chunkAt,
  chunkGrid,
  chunkShapeFor,
  chunkSize,
  chunksOf,
  pointsOf,
  pointsOfShard,
  WHOLE,
} from '../../src/sweep/chunks.js';

const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/** A place in C order, by its digits in the mixed base of a shape. */
const numberOf = (place: readonly number[], shape: readonly number[]) =>
  place.reduce((number, at, d) => number * shape[d] + at, 0);

test('by hand: 5 × 4 points in chunks of 2 × 3', () => {
  const grid = chunkGrid([5, 4], [2, 3]);
  expect(grid).toMatchObject({ counts: [3, 2], count: 6 });
  expect(chunkAt(grid, 0)).toEqual({ index: 0, place: [0, 0], begin: [0, 0], shape: [2, 3] });
  expect(chunkAt(grid, 3)).toEqual({ index: 3, place: [1, 1], begin: [2, 3], shape: [2, 1] });
  expect(chunkAt(grid, 5)).toEqual({ index: 5, place: [2, 1], begin: [4, 3], shape: [1, 1] });
  expect([...pointsOf(grid, chunkAt(grid, 0))]).toEqual([0, 1, 2, 4, 5, 6]);
  expect([...pointsOf(grid, chunkAt(grid, 3))]).toEqual([11, 15]);
  expect([...chunksOf(grid, { index: 2, of: 3 })].map(({ index }) => index)).toEqual([1, 4]);
  expect(pointsOfShard(grid, { index: 2, of: 3 })).toBe(2 + 3);
  expect(pointsOfShard(grid, WHOLE)).toBe(20);
});

test('the chunks of all shards hold each point once', () => {
  fc.assert(
    fc.property(
      shapes,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (shape, sizes, of) => {
        const grid = chunkGrid(
          shape,
          shape.map((n, d) => Math.min(n, sizes[d])),
        );
        const seen: number[] = [];
        for (let index = 1; index <= of; index++) {
          let count = 0;
          for (const chunk of chunksOf(grid, { index, of })) {
            expect(numberOf(chunk.place, grid.counts)).toBe(chunk.index);
            const points = [...pointsOf(grid, chunk)];
            expect(points).toHaveLength(chunkSize(chunk));
            expect(points[0]).toBe(numberOf(chunk.begin, shape));
            expect(points).toEqual([...points].sort((a, b) => a - b));
            count += points.length;
            seen.push(...points);
          }
          expect(pointsOfShard(grid, { index, of })).toBe(count);
        }
        const all = Array.from({ length: product(shape) }, (_, point) => point);
        expect(seen.sort((a, b) => a - b)).toEqual(all);
      },
    ),
  );
});

test('the shape chosen: at most so many points, more than half of that, the last dimensions whole first', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 300 }), (shape, points) => {
      const chosen = chunkShapeFor(shape, points);
      expect(product(chosen)).toBeLessThanOrEqual(points);
      chosen.forEach((n, d) => {
        expect(n).toBeGreaterThanOrEqual(1);
        expect(n).toBeLessThanOrEqual(shape[d]);
      });
      // Whole dimensions, then one that is cut, then single places.
      const cut = chosen.findLastIndex((n, d) => n < shape[d]);
      expect(chosen.slice(0, Math.max(0, cut)).every((n) => n === 1)).toBe(true);
      if (cut < 0) return;
      const inner = product(shape.slice(cut + 1));
      // No fewer pieces would do.
      const pieces = Math.ceil(shape[cut] / chosen[cut]);
      expect(Math.ceil(shape[cut] / (pieces - 1)) * inner).toBeGreaterThan(points);
    }),
  );
});

test('shapes by hand: pieces of one size, and a fraction of a point is one', () => {
  expect(chunkShapeFor([10], 100)).toEqual([10]);
  expect(chunkShapeFor([10], 9)).toEqual([5]);
  expect(chunkShapeFor([3, 10], 20)).toEqual([2, 10]);
  expect(chunkShapeFor([3, 10], 10)).toEqual([1, 10]);
  expect(chunkShapeFor([3, 10], 7.9)).toEqual([1, 5]);
  expect(chunkShapeFor([3, 10], 0.2)).toEqual([1, 1]);
  expect(chunkShapeFor([4, 3, 10], 60)).toEqual([2, 3, 10]);
});
