/**
 * A sweep that is killed. QMILL_KILLS=100 npx vitest run test/sweep/kills.test.ts kills it a hundred times;
 * by default a few times, to save time.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { main, qmill, qmillProcess } from '../support/commandLine.js';
import { contentsOf, workshop } from '../support/sweeps.js';

const KILLS = Number(process.env.QMILL_KILLS ?? 5);

const { path, plan, clear } = workshop();
afterAll(clear);

const file = plan('plan.yaml', {
  axes: {
    'beta2/beta1': { linspace: { from: 0.3, to: 0.8, count: 20 } },
    lambda: { logspace: { from: 0.02, to: 0.1, count: 30 } },
  },
  observables: ['heat', 'rotor.Lz'],
  edgeTolerance: 1e-6,
  batch: 30,
});

/** The files of a store that are not of an unfinished batch: none where a kill came before all of them. */
const finished = (out: string) =>
  existsSync(path(out))
    ? new Map([...contentsOf(path(out))].filter(([name]) => !name.startsWith('.writers')))
    : new Map<string, string>();

/** Starts a sweep and kills it so many milliseconds later. @returns whether it had ended before */
async function killed(args: readonly string[], delay: number): Promise<boolean> {
  const begin = performance.now();
  const child = spawn(process.execPath, [main, 'sweep', file, ...args], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  await Promise.race([ended, sleep(delay)]);
  child.kill('SIGKILL');
  const code = await ended;
  if (code === null) return false;
  expect(code).toBe(0);
  // The machine has more to give than when that was measured: the next kills come in time again.
  seconds = Math.min(seconds, (performance.now() - begin) / 1e3);
  return true;
}

/** Spread over the unit interval without repeating, the same in every run. */
const moment = (k: number): number => ((k * (Math.sqrt(5) - 1)) / 2) % 1;

let seconds = 0;
const undisturbed = (() => {
  const begin = performance.now();
  // A process, as those that are killed.
  expect(qmillProcess(['sweep', file, '--out', path('undisturbed')]).status).toBe(0);
  seconds = (performance.now() - begin) / 1e3;
  return contentsOf(path('undisturbed'));
})();

/** What is finished equals the undisturbed store's, file by file, and is not less than before. */
function expectWhole(out: string, before: number): number {
  const files = finished(out);
  for (const [name, hash] of files) expect(undisturbed.get(name), name).toBe(hash);
  expect(files.size).toBeGreaterThanOrEqual(before);
  return files.size;
}

test(`${KILLS} kills, and resumed: the store of an undisturbed sweep, bit for bit`, {
  timeout: 60_000 + KILLS * 60_000,
}, async () => {
  let store = 0;
  let files = 0;
  let cutShort = 0;
  for (let k = 1; k <= KILLS; k++) {
    const out = `killed-${store}`;
    const wasDone = await killed(['--out', path(out)], 1e3 * seconds * moment(k));
    if (!wasDone) cutShort++;
    if (k % 10 === 0) console.log(`${k} kills, ${cutShort} of them before the end`);
    files = expectWhole(out, files);
    if (!wasDone) continue;
    expect(contentsOf(path(out))).toEqual(undisturbed);
    // Hundreds of them take minutes to remove at the end.
    rmSync(path(out), { recursive: true });
    store++;
    files = 0;
  }
  const out = path(`killed-${store}`);
  expect(qmill(['sweep', file, '--out', out]).status).toBe(0);
  expect(contentsOf(out)).toEqual(undisturbed);
  expect(cutShort).toBeGreaterThan(KILLS / 3);
});

test('two shards side by side, killed and run again: complete, no point twice', {
  timeout: 180_000,
}, async () => {
  const out = ['--out', path('shards')];
  const shards = ['1/2', '2/2'].map((shard) => [...out, '--shard', shard]);
  await Promise.all(shards.map((args) => killed(args, 600 * seconds)));
  expectWhole('shards', 0);
  const solved = shards.map((args) => {
    const { status, stdout } = qmill(['sweep', file, ...args]);
    expect(status).toBe(0);
    return /: (\d+) points solved(?:, (\d+) were there)?/.exec(stdout)?.slice(1) ?? [];
  });
  const total = solved.flat().reduce((sum, n) => sum + Number(n ?? 0), 0);
  expect(total).toBe(20 * 30);
  expect(contentsOf(path('shards'))).toEqual(undisturbed);
});
