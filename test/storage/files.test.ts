/** Files that are whole or not there, and folders that are made or refused. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Disk, realDisk } from '../../src/storage/disk.js';
import {
  checkWritable,
  makeFolders,
  publish,
  replaceBy,
  replaceFile,
} from '../../src/storage/files.js';
import { processToken } from '../../src/storage/owner.js';
import { CrashDisk } from '../support/crashDisk.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = (text: string) => new TextEncoder().encode(text);

test('a file is replaced as a whole, and nothing else is left', async () => {
  const path = join(folder, 'a');
  await replaceFile(path, [bytes('one, '), bytes('two')]);
  expect(readFileSync(path, 'utf8')).toBe('one, two');
  await publish(path, async (temporary) => writeFileSync(temporary, 'three'));
  expect(readFileSync(path, 'utf8')).toBe('three');
  const failing = publish(path, async (temporary) => {
    writeFileSync(temporary, 'half of');
    throw new Error('the library does not like it');
  });
  await expect(failing).rejects.toThrow(`cannot write ${path}: failed (the library does not`);
  expect(readFileSync(path, 'utf8')).toBe('three');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('what killed processes left of a file is removed with the next writing', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const path = join(folder, 'b');
  const of = (process: number) => processToken().replace(/-\d+-/, `-${process}-`);
  const living = `b.${of(process.pid)}.tmp`;
  for (const name of [`b.${of(pid)}.tmp`, living, 'b.thesis.tmp', `b.another-${pid}-0.tmp`]) {
    writeFileSync(join(folder, name), '');
  }
  await replaceFile(path, [bytes('b')]);
  const left = readdirSync(folder).filter((name) => name.startsWith('b'));
  expect(left).toEqual(['b', living, `b.another-${pid}-0.tmp`, 'b.thesis.tmp'].sort());
});

test('a file that cannot be written is known beforehand, in one line', async () => {
  mkdirSync(join(folder, 'c'));
  writeFileSync(join(folder, 'd'), '');
  for (const write of [
    checkWritable,
    (path: string) => publish(path, () => expect.fail('it was written')),
    (path: string) => replaceFile(path, []),
  ]) {
    await expect(write('/nonexistent/x')).rejects.toThrow(
      'cannot write /nonexistent/x: there is no such folder (ENOENT)',
    );
    await expect(write(join(folder, 'd', 'x'))).rejects.toThrow('a part of the path is a file');
  }
  await expect(checkWritable(join(folder, 'c'))).rejects.toThrow('it is a folder (EISDIR)');
  await checkWritable(join(folder, 'e'));
  expect(readdirSync(folder)).not.toContain('e');
});

test('folders are made one by one, and what no folder can be made in is refused', async () => {
  await makeFolders(realDisk, join(folder, 'f', 'g', 'h'));
  await makeFolders(realDisk, join(folder, 'f', 'g'));
  expect(readdirSync(join(folder, 'f', 'g'))).toEqual(['h']);
  await expect(makeFolders(realDisk, join(folder, 'd', 'x', 'y'))).rejects.toThrow('ENOTDIR');
  if (process.platform === 'linux') {
    await expect(makeFolders(realDisk, '/proc/xx/yy')).rejects.toThrow('ENOENT');
  }
});

test('many processes may make the same folders at once', async () => {
  const disk = new CrashDisk(() => new Promise((done) => setTimeout(done, 2 * Math.random())));
  await Promise.all(Array.from({ length: 20 }, () => makeFolders(disk, '/a/b/c/d')));
  expect(await disk.list('/a/b/c')).toEqual(['d']);
});

test.each(['EPERM', 'EBUSY', 'EACCES'])(
  'a rename waits for who holds the file: %s',
  async (code) => {
    let refused = 0;
    const busy: Disk = {
      ...realDisk,
      rename: async (from, to) => {
        if (++refused < 4) throw Object.assign(new Error(code), { code });
        await realDisk.rename(from, to);
      },
    };
    writeFileSync(join(folder, 'from'), code);
    await replaceBy(busy, join(folder, 'from'), join(folder, 'to'));
    expect(readFileSync(join(folder, 'to'), 'utf8')).toBe(code);
    const always: Disk = {
      ...busy,
      rename: () => Promise.reject(Object.assign(new Error(code), { code })),
    };
    await expect(replaceFile(join(folder, 'to'), [], always)).rejects.toThrow(`(${code})`);
    expect(readFileSync(join(folder, 'to'), 'utf8')).toBe(code);
  },
);
