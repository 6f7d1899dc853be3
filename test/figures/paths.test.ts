import { expect, test } from 'vitest';
import { atParameter, atShare, bearing, type Frame } from '../../src/figures/paths.js';

const frame: Frame = { width: 200, height: 100, right: 1, top: 1 };
/** To the right, then as far down, in pixels. */
const corner = [
  { x: 0, y: 1, parameter: 0 },
  { x: 0.5, y: 1, parameter: 0.25 },
  { x: 0.5, y: 0, parameter: 1 },
];

test('a place by the parameter lies between the points around it', () => {
  expect(atParameter(frame, corner, 0.125)).toMatchObject({ x: 0.25, y: 1 });
  expect(atParameter(frame, corner, 0.625)).toMatchObject({ x: 0.5, y: 0.5 });
  expect(atParameter(frame, corner, -0.1)).toBeNull();
  expect(atParameter(frame, corner, 1)).toMatchObject({ x: 0.5, y: 0 });
});

test('a share of the length is of that in pixels, and has a direction', () => {
  const first = atShare(frame, corner, 0.25);
  expect(first).toMatchObject({ x: 0.25, y: 1 });
  expect(bearing(first)).toBeCloseTo(90, 12);
  const second = atShare(frame, corner, 0.75);
  expect(second.x).toBe(0.5);
  expect(bearing(second)).toBeCloseTo(180, 12);
});
