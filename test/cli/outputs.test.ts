import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkRoom, makeFolderOf } from '../../src/cli/outputs.js';
import { bytesInWords } from '../../src/cli/words.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder is made with those above it, or refused at once', async () => {
  await makeFolderOf('out', join(folder, 'a/b/c'));
  expect(existsSync(join(folder, 'a/b/c'))).toBe(true);
  await expect(makeFolderOf('out', '/proc/xx/yy')).rejects.toThrow(
    /^out = "\/proc\/xx\/yy": must be a folder that can be written \(cannot write to .*ENOENT\)\)$/,
  );
  await expect(makeFolderOf('out', join(import.meta.filename, 'x'))).rejects.toThrow('(ENOTDIR)');
});

test('a disk without room is refused, with what there is', () => {
  checkRoom('out', join(folder, 'not/yet'), 1);
  expect(() => checkRoom('out', folder, 1e21)).toThrow(
    /must be on a disk with room for 1000000 PB: there [\d.]+ [kMGTP]?B are free$/,
  );
});

test('sizes in words', () => {
  expect([0, 999, 1234, 5e9].map(bytesInWords)).toEqual(['0 B', '999 B', '1.23 kB', '5 GB']);
});
