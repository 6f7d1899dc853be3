import { describe, expect, test } from 'vitest';
import { learntRate } from '../../../src/backend/webgpu/recorder.js';

describe('the rate of a device', () => {
  test('is not learnt from a few numbers that are slow to come back', () => {
    expect(learntRate(1e9, 8e3, 0.008)).toBe(1e9);
    expect(learntRate(1e9, 8e3, 1)).toBe(1e9);
    expect(learntRate(1e9, 0, 1)).toBe(1e9);
  });

  test('is learnt from traffic beside which the way there and back is short, either way', () => {
    expect(learntRate(1e9, 1e8, 1)).toBe(1e8);
    expect(learntRate(1e9, 1e8, 0.02)).toBe(5e9);
  });

  test('rises by what was certainly reached, however short the time', () => {
    expect(learntRate(1e6, 1e6, 0.0001)).toBe(2e8);
    expect(learntRate(1e6, 1e6, 0)).toBe(2e8);
  });

  test('that a pause has made too low comes back with the next traffic, in any portions', () => {
    for (const traffic of [1e5, 1e7, 1e9]) {
      const low = learntRate(1e9, 1e7, 5);
      expect(low).toBe(2e6);
      // A device of 1 GB/s that is half a millisecond away.
      expect(learntRate(low, traffic, traffic / 1e9 + 0.0005)).toBeGreaterThanOrEqual(2e7 - 1e-3);
    }
  });
});
