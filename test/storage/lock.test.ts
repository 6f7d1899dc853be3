/** Who may write: one at a time, and never nobody. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { realDisk } from '../../src/storage/disk.js';
import { Lock, type LockOptions } from '../../src/storage/lock.js';
import { isAbandoned, isRunning, type Owner, thisProcess } from '../../src/storage/owner.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-lock-'));
const writers = join(folder, 'writers');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => rmSync(writers, { recursive: true, force: true }));

const options: LockOptions = { what: 'results', wait: false };
const acquire = (name: string, more: Partial<LockOptions> = {}) =>
  Lock.acquire(realDisk, writers, name, { ...options, ...more });

/** A process that has ended. */
const ended = (() => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return pid;
})();

/** Leaves a lock of another owner, as if it had been killed. */
function left(name: string, owner: Owner, beat = '3'): void {
  mkdirSync(join(writers, name, owner.token), { recursive: true });
  writeFileSync(join(writers, name, 'owner.json'), JSON.stringify(owner));
  writeFileSync(join(writers, name, owner.token, 'beat'), beat);
  writeFileSync(join(writers, name, owner.token, '0'), 'half of a chunk');
}

describe('an owner', () => {
  test('runs, or has ended, or its number is of another process now', async () => {
    expect(isRunning(thisProcess())).toBe(true);
    expect(isRunning({ ...thisProcess(), pid: ended })).toBe(false);
    if (process.platform === 'linux') {
      expect(isRunning({ ...thisProcess(), started: '1' })).toBe(false);
    }
    expect(isRunning({ ...thisProcess(), machine: 'another' })).toBeNull();
    expect(isRunning({ ...thisProcess(), started: null })).toBeNull();
  });

  test('that was killed and not yet asked after by its parent has ended', async () => {
    const child = spawn('sh', ['-c', 'sleep 0 & exec sleep 20'], { stdio: 'ignore' });
    const children = () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    if (process.platform === 'linux') {
      await expect
        .poll(() => children() !== '' && /Z/.test(stateOf(Number(children()))))
        .toBe(true);
      expect(isRunning({ ...thisProcess(), pid: Number(children()) })).toBe(false);
    }
    child.kill('SIGKILL');
  });

  const stateOf = (pid: number): string =>
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0];

  test('leaves files that are known as its own', () => {
    const { token, machine } = thisProcess();
    expect(isAbandoned(token)).toBe(false);
    expect(isAbandoned(`${machine}-${ended}-0`)).toBe(true);
    expect(isAbandoned(`another-${ended}-0`)).toBe(false);
    expect(isAbandoned('thesis')).toBe(false);
  });
});

describe('a lock', () => {
  test('is held by one, refused to others in one line, and leaves nothing', async () => {
    const lock = await acquire('shard');
    await expect(acquire('shard')).rejects.toThrow(
      new RegExp(`^results is in use: process ${process.pid} on .* writes it$`),
    );
    await lock.check();
    await lock.release();
    expect(() => readdirSync(writers)).toThrow('ENOENT');
    await (await acquire('shard')).release();
  });

  test('is waited for where asked, and its holder named once', async () => {
    const first = await acquire('shard');
    const messages: string[] = [];
    const second = acquire('shard', { wait: true, waiting: (message) => messages.push(message) });
    await expect.poll(() => messages.length, { timeout: 60_000 }).toBe(1);
    // A few looks more at the same holder.
    await new Promise((passed) => setTimeout(passed, 700));
    await first.release();
    await (await second).release();
    expect(messages).toEqual([
      expect.stringMatching(/^waiting: process \d+ on .* writes results$/),
    ]);
  });

  test('of a dead process is taken over at once, and what it had not finished is gone', async () => {
    left('shard', { ...thisProcess(), pid: ended });
    const lock = await acquire('shard');
    expect(readdirSync(lock.scratch)).toEqual(['beat']);
    await lock.release();
    expect(() => readdirSync(writers)).toThrow('ENOENT');
  });

  test('of another machine is refused if it shows life, and taken over if not', async () => {
    const far = { ...thisProcess(), machine: 'another', host: 'node7' };
    left('shard', far);
    let beats = 3;
    const alive = setInterval(() => {
      writeFileSync(join(writers, 'shard', far.token, 'beat'), String(++beats));
    }, 50);
    await expect(acquire('shard', { patience: 2000 })).rejects.toThrow(
      `results is in use: process ${process.pid} on node7 writes it`,
    );
    clearInterval(alive);
    const messages: string[] = [];
    const waiting = (message: string) => messages.push(message);
    const lock = await acquire('shard', { patience: 600, waiting });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('on node7, which writes results, still run?');
    await lock.release();
    expect(() => readdirSync(writers)).toThrow('ENOENT');
  });

  test('shows life of its own', async () => {
    const lock = await acquire('shard', { beat: 20 });
    const beat = () => readFileSync(join(lock.scratch, 'beat'), 'utf8');
    await expect.poll(() => Number(beat())).toBeGreaterThan(1);
    await lock.release();
  });

  test('that was taken over is noticed by its holder, whose scratch folder is gone', async () => {
    const lock = await acquire('shard');
    const path = join(writers, 'shard', 'owner.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"pid":\d+/, `"pid":${ended}`));
    const next = await acquire('shard');
    await expect(lock.check()).rejects.toThrow('another process has taken over from this one');
    expect(() => readdirSync(lock.scratch)).toThrow('ENOENT');
    await lock.release();
    await next.check();
    await next.release();
  });

  test('is in the way of names in conflict with it, and of no others', async () => {
    const lock = await acquire('a1');
    const conflicts = (name: string) => name.startsWith('a');
    await expect(acquire('a2', { conflicts })).rejects.toThrow('is in use');
    await (await acquire('b', { conflicts: () => false })).release();
    await lock.release();
    left('a1', { ...thisProcess(), pid: ended });
    await (await acquire('a2', { conflicts })).release();
    expect(() => readdirSync(writers)).toThrow('ENOENT');
  });

  test('that is damaged, or is something else, is named', async () => {
    left('shard', thisProcess());
    writeFileSync(join(writers, 'shard', 'owner.json'), '{"pid": 7');
    await expect(acquire('shard')).rejects.toThrow('owner.json is damaged: where no other process');
    rmSync(join(writers, 'shard', 'owner.json'));
    await expect(acquire('shard')).rejects.toThrow('is in the way, and is no lock');
  });

  test('goes to exactly one of many that want it at the same moment, a dead one before them', async () => {
    for (let round = 0; round < 30; round++) {
      if (round % 2 === 0) left('shard', { ...thisProcess(), pid: ended });
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquire('shard')));
      const held = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(held).toHaveLength(1);
      await held[0].release();
    }
  });
});
