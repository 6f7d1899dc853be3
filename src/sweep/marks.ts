/**
 * The marks of batches: a batch counts where its mark is there and names each of its chunks with its hash.
 *
 * A chunk's own checksum says that its bytes are as they were written, but not that they belong to this
 * variable at this place of this sweep: the mark does.
 */
import { createHash } from 'node:crypto';
import type { AbsolutePath } from 'zarrita';
import { z } from 'zod';
import type { Chunk } from './chunks.js';
import { STATUS } from './layout.js';
import type { StoreFiles } from './storeFiles.js';

/** The folder, within a store, of the marks. */
export const MARKS = '.batches';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const markSchema = z.strictObject({
  format: z.literal('quantum-mill batch 1'),
  /** The hash of what identifies the store. */
  sweep: hash,
  /** The batch's place among the chunks along each dimension. */
  place: z.array(z.int().nonnegative()),
  /** By variable, of the whole content of its chunk's file. */
  sha256: z.record(z.string(), hash),
});

export type Mark = z.output<typeof markSchema>;

export const sha256 = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex');

const text = (mark: Mark): string => JSON.stringify(mark);

/** Where the mark of a batch is. */
export const markPath = ({ place }: Pick<Chunk, 'place'>): AbsolutePath =>
  `/${MARKS}/${place.join('.')}.json`;

/** Where the chunk of a variable is. */
export const chunkPath = (name: string, { place }: Pick<Chunk, 'place'>): AbsolutePath =>
  `/${name}/c/${place.join('/')}`;

/** The content of a mark for the given chunks of all variables, by name. */
export function markOf(
  sweep: string,
  { place }: Pick<Chunk, 'place'>,
  chunks: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const hashes = [...chunks].map(([name, bytes]) => [name, sha256(bytes)]);
  return new TextEncoder().encode(
    text({
      format: 'quantum-mill batch 1',
      sweep,
      place: [...place],
      sha256: Object.fromEntries(hashes),
    }),
  );
}

/** The mark in a file, or null where it is not one of this batch: damaged, or brought from elsewhere. */
export function readMark(
  bytes: Uint8Array,
  sweep: string,
  { place }: Pick<Chunk, 'place'>,
  names: readonly string[],
): Mark | null {
  const written = new TextDecoder().decode(bytes);
  let content: unknown;
  try {
    content = JSON.parse(written);
  } catch {
    return null;
  }
  const read = markSchema.safeParse(content);
  if (!read.success) return null;
  const mark = read.data;
  const isOfHere = mark.sweep === sweep && mark.place.join() === place.join();
  const isComplete = names.every((name) => name in mark.sha256);
  // Any other spelling is not what was written.
  return isOfHere && isComplete && text(mark) === written ? mark : null;
}

/**
 * Whether a batch is there as it was written.
 * @param names all variables
 * @returns `absent` without a mark; else the files that are not what was written, none where all is well
 */
export async function checkBatch(
  files: StoreFiles,
  sweep: string,
  chunk: Chunk,
  names: readonly string[],
): Promise<'absent' | readonly AbsolutePath[]> {
  const path = markPath(chunk);
  const bytes = await files.get(path);
  if (bytes === undefined) return 'absent';
  const mark = readMark(bytes, sweep, chunk, names);
  if (mark === null) return [path];
  const damaged: AbsolutePath[] = [];
  for (const name of names) {
    const content = await files.get(chunkPath(name, chunk));
    if (content === undefined || sha256(content) !== mark.sha256[name]) {
      damaged.push(chunkPath(name, chunk));
    }
  }
  return damaged;
}

/** Variables in the order in which their chunks are written: the status last, for those who know no marks. */
export const writingOrder = (names: readonly string[]): string[] => [
  ...names.filter((name) => name !== STATUS),
  STATUS,
];
