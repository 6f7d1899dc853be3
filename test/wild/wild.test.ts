/** A few devices from all over what parameters may be; `npm run test:wild` takes a thousand. */
import { expect, test } from 'vitest';
import { compare } from './comparison.js';
import { wildDevices } from './devices.js';
import { wrongWithoutMark } from './table.js';

const faults = (model: 'local' | 'global') =>
  wrongWithoutMark(wildDevices(model, 24, 20240214).map(compare));

test('wild devices of the local model are right or marked', () => {
  expect(faults('local')).toEqual([]);
});

test('wild devices of the global model are right or marked', () => {
  expect(faults('global')).toEqual([]);
});
