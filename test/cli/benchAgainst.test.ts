/** `qmill bench --against`: refusals; what it says of two versions is in test/performance/against.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

const out = mkdtempSync(join(tmpdir(), 'quantum-mill-against-'));
afterAll(() => rmSync(out, { recursive: true }));

test('a version that is not there is refused in one line', () => {
  const { status, stderr } = qmill(['bench', '--against', 'no-such-branch', '--out', out]);
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^error: against = "?no-such-branch"?: must be .*(a branch, tag or commit|checkout).*\n$/,
  );
});
