/** A folder as a Zarr store: anyone reads it, and who holds one of its locks writes it. */
import { dirname, join } from 'node:path';
import type { AbsolutePath, AsyncMutable } from 'zarrita';
import { type Disk, realDisk } from '../storage/disk.js';
import { codeOf, explained, StoreError } from '../storage/errors.js';
import { makeFolders, replaceBy } from '../storage/files.js';
import { Lock, type LockOptions } from '../storage/lock.js';

/** The folder, within a store, of those that write it. */
export const WRITERS = '.writers';

/** Files that are read at once: processes may open only so many. */
const READERS = 16;

export class StoreFiles implements AsyncMutable {
  #count = 0;
  #reading = 0;
  readonly #queue: (() => void)[] = [];
  #lock: Lock | null = null;

  constructor(
    readonly folder: string,
    private readonly disk: Disk = realDisk,
  ) {}

  #path(key: string): string {
    return join(this.folder, key.replace(/^\//, ''));
  }

  /**
   * Takes a lock of the store, with which it may be written.
   * @throws {StoreError} where another process holds it, and where the operating system refuses
   */
  async lock(name: string, options: LockOptions): Promise<void> {
    await explained('cannot write to', this.folder, async () => {
      await makeFolders(this.disk, this.folder);
      this.#lock = await Lock.acquire(this.disk, join(this.folder, WRITERS), name, options);
    });
  }

  /** Runs something that only one process may do at a time, whatever lock it holds. */
  async alone<T>(name: string, options: LockOptions, act: () => Promise<T>): Promise<T> {
    return explained('cannot write to', this.folder, async () => {
      const lock = await Lock.acquire(this.disk, join(this.folder, WRITERS), name, options);
      try {
        return await act();
      } finally {
        await lock.release();
      }
    });
  }

  /** Gives the lock back. */
  async unlock(): Promise<void> {
    const lock = this.#lock;
    this.#lock = null;
    if (lock !== null) await explained('cannot write to', this.folder, () => lock.release());
  }

  async get(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    if (this.#reading === READERS) await new Promise<void>((turn) => this.#queue.push(turn));
    else this.#reading++;
    try {
      return await explained('cannot read', path, () => this.disk.read(path));
    } finally {
      // The place goes to whoever waits first.
      const next = this.#queue.shift();
      if (next === undefined) this.#reading--;
      else next();
    }
  }

  /**
   * Writes a file. It is whole and on the disk, by its name, when this returns.
   * @throws {StoreError} where another process has taken over, and where the operating system refuses
   */
  async set(key: AbsolutePath, value: Uint8Array): Promise<void> {
    const lock = this.#lock;
    if (lock === null) throw new StoreError(`${this.folder}: written without a lock`);
    const path = this.#path(key);
    await explained('cannot write', path, async () => {
      const unfinished = join(lock.scratch, String(this.#count++));
      try {
        await this.disk.create(unfinished, [value]);
        await this.#place(unfinished, path);
      } catch (error) {
        // Who takes over moves the scratch folder away.
        if (codeOf(error) === 'ENOENT') await lock.check();
        throw error;
      }
      await this.disk.syncFolder(dirname(path));
    });
  }

  async #place(unfinished: string, path: string): Promise<void> {
    try {
      await replaceBy(this.disk, unfinished, path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await makeFolders(this.disk, dirname(path));
      await replaceBy(this.disk, unfinished, path);
    }
  }

  async remove(key: AbsolutePath): Promise<void> {
    const path = this.#path(key);
    await explained('cannot remove', path, async () => {
      await this.disk.remove(path);
      await this.disk.syncFolder(dirname(path));
    });
  }

  /** The names in a folder of the store; empty where it does not exist. */
  async list(key = ''): Promise<string[]> {
    const path = this.#path(key);
    return (await explained('cannot read', path, () => this.disk.list(path))) ?? [];
  }
}
