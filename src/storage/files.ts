/** Files that are there whole or not at all, whenever the process or the machine stops. */
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Disk, realDisk } from './disk.js';
import { codeOf, explained } from './errors.js';
import { isAbandoned, processToken } from './owner.js';

/** Milliseconds between attempts at a rename that another program is in the way of. */
const RETRY_MS = [10, 20, 50, 100, 200, 300, 300];
/** What Windows answers while another program, such as a virus scanner, holds one of the two files. */
const IN_THE_WAY = ['EPERM', 'EBUSY', 'EACCES'];

/** Renames a file onto another, which it replaces; waits for a program that holds either, up to a second. */
export async function replaceBy(disk: Disk, from: string, to: string): Promise<void> {
  for (const delay of RETRY_MS) {
    try {
      await disk.rename(from, to);
      return;
    } catch (error) {
      if (!IN_THE_WAY.includes(codeOf(error))) throw error;
      await sleep(delay);
    }
  }
  await disk.rename(from, to);
}

/**
 * Makes a folder and those above it that are missing, one by one: of a path such as /proc/x a recursive mkdir
 * never comes back. The names of all of them are on the disk when it returns.
 */
export async function makeFolders(disk: Disk, path: string): Promise<void> {
  const whole = resolve(path);
  const above = dirname(whole);
  try {
    await disk.makeFolder(whole);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || above === whole) throw error;
    const isThere = (await disk.list(above)) !== undefined;
    if (!isThere) {
      await makeFolders(disk, above);
      await makeFolders(disk, whole);
      return;
    }
    // Another process may have made the one above meanwhile; else nothing can be made in it.
    await disk.makeFolder(whole).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
  await disk.syncFolder(above);
}

const TEMPORARY = '.tmp';
const temporaryName = (path: string): string =>
  join(dirname(resolve(path)), `${basename(path)}.${processToken()}${TEMPORARY}`);

/** Removes what earlier processes on this machine left when they were killed while they wrote a file. */
async function removeLeftovers(disk: Disk, path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const begin = `${basename(path)}.`;
  for (const name of (await disk.list(folder)) ?? []) {
    if (!name.startsWith(begin) || !name.endsWith(TEMPORARY)) continue;
    const token = name.slice(begin.length, -TEMPORARY.length);
    if (isAbandoned(token)) await disk.remove(join(folder, name));
  }
}

/** Makes a file under another name, in the same folder, and puts it in its place; leaves nothing where that fails. */
const putInPlace = (path: string, disk: Disk, make: (temporary: string) => Promise<void>) =>
  explained('cannot write', path, async () => {
    const temporary = temporaryName(path);
    await removeLeftovers(disk, path);
    try {
      await make(temporary);
      await replaceBy(disk, temporary, path);
    } catch (error) {
      await disk.remove(temporary).catch(() => {});
      throw error;
    }
    await disk.syncFolder(dirname(resolve(path)));
  });

/**
 * Puts a file in its place once it is whole and on the disk; one that is there is replaced.
 * @param write writes it under another name, in the same folder; the file is empty and exists
 * @throws {StoreError} in place of an error of the operating system
 */
export const publish = (
  path: string,
  write: (temporary: string) => Promise<void>,
  disk: Disk = realDisk,
): Promise<void> =>
  putInPlace(path, disk, async (temporary) => {
    // Made here, so that a path that cannot be written is known before a library tries.
    await disk.create(temporary, []);
    await write(temporary);
    await disk.sync(temporary);
  });

/**
 * Replaces a file by the given bytes, or makes it.
 * @throws {StoreError} in place of an error of the operating system; the file is then as it was
 */
export const replaceFile = (
  path: string,
  parts: readonly Uint8Array[],
  disk: Disk = realDisk,
): Promise<void> => putInPlace(path, disk, (temporary) => disk.create(temporary, parts));

/**
 * Finds out, before any work is done, whether a file can be written.
 * @throws {StoreError} where it cannot
 */
export async function checkWritable(path: string, disk: Disk = realDisk): Promise<void> {
  await explained('cannot write', path, async () => {
    const isFolder = await disk.list(path).then(
      (names) => names !== undefined,
      () => false,
    );
    if (isFolder) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    const temporary = temporaryName(path);
    await disk.create(temporary, []);
    await disk.remove(temporary);
  });
}
