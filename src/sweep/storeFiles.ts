/** Files that are there whole or not at all, whenever the process ends. */
import { constants, existsSync } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AbsolutePath, AsyncMutable } from 'zarrita';

/** What the operating system refused, in words for whoever has to mend it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than is allowed here',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOTDIR: 'a part of the path is a file',
  EIO: 'the disk reports an error',
};

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);

/** @throws {StoreError} in place of an error of the operating system */
export async function explained<T>(doing: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${doing} ${path}: ${reasons[code] ?? 'failed'} (${code})`);
  }
}

/** The folder itself, or the nearest one above it that exists. */
function nearestExisting(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** A folder as a Zarr store. Values are written under another name, synced, and then renamed. */
export class AtomicFiles implements AsyncMutable {
  #count = 0;

  /**
   * @param folder the store
   * @param scratch the name, within it, of the folder for what is not yet whole. Each writer needs one of
   * its own, which it finds as it left it: what is in there is of a run that was killed.
   */
  constructor(
    readonly folder: string,
    readonly scratch: string,
  ) {}

  #path(key: string): string {
    return join(this.folder, key.replace(/^\//, ''));
  }

  /** Empties the scratch folder. */
  async begin(): Promise<void> {
    const folder = this.#path(this.scratch);
    await explained('cannot write to', this.folder, async () => {
      // Asked first: of a read-only file system a recursive mkdir says that there is no such folder.
      await access(nearestExisting(this.folder), constants.W_OK);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    });
  }

  /** Removes the scratch folder. */
  async end(): Promise<void> {
    await rm(this.#path(this.scratch), { recursive: true, force: true });
  }

  async get(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      return await explained('cannot read', path, () => Promise.reject(error));
    }
  }

  async #unfinished(value: Uint8Array): Promise<string> {
    const path = join(this.#path(this.scratch), String(this.#count++));
    const file = await open(path, 'w');
    try {
      await file.writeFile(value);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  async set(key: AbsolutePath, value: Uint8Array): Promise<void> {
    const path = this.#path(key);
    await explained('cannot write', path, async () => {
      const unfinished = await this.#unfinished(value);
      await mkdir(dirname(path), { recursive: true });
      await rename(unfinished, path);
    });
  }

  /** Writes a value that is not there yet. @returns false where it is: another process was first */
  async setNew(key: AbsolutePath, value: Uint8Array): Promise<boolean> {
    const path = this.#path(key);
    return explained('cannot write', path, async () => {
      const unfinished = await this.#unfinished(value);
      try {
        await link(unfinished, path);
        return true;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        return false;
      } finally {
        await rm(unfinished);
      }
    });
  }

  async remove(key: AbsolutePath): Promise<void> {
    await explained('cannot remove', this.#path(key), () => rm(this.#path(key), { force: true }));
  }

  /** The names in the folder; empty where it does not exist. */
  async list(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      return await explained('cannot read', this.folder, () => Promise.reject(error));
    }
  }
}
