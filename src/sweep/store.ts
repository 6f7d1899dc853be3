/**
 * A sweep's results on disk: a Zarr v3 group, each variable an array over the grid, one chunk a batch.
 *
 * Every file is written whole or not at all, and a batch's mark after all its chunks, so that a batch is there
 * or is not. Nothing in a store depends on when, or how often interrupted, it was made.
 */
import { createHash } from 'node:crypto';
import * as zarr from 'zarrita';
import { type Disk, realDisk } from '../storage/disk.js';
import { StoreError } from '../storage/errors.js';
import type { LockOptions } from '../storage/lock.js';
import { version } from '../version.js';
import type { Computer } from './batchSolver.js';
import { type Chunk, type ChunkGrid, chunkGrid, chunkShapeFor, type Shard } from './chunks.js';
import { STATUS } from './layout.js';
import { checkBatch, chunkPath, markOf, markPath, writingOrder } from './marks.js';
import type { Plan } from './plan.js';
import { checkedRoot, type Identity, ROOT, type Root, rootAttributes } from './root.js';
import { chunkOf, type Files, openArray, skeleton, type Values } from './skeleton.js';
import { type StoredPlan, storedRecord, storedVariables } from './storedPlan.js';
import { StoreFiles } from './storeFiles.js';
import { VerifiedChunks } from './verified.js';

/** The numbers of a chunk's points, by the names of the variables. */
export type ChunkValues = Readonly<Record<string, Values>>;

export interface OpenOptions {
  /** Whether to wait for another process that writes the same part, and not to refuse. */
  readonly wait?: boolean;
  /** Told what is being waited for. */
  readonly waiting?: (message: string) => void;
  readonly disk?: Disk;
  /** Milliseconds between signs of life, and without one after which a process elsewhere is believed dead. */
  readonly beat?: number;
  readonly patience?: number;
}

const lockName = ({ index, of }: Shard): string => `shard-${index}-of-${of}`;

/** Whether a lock is of a shard that has chunks in common with the given one. */
function sharesChunks({ index, of }: Shard, name: string): boolean {
  const [, i, n] = /^shard-(\d+)-of-(\d+)$/.exec(name)?.map(Number) ?? [];
  if (n === undefined) return false;
  let [a, b] = [n, of];
  while (b !== 0) [a, b] = [b, a % b];
  return (i - index) % a === 0;
}

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(b);

/** @typeParam P what the results are of */
export class SweepStore<P extends StoredPlan = Plan> {
  private readonly names: readonly string[];

  private constructor(
    readonly plan: P,
    readonly grid: ChunkGrid,
    private readonly files: StoreFiles,
    /** Metadata, and what is being encoded. */
    private readonly memory: Files,
    private readonly identity: string,
  ) {
    this.names = writingOrder(storedVariables(plan).map(({ name }) => name));
  }

  /**
   * Opens a plan's store, makes it where there is none, and mends what a kill or a disk left of it. The plan
   * of the store is the one given, with its axes in the order in which the store has them.
   * @param shard the part that this process is to write, or null for one that only makes the store
   * @param batch gives the points of a batch for a new store
   * @throws {ParameterError} where the folder holds something else, or the results of another plan
   * @throws {StoreError} where another process writes the same part, or the operating system refuses
   */
  static async open<P extends StoredPlan>(
    folder: string,
    plan: P,
    shard: Shard | null,
    batch: () => Promise<number>,
    options: OpenOptions = {},
  ): Promise<SweepStore<P>> {
    const { disk = realDisk, wait = false, ...more } = options;
    const files = new StoreFiles(folder, disk);
    const identity: Identity = { version, plan: storedRecord(plan) };
    let root: Root | null = await checkedRoot(files, identity);
    const part = shard === null || shard.of === 1 ? '' : ` (shard ${shard.index}/${shard.of})`;
    const lock: LockOptions = { what: `${folder}${part}`, wait, ...more };
    if (shard === null) await files.lock(`maker-${process.pid}`, { ...lock, wait: true });
    else {
      const conflicts = (name: string) => sharesChunks(shard, name);
      await files.lock(lockName(shard), { ...lock, conflicts });
    }
    try {
      const shape = plan.dimensions.map(({ length }) => length);
      if (root === null) {
        const chunkShape = chunkShapeFor(shape, await batch());
        // Of several shards one makes the store: in its batches the others count.
        root = await files.alone('make', { ...lock, wait: true }, async () => {
          const first = await checkedRoot(files, identity);
          if (first !== null) return first;
          const attributes = rootAttributes(identity, chunkShape);
          const made = await skeleton(plan, chunkGrid(shape, chunkShape), attributes);
          await files.set(ROOT, made.get(ROOT) as Uint8Array);
          return checkedRoot(files, identity);
        });
      }
      // What was just written was removed by something else.
      if (root === null) throw new StoreError(`${folder}${ROOT} has gone`);
      return await SweepStore.mended(files, root);
    } catch (error) {
      await files.unlock().catch(() => {});
      throw error;
    }
  }

  /** The store of a root, its metadata and coordinates as the plan makes them. */
  private static async mended<P extends StoredPlan>(
    files: StoreFiles,
    { plan: found, identity, chunkShape, sha256 }: Root,
  ): Promise<SweepStore<P>> {
    // Its record is that of the plan which was given.
    const plan = found as P;
    const grid = chunkGrid(
      plan.dimensions.map(({ length }) => length),
      chunkShape,
    );
    const memory = await skeleton(plan, grid, rootAttributes(identity, chunkShape));
    for (const [key, bytes] of memory) {
      const path = key as zarr.AbsolutePath;
      if (!sameBytes(await files.get(path), bytes)) await files.set(path, bytes);
    }
    return new SweepStore(plan, grid, files, memory, sha256);
  }

  /**
   * Whether a batch is there, whole and undamaged. Where it is damaged its mark is removed.
   * @param damaged called with the path of each damaged file
   */
  async isComplete(chunk: Chunk, damaged: (path: string) => void): Promise<boolean> {
    const found = await checkBatch(this.files, this.identity, chunk, this.names);
    if (found === 'absent') return false;
    for (const path of found) damaged(path);
    if (found.length > 0) await this.files.remove(markPath(chunk));
    return found.length === 0;
  }

  /** The content of a variable's chunk. */
  private async encoded(name: string, chunk: Chunk, values: Values): Promise<Uint8Array> {
    const selection = chunk.begin.map((at, d) => zarr.slice(at, at + chunk.shape[d]));
    const array = await openArray(this.memory, name);
    await zarr.set(array, selection, chunkOf(values, chunk.shape));
    const path = chunkPath(name, chunk);
    const bytes = this.memory.get(path) as Uint8Array;
    this.memory.delete(path);
    return bytes;
  }

  /** Writes a batch, its mark last. */
  async write(chunk: Chunk, values: ChunkValues): Promise<void> {
    const chunks = new Map<string, Uint8Array>();
    for (const name of this.names) {
      chunks.set(name, await this.encoded(name, chunk, values[name]));
    }
    const write = (name: string) =>
      this.files.set(chunkPath(name, chunk), chunks.get(name) as Uint8Array);
    await Promise.all(this.names.filter((name) => name !== STATUS).map(write));
    await write(STATUS);
    await this.files.set(markPath(chunk), markOf(this.identity, chunk, chunks));
  }

  /** The status of every point of the grid, as codes. @throws {StoreError} where one is damaged */
  async statuses(): Promise<Int8Array> {
    const { plan, grid, files, identity } = this;
    const chunks = new VerifiedChunks(files, plan, grid, identity, this.memory);
    const { data } = await zarr.get(await openArray(chunks, STATUS));
    return data as Int8Array;
  }

  /** Records who computes, for the provenance of what `path` names. */
  async record({ name, adapter, details }: Computer): Promise<void> {
    const attributes = {
      backend: name,
      adapter,
      ...details,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    };
    const hash = createHash('sha256').update(JSON.stringify(attributes)).digest('hex').slice(0, 8);
    const made = new Map<string, Uint8Array>();
    await zarr.create(zarr.root(made).resolve('solvers'), { attributes: {} });
    await zarr.create(zarr.root(made).resolve(`solvers/${name}-${hash}`), { attributes });
    for (const [key, bytes] of made) await this.files.set(key as zarr.AbsolutePath, bytes);
  }

  /** Lets other processes write. */
  async close(): Promise<void> {
    await this.files.unlock();
  }
}
