/**
 * The few operations on files that stores, checkpoints and exports are made of. Everything that has to
 * survive a crash is written through a `Disk`, so that tests can put one in its place that fails, delays or
 * ends the process at any of them.
 */
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { codeOf } from './errors.js';

export interface Disk {
  /** The bytes of a file, or undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes a new file of the given parts; they are on the disk when it returns. Fails where it exists. */
  create(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Replaces the content of a small file, in place and without any promise about a crash. */
  scribble(path: string, text: string): Promise<void>;
  /** Waits until the bytes of a file that something else has written are on the disk. */
  sync(path: string): Promise<void>;
  /** Gives a file or folder another name. A file that has that name is replaced, a folder that is not empty is not. */
  rename(from: string, to: string): Promise<void>;
  /** Makes one folder. Fails where it exists, or the one above it does not. */
  makeFolder(path: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  /** Removes a folder and all in it, if it is there. */
  removeFolder(path: string): Promise<void>;
  /** Removes a folder that is empty; fails where it is not. */
  removeEmptyFolder(path: string): Promise<void>;
  /** The names in a folder, or undefined where it does not exist. */
  list(path: string): Promise<string[] | undefined>;
}

const absent = (error: unknown): undefined => {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
};

/** The file system of this machine. */
export const realDisk: Disk = {
  read: async (path) => {
    const bytes = await readFile(path).catch(absent);
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  },
  create: async (path, parts) => {
    const file = await open(path, 'wx');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  scribble: (path, text) => writeFile(path, text),
  sync: async (path) => {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename: (from, to) => rename(from, to),
  makeFolder: (path) => mkdir(path),
  syncFolder: async (path) => {
    // Windows has no such call: names are on the disk there when a rename returns, or it promises nothing.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } catch (error) {
      // Some network file systems do not know it, and write names at once.
      if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
    } finally {
      await folder.close();
    }
  },
  remove: (path) => rm(path, { force: true }),
  removeFolder: (path) => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  removeEmptyFolder: (path) => rmdir(path),
  list: (path) => readdir(path).catch(absent),
};
