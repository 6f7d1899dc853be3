import { describe, expect, test } from 'vitest';
import { boundary, localMaxima } from '../../src/figures/search.js';

describe('boundary', () => {
  test('finds where a condition changes, to the last bits', () => {
    expect(boundary((x) => x * x > 2, 0, 5)).toBeCloseTo(Math.SQRT2, 15);
    expect(boundary((x) => x * x <= 2, 0, 5)).toBeCloseTo(Math.SQRT2, 15);
  });

  test('refuses a condition that does not change', () => {
    expect(() => boundary((x) => x > 2, 3, 5)).toThrow('nothing changes between 3 and 5');
  });
});

test('localMaxima are inner points above both neighbours', () => {
  expect(localMaxima([3, 1, 2, 1, 4])).toEqual([2]);
  expect(localMaxima([1, 2, 2, 1])).toEqual([1]);
  expect(localMaxima([1, 2, 3])).toEqual([]);
});
