import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelBars, MOST_BARS } from '../../src/app/plot/levels.js';

test('a window of any size is drawn with few bars, which hold every level that is seen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3000 }),
      fc.integer({ min: -5000, max: 0 }),
      (populations, lmin) => {
        const smallest = 1e-4 * Math.max(...populations);
        const bars = levelBars(populations, lmin, smallest);
        expect(bars.length).toBeLessThanOrEqual(MOST_BARS);
        populations.forEach((population, i) => {
          if (population < smallest || population === 0) return;
          const bar = bars.find(({ left, right }) => left < lmin + i && lmin + i < right);
          expect(bar?.population).toBeGreaterThanOrEqual(population);
        });
        for (const { l, population } of bars) expect(populations[l - lmin]).toBe(population);
      },
    ),
  );
});

test('a hundred thousand levels, three of them populated, are five bars', () => {
  const populations = new Array(100_001).fill(0);
  populations[49_999] = 0.2;
  populations[50_000] = 0.5;
  populations[50_001] = 0.3;
  expect(levelBars(populations, -50_000, 1e-5).map(({ l }) => l)).toEqual([-2, -1, 0, 1, 2]);
});
