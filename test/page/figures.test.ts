import { expect, test } from 'vitest';
import { FIGURE_GROUPS } from '../../src/app/content/figures.js';
import { figureGroups } from '../../src/figures/catalogue.js';

test('the page lists the figures that are computed, with their points', () => {
  expect(FIGURE_GROUPS).toEqual(figureGroups.map(({ names, points }) => ({ names, points })));
});
