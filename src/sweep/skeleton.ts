/** Metadata and coordinates of a store: every file but its batches, as the plan alone makes them. */
import * as zarr from 'zarrita';
import { registerChecksum } from './checksum.js';
import type { ChunkGrid } from './chunks.js';
import type { NumberType, Variable } from './layout.js';
import { ROOT } from './root.js';
import { type StoredPlan, storedCoordinates, storedVariables } from './storedPlan.js';

registerChecksum();

const codecs = [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }].map(
  ({ name, configuration = {} }) => ({ name, configuration }),
);

export type Values = Float64Array | Int32Array | Int8Array;

/** Values in C order as zarrita takes them. */
export function chunkOf<V extends Values>(data: V, shape: readonly number[]) {
  const stride = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1));
  return { data, shape: [...shape], stride };
}

/** Files of a store that are held in memory. */
export type Files = Map<string, Uint8Array>;

export async function openArray<S extends zarr.Readable>(
  files: S,
  name: string,
): Promise<zarr.Array<NumberType, S>> {
  const array = await zarr.open.v3(zarr.root(files).resolve(name), { kind: 'array' });
  return array as zarr.Array<NumberType, S>;
}

/**
 * Every file of a store but its batches. The root holds a copy of all metadata, so that a reader needs one
 * file to know the whole (what Zarr calls consolidated metadata).
 */
export async function skeleton(
  plan: StoredPlan,
  grid: ChunkGrid,
  attributes: object,
): Promise<Files> {
  const files: Files = new Map();
  const group = zarr.root(files);
  const create = (v: Variable, shape: readonly number[], chunkShape: readonly number[]) =>
    zarr.create(group.resolve(v.name), {
      shape: [...shape],
      chunkShape: [...chunkShape],
      dtype: v.type,
      codecs,
      fillValue: v.fill,
      dimensionNames: [...v.dimensions],
      attributes: v.attributes as zarr.Attributes,
    });
  const metadata: Record<string, unknown> = {};
  const remember = ({ name }: Variable) => {
    metadata[name] = JSON.parse(new TextDecoder().decode(files.get(`/${name}/zarr.json`)));
  };
  for (const variable of storedVariables(plan)) {
    await create(variable, grid.shape, grid.chunkShape);
    remember(variable);
  }
  for (const coordinate of storedCoordinates(plan)) {
    const array = await create(coordinate, coordinate.shape, coordinate.shape);
    await zarr.set(array, null, chunkOf(coordinate.values, coordinate.shape));
    remember(coordinate);
  }
  const root = {
    zarr_format: 3,
    node_type: 'group',
    attributes,
    consolidated_metadata: { kind: 'inline', must_understand: false, metadata },
  };
  files.set(ROOT, new TextEncoder().encode(JSON.stringify(root, null, 2)));
  return files;
}
