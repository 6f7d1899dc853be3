import { expect, test } from 'vitest';
import { timesOf } from '../../src/app/views/evolution/evolutionPlots.js';

test('a logarithmic axis is not asked to show t = 0', () => {
  const all = [{ t: 0 }, { t: 1 }, { t: 10 }];
  expect(timesOf(all, 'logarithmic')).toEqual([{ t: 1 }, { t: 10 }]);
  expect(timesOf(all, 'linear')).toEqual(all);
});
