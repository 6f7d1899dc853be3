/**
 * A sweep's results on disk: a Zarr v3 group, each variable an array over the grid, one chunk a batch.
 *
 * Every file is written whole or not at all, and a batch's `status` chunk after all its others, so that a
 * batch is there or is not. Nothing in a store depends on when, or how often interrupted, it was made.
 */
import { createHash } from 'node:crypto';
import * as zarr from 'zarrita';
import { ParameterError } from '../model/parameters.js';
import { version } from '../version.js';
import type { BatchSolver } from './batchSolver.js';
import { isIntact, registerChecksum } from './checksum.js';
import { type Chunk, type ChunkGrid, chunkGrid, chunkShapeFor, type Shard } from './chunks.js';
import { AtomicFiles, StoreError } from './files.js';
import { coordinatesOf, type NumberType, STATUS, type Variable, variablesOf } from './layout.js';
import { type Plan, planRecord } from './plan.js';

registerChecksum();

const ROOT = '/zarr.json';
const SCRATCH = '.unfinished';
const codecs = [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }].map(
  ({ name, configuration = {} }) => ({ name, configuration }),
);
const BYTES = { float64: 8, int32: 4, int8: 1 } as const;
const fill = { float64: Number.NaN, int32: 0, int8: 0 } as const;

type Values = Float64Array | Int32Array | Int8Array;
type StoredArray = zarr.Array<NumberType, AtomicFiles>;

/** The numbers of a chunk's points, by the names of the variables. */
export type ChunkValues = Readonly<Record<string, Values>>;

/** What identifies a store: the same sweep, by the same program. */
export interface Identity {
  readonly version: string;
  readonly plan: ReturnType<typeof planRecord>;
}

interface RootAttributes extends Identity {
  readonly title: string;
  readonly program: string;
  readonly chunkShape: readonly number[];
}

/** The leaves of a JSON value, by their paths. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leaves(inner, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

/** What differs between two JSON values, a line for each place. */
export function differences(stored: unknown, wanted: unknown): string[] {
  const [a, b] = [leaves(stored), leaves(wanted)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${a.get(path) ?? 'absent'} there, ${b.get(path) ?? 'absent'} here`);
}

/** The root's attributes of an existing store, or null where there is none. */
export async function readRoot(files: AtomicFiles): Promise<RootAttributes | null> {
  const bytes = await files.get(ROOT);
  if (bytes === undefined) return null;
  try {
    const { attributes } = JSON.parse(new TextDecoder().decode(bytes));
    if (attributes.plan === undefined || attributes.chunkShape === undefined) throw new Error();
    return attributes as RootAttributes;
  } catch {
    throw new StoreError(`${files.folder}${ROOT} is not of a sweep, or damaged`);
  }
}

const pathOf = (name: string): zarr.AbsolutePath => `/${name}`;

/** Every file of a store but its root and the batches: metadata and coordinates. */
async function skeleton(plan: Plan, grid: ChunkGrid): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const root = zarr.root(files);
  const create = (v: Variable, shape: readonly number[], chunkShape: readonly number[]) =>
    zarr.create(root.resolve(v.name), {
      shape: [...shape],
      chunkShape: [...chunkShape],
      dtype: v.type,
      codecs,
      fillValue: fill[v.type],
      dimensionNames: [...v.dimensions],
      attributes: v.attributes as zarr.Attributes,
    });
  for (const variable of variablesOf(plan)) await create(variable, grid.shape, grid.chunkShape);
  for (const coordinate of coordinatesOf(plan)) {
    const array = await create(coordinate, coordinate.shape, coordinate.shape);
    await zarr.set(array, null, chunkOf(coordinate.values, coordinate.shape));
  }
  return files;
}

/** Values in C order as zarrita takes them. */
function chunkOf<V extends Values>(data: V, shape: readonly number[]) {
  const stride = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1));
  return { data, shape: [...shape], stride };
}

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(b);

async function openArray(files: AtomicFiles, name: string): Promise<StoredArray> {
  const array = await zarr.open.v3(zarr.root(files).resolve(name), { kind: 'array' });
  return array as StoredArray;
}

/**
 * The root of the store that is to be used, or null where it is yet to be made.
 * @throws {ParameterError} where the folder is not for it
 */
async function checkedRoot(files: AtomicFiles, wanted: Identity): Promise<RootAttributes | null> {
  let root = await readRoot(files);
  if (root === null) {
    const others = (await files.list()).filter((name) => !name.startsWith(SCRATCH));
    if (others.length === 0) return null;
    // Another shard may have made the store between the two looks: its root comes first.
    root = await readRoot(files);
    if (root === null) {
      throw new ParameterError(
        'out',
        files.folder,
        `a new or empty folder, or results of this plan (it holds ${others[0]})`,
      );
    }
  }
  const { version: madeBy, plan } = root;
  const changed = differences(
    { version: madeBy, ...plan },
    { version: wanted.version, ...wanted.plan },
  );
  if (changed.length === 0) return root;
  throw new ParameterError(
    'out',
    files.folder,
    `a new folder, or results of this plan; those there are of another: ${changed.join('; ')}`,
  );
}

export class SweepStore {
  private constructor(
    readonly plan: Plan,
    readonly grid: ChunkGrid,
    private readonly files: AtomicFiles,
    private readonly arrays: ReadonlyMap<string, StoredArray>,
  ) {}

  /**
   * Opens a plan's store, makes it where there is none, and mends what a kill or a disk left of it.
   * @param batch gives the points of a batch for a new store
   * @throws {ParameterError} where the folder holds something else, or the results of another plan
   * @throws {StoreError} where the operating system refuses
   */
  static async open(
    folder: string,
    plan: Plan,
    shard: Shard,
    batch: () => Promise<number>,
  ): Promise<SweepStore> {
    const scratch = `${SCRATCH}-${shard.index}-of-${shard.of}`;
    const files = new AtomicFiles(folder, scratch);
    const identity: Identity = { version, plan: planRecord(plan) };
    let root = await checkedRoot(files, identity);
    await files.begin();
    if (root === null) {
      const shape = plan.dimensions.map(({ length }) => length);
      const chunkShape = chunkShapeFor(shape, await batch());
      const attributes = {
        title: 'parameter sweep',
        program: 'quantum-mill',
        ...identity,
        chunkShape,
      };
      const made = new Map<string, Uint8Array>();
      await zarr.create(zarr.root(made), { attributes });
      await files.setNew(ROOT, made.get(ROOT) as Uint8Array);
      // Where another shard was first, its batches count.
      root = await checkedRoot(files, identity);
    }
    const grid = chunkGrid(
      plan.dimensions.map(({ length }) => length),
      (root as RootAttributes).chunkShape,
    );
    for (const [key, bytes] of await skeleton(plan, grid)) {
      const path = key as zarr.AbsolutePath;
      if (!sameBytes(await files.get(path), bytes)) await files.set(path, bytes);
    }
    const arrays = new Map<string, StoredArray>();
    for (const { name } of variablesOf(plan)) arrays.set(name, await openArray(files, name));
    return new SweepStore(plan, grid, files, arrays);
  }

  /**
   * Whether a chunk is there, whole and undamaged. What is damaged is removed.
   * @param damaged called with the path of each damaged file
   */
  async isComplete({ place }: Chunk, damaged: (path: string) => void): Promise<boolean> {
    // The mark first: without it nothing else counts.
    const names = [STATUS, ...[...this.arrays.keys()].filter((name) => name !== STATUS)];
    const points = this.grid.chunkShape.reduce((a, b) => a * b, 1);
    let complete = true;
    for (const name of names) {
      const path = pathOf(`${name}/c/${place.join('/')}`);
      const bytes = await this.files.get(path);
      if (bytes === undefined) {
        if (name === STATUS) return false;
        complete = false;
      } else if (!isIntact(bytes, points * BYTES[this.arrays.get(name)!.dtype])) {
        damaged(path);
        await this.files.remove(path);
        complete = false;
      }
    }
    return complete;
  }

  /** Writes a chunk, its mark last. */
  async write(chunk: Chunk, values: ChunkValues): Promise<void> {
    const write = async (name: string) => {
      const selection = chunk.begin.map((at, d) => zarr.slice(at, at + chunk.shape[d]));
      const array = this.arrays.get(name)!;
      await zarr.set(array, selection, chunkOf(values[name], chunk.shape));
    };
    const others = [...this.arrays.keys()].filter((name) => name !== STATUS);
    await Promise.all(others.map(write));
    await write(STATUS);
  }

  /** The status of every point of the grid, as codes. */
  async statuses(): Promise<Int8Array> {
    const { data } = await zarr.get(this.arrays.get(STATUS)!);
    return data as Int8Array;
  }

  /** Records who computes, for the provenance of what `path` names. */
  async record({ name, adapter, details }: BatchSolver): Promise<void> {
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

  async close(): Promise<void> {
    await this.files.end();
  }
}
