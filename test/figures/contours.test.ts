import { expect, test } from 'vitest';
import { contourLines } from '../../src/figures/contours.js';

const x = [0, 1, 2.5, 4, 7, 8];
const y = [1, 10, 100];
const plane = y.flatMap((b) => x.map((a) => 2 * a - 0.1 * b));

test('lines of a plane are where it has their value, on axes with any spacing', () => {
  const lines = contourLines(x, y, plane, [-3, 0, 5]);
  expect(lines.map(({ level }) => level)).toEqual([-3, 0, 5]);
  for (const { level, points } of lines) {
    expect(points.length).toBeGreaterThan(1);
    for (const point of points) expect(2 * point.x - 0.1 * point.y).toBeCloseTo(level, 10);
  }
});

test('nothing is drawn outside of the values, along the frame, or where a value is missing', () => {
  expect(contourLines(x, y, plane, [-20, 20])).toEqual([]);
  for (const { points } of contourLines(x, y, plane, [0])) {
    for (const point of points) {
      expect(point.x).toBeGreaterThanOrEqual(x[0]);
      expect(point.y).toBeLessThanOrEqual(100);
    }
  }
  const missing = plane.map((value, i) => (i === 1 ? Number.NaN : value));
  const near = contourLines(x, y, missing, [0]).flatMap(({ points }) => points);
  expect(near.every((point) => point.x >= 2.5 || point.y >= 10)).toBe(true);
});
