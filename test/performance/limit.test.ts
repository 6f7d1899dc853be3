/** The limit of one core: where it is measured, it computes what we do. */
import { expect, test } from 'vitest';
import { paperDevice, windowOf } from '../../src/performance/groups/devices.js';
import { limitRow } from '../../src/performance/groups/limitRow.js';
import { compileLimit } from '../../src/performance/limit.js';
import { noPeers } from '../../src/performance/peers.js';
import type { Row } from '../../src/performance/row.js';

const limit = compileLimit();
const compiled = 'name' in limit;
if (compiled) limit.close();

function measured(): { rows: Row[]; skipped: string[]; shares: readonly unknown[] } {
  const [rows, skipped]: [Row[], string[]] = [[], []];
  const share = limitRow(
    {
      quick: true,
      effort: { seconds: 0, repetitions: 2 },
      peers: noPeers('none'),
      onRow: (row) => rows.push(row),
      onCeiling: () => {},
      onSkip: (what) => skipped.push(what),
    },
    {
      group: 'sweep',
      task: 'the limit',
      question: {
        parameters: paperDevice({ chi: 0.2, I: 1.5 }),
        window: windowOf(40),
        beta2: { first: 0.02, step: 0.001 },
        points: 10,
        runs: 2,
      },
    },
  );
  const timing = { median: 1, fastest: 1, upperQuartile: 1, repetitions: 1 };
  return { rows, skipped, shares: share(timing) };
}

test.runIf(compiled)('in C: the numbers of the first and the last point are ours', () => {
  const { rows, shares } = measured();
  expect(rows).toHaveLength(1);
  expect(rows[0].error).toBeLessThan(1e-12);
  expect(rows[0].seconds?.repetitions).toBe(2);
  expect(rows[0].solver).toContain('-O3');
  expect(shares).toEqual([{ of: 'C on one core', value: rows[0].seconds?.median }]);
});

test('is told to be missing where no compiler is found', () => {
  const { PATH } = process.env;
  process.env.PATH = '/nonexistent';
  try {
    expect(measured().skipped[0]).toMatch(/^the limit of one core in C skipped: no C compiler/);
  } finally {
    process.env.PATH = PATH;
  }
});
