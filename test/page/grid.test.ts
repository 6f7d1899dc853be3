import { describe, expect, test } from 'vitest';
import { type Axis, along, spanned } from '../../src/app/map/grid.js';

describe('a map draws each point as a cell with the point in its middle', () => {
  const axes: readonly Axis[] = [
    { name: 'beta2', from: 0.005, to: 0.1, spacing: 'linear' },
    { name: 'gamma', from: 1e-6, to: 1e-2, spacing: 'logarithmic' },
  ];
  test.each(axes)('on a $spacing axis', (axis) => {
    for (const size of [16, 33, 400]) {
      const [from, to] = spanned(axis, size);
      const drawn = { ...axis, from, to };
      for (const i of [0, 5, size - 1]) {
        const point = along(axis, i / (size - 1));
        expect(Math.abs(along(drawn, (i + 0.5) / size) / point - 1)).toBeLessThan(1e-9);
      }
    }
  });
});
