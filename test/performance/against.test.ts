/** Two versions held against each other: what counts as slower. */
import { expect, test } from 'vitest';
import { changeLine, changes } from '../../src/performance/against.js';
import type { Row } from '../../src/performance/row.js';
import type { Study } from '../../src/performance/study.js';

const row = (solver: string, median: number | null, more: Partial<Row> = {}): Row => ({
  ...{ group: 'sweep', task: 'a point', solver, peer: false, N: 61, adapter: null },
  ...{ precision: 'f64', error: 0, oracle: 'another', tolerance: 1, bytes: null },
  ...{ operations: null, shares: [] },
  seconds:
    median === null ? null : { median, fastest: median, upperQuartile: median, repetitions: 3 },
  ...more,
});

const study = (...rows: Row[]): Study => ({
  ...{ version: '0', date: '', quick: true, ceilings: [], skipped: [], scalings: [] },
  machine: { cpu: '', cores: 2, system: '', node: '' },
  rows,
});

/** The changes of one row whose medians were these. */
const judged = (before: (number | null)[], now: (number | null)[]) =>
  changes(
    before.map((t) => study(row('ours', t))),
    now.map((t) => study(row('ours', t))),
  )[0];

test.each([
  { before: [1, 1.01], now: [1.2, 1.21], verdict: 'slower', ratio: 1.2 },
  { before: [1.2, 1.21], now: [1, 1.01], verdict: 'faster', ratio: 1 / 1.2 },
  { before: [1, 1], now: [1.05, 1.05], verdict: 'same', ratio: 1.05 },
  // A machine on which the same code differs by 1.5 does not tell 1.2.
  { before: [1, 1.5], now: [1.2, 1.2], verdict: 'same', ratio: 1.2 },
  { before: [1, 1.1], now: [1.2, 1.8], verdict: 'same', ratio: 1.2 },
])('$before → $now: $verdict', ({ before, now, verdict, ratio }) => {
  const change = judged(before, now);
  expect(change.verdict).toBe(verdict);
  expect(change.ratio).toBeCloseTo(ratio, 12);
  expect(changeLine(change)).toContain(`${ratio.toFixed(2)} times`);
});

test('an answer that became wrong weighs more than any time', () => {
  expect(judged([1, 1], [0.1, null])).toMatchObject({
    verdict: 'now wrong',
    now: null,
    ratio: null,
  });
  expect(judged([null, null], [1, 1]).verdict).toBe('now right');
  expect(judged([1, null], [null, 1]).verdict).toBe('wrong');
  expect(changeLine(judged([1e-3, 1e-3], [null, null]))).toContain('1.00 ms → wrong');
});

test('only what both versions have, of the same task, window, arithmetic and adapter; no peers', () => {
  const before = study(row('a', 1), row('b', 1, { N: 31 }), row('c', 1, { peer: true }));
  const now = study(row('new', 1), row('a', 2), row('b', 1), row('c', 9, { peer: true }));
  expect(changes([before], [now]).map(({ solver, verdict }) => [solver, verdict])).toEqual([
    ['a', 'slower'],
  ]);
});
