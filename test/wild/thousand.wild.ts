/**
 * A thousand devices, new ones every time, against many digits: prints the worst error of each observable. QMILL_SEED
 * repeats a run.
 */
import { expect, test } from 'vitest';
import { compare } from './comparison.js';
import { wildDevices } from './devices.js';
import { tableOf, wrongWithoutMark } from './table.js';

const DEVICES = 500;
const seed = Number(process.env.QMILL_SEED ?? Date.now() % 2 ** 31);

test.each(['local', 'global'] as const)('%s', (model) => {
  const comparisons = wildDevices(model, DEVICES, seed).map(compare);
  console.log(`${model} model, QMILL_SEED=${seed}, ${tableOf(comparisons)}`);
  expect(wrongWithoutMark(comparisons)).toEqual([]);
});
