/**
 * A sweep on a disk that fails, crashes or delays at every operation. QMILL_FAULTS=all npx vitest run
 * test/sweep/faults.test.ts takes every operation in turn; by default every few, to save time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/storage/errors.js';
import { WHOLE } from '../../src/sweep/chunks.js';
import { runSweep } from '../../src/sweep/run.js';
import { SweepStore } from '../../src/sweep/store.js';
import { CrashDisk } from '../support/crashDisk.js';
import { contents, FOLDER, killOwners, plan, solver, sweep } from '../support/memorySweep.js';

const STRIDE = process.env.QMILL_FAULTS === 'all' ? 1 : 23;
/** Lehmer's generator: the same disks in every run. */
let seed = 16;
const random = () => {
  seed = (seed * 48271) % 2147483647;
  return seed / 2147483647;
};

const whole = new CrashDisk(() => {});
await sweep(whole);
const undisturbed = contents(whole);
const total = whole.operations;
const places = Array.from({ length: Math.floor(total / STRIDE) }, (_, i) => 1 + i * STRIDE);

test('without a fault it leaves nothing but results', () => {
  expect([...whole.contents().keys()].filter((path) => path.includes('.writers'))).toEqual([]);
  expect(undisturbed.size).toBeGreaterThan(40);
});

test(`a crash at any of ${total} operations (${places.length} tried): what counts is right, and the rest is computed again`, {
  timeout: 600_000,
}, async () => {
  let found = 0;
  for (const place of places) {
    const disk: CrashDisk = new CrashDisk((operation) => {
      if (operation === place) disk.crash();
    }, random);
    await sweep(disk).catch(() => {});
    expect(disk.operations).toBeGreaterThanOrEqual(place);
    const after = disk.restarted();
    killOwners(after);
    const run = await sweep(after);
    // A mark that is there is never before its chunks are.
    expect(run.damaged, `crash at ${place}`).toEqual([]);
    expect(contents(after), `crash at ${place}`).toEqual(undisturbed);
    found += run.count.found;
  }
  expect(found).toBeGreaterThan(0);
});

describe.each(['ENOSPC', 'EIO', 'EBUSY'])('%s at any operation', (code) => {
  test('one clear line or no trace, and the same sweep goes on', { timeout: 600_000 }, async () => {
    let refused = 0;
    for (const place of places) {
      const disk = new CrashDisk((operation) => {
        if (operation === place) throw Object.assign(new Error(code), { code });
      });
      const error = await sweep(disk).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error !== null) {
        refused++;
        expect(error, `${code} at ${place}`).toBeInstanceOf(StoreError);
        expect((error as Error).message).toMatch(new RegExp(`^cannot [^\\n]*\\(${code}\\)$`));
        // The process ends with it.
        killOwners(disk);
        expect((await sweep(disk)).damaged).toEqual([]);
      }
      expect(contents(disk), `${code} at ${place}`).toEqual(undisturbed);
    }
    expect(refused).toBeGreaterThan(places.length / 3);
  });
});

test('slow at random: two shards side by side, and a third process that is refused', async () => {
  const disk = new CrashDisk(async () => {
    if (random() < 0.2) await sleep(5 * random());
  });
  const [first, again, second] = await Promise.allSettled([
    sweep(disk, { index: 1, of: 2 }),
    sweep(disk, { index: 1, of: 2 }),
    sweep(disk, { index: 2, of: 2 }, { wait: true }),
  ]);
  expect(second.status).toBe('fulfilled');
  expect([first.status, again.status].sort()).toEqual(['fulfilled', 'rejected']);
  const refused = [first, again].find(({ status }) => status === 'rejected') as { reason: Error };
  expect(refused.reason.message).toContain('/results (shard 1/2) is in use: process');
  expect(contents(disk)).toEqual(undisturbed);
});

test('a process that was only believed dead writes nothing more', async () => {
  let asleep = false;
  const disk = new CrashDisk(async (_, name) => {
    while (asleep && name === 'create') await sleep(5);
  });
  const store = await SweepStore.open(FOLDER, plan, WHOLE, async () => 2, { disk });
  asleep = true;
  const stop = new AbortController().signal;
  const solvers = { first: solver, fallback: null };
  const late = runSweep(store, solvers, WHOLE, () => {}, stop).catch((reason: unknown) => reason);
  await sleep(20);
  killOwners(disk);
  asleep = false;
  const next = sweep(disk);
  const error = await late;
  await next;
  // Either it was done before the other came, or it learns that it is no more the writer.
  if (error instanceof Error) expect(error.message).toContain('another process has taken over');
  expect(contents(disk)).toEqual(undisturbed);
});
