/** Several peers are asked the same; one without an answer takes none from the others. */
import { expect, test } from 'vitest';
import { deviceParameters } from '../../src/model/parameters.js';
import { peerRow } from '../../src/performance/groups/peerRow.js';
import { timingOf } from '../../src/performance/measure.js';
import { PeerError } from '../../src/performance/peers.js';
import type { Row } from '../../src/performance/row.js';

test('a row for each answer, a word for each that has none, no time for a wrong one', () => {
  const [rows, skipped]: [Row[], string[]] = [[], []];
  const timing = timingOf([2, 4, 6]);
  peerRow(
    {
      quick: true,
      effort: { seconds: 0, repetitions: 1 },
      peers: {
        missing: null,
        absent: [],
        ask: () => [
          { name: 'QuTiP 4', timing, values: [1, 2] },
          new PeerError('out of memory'),
          { name: 'QuTiP 5', timing, values: [1, 3] },
        ],
      },
      onRow: (row) => rows.push(row),
      onCeiling: () => {},
      onSkip: (what) => skipped.push(what),
    },
    {
      ...{ group: 'steady', task: 'a state', N: 5, wanted: [1, 2], oracle: 'ours', results: 2 },
      request: {
        ...{ task: 'steady', method: 'power', lmin: -2, lmax: 2, runs: 3 },
        parameters: deviceParameters(),
      },
      tolerance: 1e-6,
    },
  );
  expect(rows.map(({ solver, seconds }) => [solver, seconds?.median ?? null])).toEqual([
    ['QuTiP 4', 2],
    ['QuTiP 5', null],
  ]);
  expect(skipped).toEqual(["a peer's a state, power, N = 5: out of memory"]);
});
