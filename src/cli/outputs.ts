/** Where results shall go: looked at before anything is computed. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ParameterError } from '../model/parameters.js';
import { realDisk } from '../storage/disk.js';
import { explained } from '../storage/errors.js';
import { makeFolders } from '../storage/files.js';
import { bytesInWords } from './words.js';

/**
 * Makes the folder that an option names, and those above it.
 * @throws {ParameterError}
 */
export async function makeFolderOf(field: string, folder: string): Promise<void> {
  try {
    await explained('cannot write to', folder, () => makeFolders(realDisk, folder));
  } catch (error) {
    const why = (error as Error).message;
    throw new ParameterError(field, folder, `a folder that can be written (${why})`);
  }
}

/** Bytes that a disk has room for, at a folder that may yet have to be made. */
function freeBytes(folder: string): number {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @throws {ParameterError} where the disk has no room for so many bytes */
export function checkRoom(field: string, folder: string, bytes: number): void {
  const free = freeBytes(folder);
  // What is no disk has no blocks, and says itself that it takes no files.
  if (bytes <= free || free === 0) return;
  const allowed = `on a disk with room for ${bytesInWords(bytes)}: there ${bytesInWords(free)} are free`;
  throw new ParameterError(field, folder, allowed);
}
