/** Rates at which populations pass on to one another, of which some are what rounding has left of a 0. */
import { describe, expect, test } from 'vitest';
import {
  type BlockTridiagonal,
  NonUniqueSteadyStateError,
} from '../../src/solve/conservingElimination.js';
import { isDetermined, roundingAlone } from '../../src/solve/determined.js';

type Part = 'Re' | 'Im';

/**
 * Two populations and a pair, of which one part = p₁ − p₂ brings what it is from p₁ to p₂. So p₁ passes on to p₂ at the
 * rate 1 + direct, and p₂ to p₁ at 2.
 */
const ofRate =
  (part: Part, direct: number, scale = 1) =>
  (): BlockTridiagonal => {
    const width = 4;
    const entries = new Float64Array(width * 3 * width);
    const rows =
      part === 'Im'
        ? [
            [-1, 0, 0, 0],
            [0, -1, 1, -1],
            [0, -1, 0, 1],
            [0, 1, direct, 0],
          ]
        : [
            [-1, 0, 1, -1],
            [0, -1, 0, 0],
            [-1, 0, 0, 1],
            [1, 0, direct, 0],
          ];
    rows.forEach((row, r) => {
      row.forEach((value, c) => {
        entries[(r * 3 + 1) * width + c] = scale * value;
      });
    });
    const reach = new Int32Array(width);
    return {
      sites: 1,
      width,
      paired: 2,
      centre: 0,
      entries,
      reach: { below: reach, above: reach },
    };
  };

describe.each(['Re', 'Im'] as const)(
  'a rate that is a difference of two numbers, by %s',
  (part) => {
    test.each([0, 1, -0.5, -1 + 2 ** -20, -1 + 2 ** -38])('is there at 1 + %d', (direct) => {
      expect(isDetermined(ofRate(part, direct), 0)).toBe(true);
    });

    test.each([2 ** -42, 2 ** -46, 2 ** -50, 2 ** -52])('is rounding at %d', (left) => {
      expect(isDetermined(ofRate(part, -1 + left), 0)).toBe(false);
    });

    test('is rounding where it is 0 to the last digit: p₁ is then set free, or p₂, as it happens', () => {
      expect(isDetermined(ofRate(part, -1), 0)).toBe(false);
    });

    test.each([2 ** -100, 2 ** 100])('is so in any unit of time: %d', (scale) => {
      expect(isDetermined(ofRate(part, -1 + 2 ** -38, scale), 0)).toBe(true);
      expect(isDetermined(ofRate(part, -1 + 2 ** -42, scale), 0)).toBe(false);
    });
  },
);

test('the error says that it is rounding which connects them', () => {
  expect(roundingAlone()).toBeInstanceOf(NonUniqueSteadyStateError);
  expect(roundingAlone().message).toContain('rounding alone');
});
