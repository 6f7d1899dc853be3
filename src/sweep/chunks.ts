/** The grid of points cut into rectangular chunks: one is solved, written and, if need be, lost at a time. */

export interface ChunkGrid {
  /** Points along each dimension, in all and in one chunk. */
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  /** Chunks along each dimension, and in all. */
  readonly counts: readonly number[];
  readonly count: number;
}

/** A chunk's place in the grid: its points, the last dimension fastest. */
export interface Chunk {
  readonly index: number;
  /** Its place among the chunks along each dimension. */
  readonly place: readonly number[];
  /** The first point along each dimension, and how many: fewer than `chunkShape` at the end of one. */
  readonly begin: readonly number[];
  readonly shape: readonly number[];
}

const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);

/** A grid in chunks of about, and at most, so many points, along the last dimensions first. */
export function chunkShapeFor(shape: readonly number[], points: number): number[] {
  const chunkShape = shape.map(() => 1);
  let room = Math.max(1, Math.floor(points));
  for (let d = shape.length - 1; d >= 0; d--) {
    const pieces = Math.ceil(shape[d] / Math.min(shape[d], room));
    chunkShape[d] = Math.ceil(shape[d] / pieces);
    room = Math.floor(room / chunkShape[d]);
    if (room < 1 || chunkShape[d] < shape[d]) break;
  }
  return chunkShape;
}

export function chunkGrid(shape: readonly number[], chunkShape: readonly number[]): ChunkGrid {
  const counts = shape.map((n, d) => Math.ceil(n / chunkShape[d]));
  return { shape, chunkShape, counts, count: product(counts) };
}

/** The place along each dimension of what has a number; the last one varies fastest. */
export function placeIn(lengths: readonly number[], index: number): number[] {
  const place = lengths.map(() => 0);
  let rest = index;
  for (let d = lengths.length - 1; d >= 0; d--) {
    place[d] = rest % lengths[d];
    rest = Math.floor(rest / lengths[d]);
  }
  return place;
}

/** The chunk of the given number, 0 ≤ index < grid.count. */
export function chunkAt({ shape, chunkShape, counts }: ChunkGrid, index: number): Chunk {
  const place = placeIn(counts, index);
  const begin = place.map((at, d) => at * chunkShape[d]);
  return {
    index,
    place,
    begin,
    shape: begin.map((at, d) => Math.min(chunkShape[d], shape[d] - at)),
  };
}

/** The numbers, in the whole grid, of a chunk's points. */
export function pointsOf({ shape }: ChunkGrid, chunk: Chunk): Float64Array {
  const points = new Float64Array(chunkSize(chunk));
  for (let i = 0; i < points.length; i++) {
    let rest = i;
    let stride = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      points[i] += (chunk.begin[d] + (rest % chunk.shape[d])) * stride;
      rest = Math.floor(rest / chunk.shape[d]);
      stride *= shape[d];
    }
  }
  return points;
}

/** One part of a sweep of several that run side by side: chunk c is of shard c mod `of`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Shard = { index: 1, of: 1 };

export function* chunksOf(grid: ChunkGrid, { index, of }: Shard): Generator<Chunk> {
  for (let c = index - 1; c < grid.count; c += of) yield chunkAt(grid, c);
}

/** Points of a chunk. */
export const chunkSize = ({ shape }: Chunk): number => product(shape);

/** Points of all chunks of a shard. */
export function pointsOfShard(grid: ChunkGrid, shard: Shard): number {
  let total = 0;
  for (const chunk of chunksOf(grid, shard)) total += chunkSize(chunk);
  return total;
}
