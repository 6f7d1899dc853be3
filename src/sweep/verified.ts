/** A store's chunks as a reader gets them: as they were written, or not at all. */
import type { AbsolutePath, AsyncReadable } from 'zarrita';
import { StoreError } from '../storage/errors.js';
import { type ChunkGrid, chunkAt } from './chunks.js';
import { chunkPath, markPath, readMark, sha256 } from './marks.js';
import type { Files } from './skeleton.js';
import { type StoredPlan, storedVariables } from './storedPlan.js';
import type { StoreFiles } from './storeFiles.js';

/** The number of a batch, from its place among the chunks. */
const indexOf = ({ counts }: ChunkGrid, place: readonly number[]): number =>
  place.reduce((index, at, d) => index * counts[d] + at, 0);

/**
 * A store of Zarr in which metadata comes from the plan, and a chunk is there if its batch's mark is, and is
 * what the mark names. Marks are read once.
 */
export class VerifiedChunks implements AsyncReadable {
  private readonly marks = new Map<number, Readonly<Record<string, string>>>();
  private readonly names: readonly string[];

  constructor(
    private readonly files: StoreFiles,
    plan: StoredPlan,
    private readonly grid: ChunkGrid,
    private readonly sweep: string,
    private readonly metadata: Files,
  ) {
    this.names = storedVariables(plan).map(({ name }) => name);
  }

  private damaged(name: string, path: string): StoreError {
    const { folder } = this.files;
    return new StoreError(
      `${folder}: ${name} is damaged (${path} is not what was written); the command that made the sweep mends it`,
    );
  }

  /** The hashes in a batch's mark, or null where there is none. @throws {StoreError} where it is damaged */
  private async markAt(index: number): Promise<Readonly<Record<string, string>> | null> {
    const known = this.marks.get(index);
    if (known !== undefined) return known;
    const chunk = chunkAt(this.grid, index);
    const bytes = await this.files.get(markPath(chunk));
    if (bytes === undefined) return null;
    const mark = readMark(bytes, this.sweep, chunk, this.names);
    if (mark === null) throw this.damaged('a mark', markPath(chunk));
    this.marks.set(index, mark.sha256);
    return mark.sha256;
  }

  async get(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const [, name, places] = /^\/([^/]+)\/c\/([\d/]+)$/.exec(key) ?? [];
    if (name === undefined || !this.names.includes(name)) return this.metadata.get(key);
    const index = indexOf(this.grid, places.split('/').map(Number));
    const hashes = await this.markAt(index);
    if (hashes === null) return undefined;
    const path = chunkPath(name, chunkAt(this.grid, index));
    const bytes = await this.files.get(path);
    if (bytes === undefined || sha256(bytes) !== hashes[name]) throw this.damaged(name, path);
    return bytes;
  }
}
