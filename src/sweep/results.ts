/** A sweep's results as a data set: variables over named dimensions, read back from the store. */
import * as zarr from 'zarrita';
import { ParameterError } from '../model/parameters.js';
import { registerChecksum } from './checksum.js';
import { AtomicFiles, StoreError } from './files.js';
import { type NumberType, STATUS } from './layout.js';
import { variableName } from './observables.js';
import { type Identity, readRoot } from './store.js';

registerChecksum();

export interface ResultVariable {
  readonly name: string;
  readonly type: NumberType;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In C order: the last dimension fastest. */
  readonly values: Float64Array | Int32Array | Int8Array;
}

export interface Results {
  readonly identity: Identity;
  /** Who computed: the attributes of each solver. */
  readonly solvers: readonly unknown[];
  readonly dimensions: readonly { readonly name: string; readonly length: number }[];
  readonly coordinates: readonly ResultVariable[];
  /** Over all dimensions. */
  readonly variables: readonly ResultVariable[];
  /** Points of the grid, and those of them that are not yet solved. */
  readonly count: number;
  readonly pending: number;
}

/** The codes of a variable in words, or null where it holds plain numbers. */
export function meanings({ attributes }: ResultVariable): readonly string[] | null {
  const words = attributes.flag_meanings;
  return typeof words === 'string' ? words.split(' ') : null;
}

async function readVariable(files: AtomicFiles, name: string): Promise<ResultVariable> {
  try {
    const array = await zarr.open.v3(zarr.root(files).resolve(name), { kind: 'array' });
    const { data, shape } = await zarr.get(array as zarr.Array<NumberType, AtomicFiles>);
    return {
      name,
      type: array.dtype as NumberType,
      dimensions: array.dimensionNames ?? [],
      shape,
      attributes: array.attrs,
      values: data,
    };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const why = (error as Error).message;
    throw new StoreError(
      `${files.folder}: ${name} is damaged (${why}); the command that made the sweep mends it`,
    );
  }
}

const isVariable = async (files: AtomicFiles, name: string): Promise<boolean> => {
  const metadata = await files.get(`/${name}/zarr.json`);
  return metadata !== undefined && new TextDecoder().decode(metadata).includes('"array"');
};

async function solversOf(folder: string): Promise<unknown[]> {
  const files = new AtomicFiles(`${folder}/solvers`, '');
  const solvers: unknown[] = [];
  for (const name of (await files.list()).sort()) {
    const metadata = name === 'zarr.json' ? undefined : await files.get(`/${name}/zarr.json`);
    if (metadata !== undefined) {
      solvers.push(JSON.parse(new TextDecoder().decode(metadata)).attributes);
    }
  }
  return solvers;
}

/**
 * The results in a folder, as far as they are there.
 * @throws {ParameterError} where it holds none; {StoreError} where a file is damaged
 */
export async function readResults(folder: string): Promise<Results> {
  const files = new AtomicFiles(folder, '');
  const identity = await readRoot(files);
  if (identity === null) {
    throw new ParameterError('results', folder, 'a folder that `qmill sweep` has written');
  }
  const all: ResultVariable[] = [];
  for (const name of await files.list()) {
    if (!name.includes('.') && (await isVariable(files, name))) {
      all.push(await readVariable(files, name));
    }
  }
  const status = all.find(({ name }) => name === STATUS);
  if (status === undefined) throw new StoreError(`${folder}: ${STATUS} is missing`);
  const others = String(status.attributes.coordinates ?? '').split(' ');
  // Observables in the order of the plan, then what goes with every point.
  const order = identity.plan.observables.map(variableName);
  const rank = ({ name }: ResultVariable) => order.indexOf(name) + 1 || order.length + 1;
  all.sort((a, b) => rank(a) - rank(b));
  const isCoordinate = ({ name }: ResultVariable) =>
    status.dimensions.includes(name) || others.includes(name);
  let pending = 0;
  for (const code of status.values) if (code === 0) pending++;
  return {
    identity: { version: identity.version, plan: identity.plan },
    solvers: await solversOf(folder),
    dimensions: status.dimensions.map((name, d) => ({ name, length: status.shape[d] })),
    coordinates: all.filter(isCoordinate),
    variables: all.filter((variable) => !isCoordinate(variable)),
    count: status.values.length,
    pending,
  };
}
