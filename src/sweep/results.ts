/** A sweep's results as a data set: variables over named dimensions, read back from the store. */
import * as zarr from 'zarrita';
import { z } from 'zod';
import { ParameterError } from '../model/parameters.js';
import type { Disk } from '../storage/disk.js';
import { StoreError } from '../storage/errors.js';
import { chunkGrid } from './chunks.js';
import { type Coordinate, type NumberType, STATUS, type Variable } from './layout.js';
import { type Identity, readRoot } from './root.js';
import { openArray, skeleton, type Values } from './skeleton.js';
import { storedCoordinates, storedVariables } from './storedPlan.js';
import { StoreFiles } from './storeFiles.js';
import { VerifiedChunks } from './verified.js';

export interface ResultVariable {
  readonly name: string;
  readonly type: NumberType;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Variable['attributes'];
  /** In C order: the last dimension fastest. */
  readonly values: Values;
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
  /** Files about the results, not of them, that are damaged: what they say is left out. */
  readonly damaged: readonly string[];
}

/** The codes of a variable in words, or null where it holds plain numbers. */
export function meanings({ attributes }: ResultVariable): readonly string[] | null {
  const words = attributes.flag_meanings;
  return typeof words === 'string' ? words.split(' ') : null;
}

/** Whether a number of a variable stands for none. */
export const isAbsent = ({ attributes }: ResultVariable, value: number): boolean =>
  Number.isNaN(value) || value === attributes._FillValue;

const resultOf = (
  { name, type, dimensions, attributes }: Variable,
  shape: readonly number[],
  values: Values,
): ResultVariable => ({ name, type, dimensions, shape, attributes, values });

/** Largest difference, relative, of a coordinate from the plan's: another machine may round otherwise. */
const ROUNDING = 1e-12;

/** A coordinate as it is stored, of which the plan knows what it has to be. */
async function readCoordinate(files: StoreFiles, coordinate: Coordinate): Promise<ResultVariable> {
  const { name, shape, values } = coordinate;
  const damaged = (why: string) =>
    new StoreError(
      `${files.folder}: ${name} is damaged (${why}); the command that made the sweep mends it`,
    );
  let stored: Values;
  try {
    stored = (await zarr.get(await openArray(files, name))).data;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw damaged((error as Error).message);
  }
  const isNear = (value: number, i: number) =>
    Math.abs(stored[i] - value) <= ROUNDING * Math.abs(value);
  if (stored.length !== values.length || !values.every(isNear)) {
    throw damaged('its values are not those of the plan');
  }
  return resultOf(coordinate, shape, Float64Array.from(stored));
}

const solverSchema = z.object({ attributes: z.record(z.string(), z.unknown()) });

/** Who computed, and the files that do not say so any more. */
async function solversOf(files: StoreFiles) {
  const solvers: unknown[] = [];
  const damaged: string[] = [];
  for (const name of (await files.list('solvers')).sort()) {
    if (name === 'zarr.json') continue;
    const path = `/solvers/${name}/zarr.json` as const;
    const bytes = await files.get(path);
    try {
      const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
      solvers.push(solverSchema.parse(content).attributes);
    } catch {
      damaged.push(path);
    }
  }
  return { solvers, damaged };
}

/**
 * The results in a folder, as far as they are there.
 * @throws {ParameterError} where it holds none; {StoreError} where a file is damaged
 */
export async function readResults(folder: string, disk?: Disk): Promise<Results> {
  const files = new StoreFiles(folder, disk);
  const root = await readRoot(files);
  if (root === null) {
    throw new ParameterError('results', folder, 'a folder that `qmill sweep` has written');
  }
  const { plan, identity } = root;
  const shape = plan.dimensions.map(({ length }) => length);
  const grid = chunkGrid(shape, root.chunkShape);
  const metadata = await skeleton(plan, grid, {});
  const chunks = new VerifiedChunks(files, plan, grid, root.sha256, metadata);
  const variables: ResultVariable[] = [];
  for (const variable of storedVariables(plan)) {
    const { data } = await zarr.get(await openArray(chunks, variable.name));
    variables.push(resultOf(variable, shape, data));
  }
  const coordinates: ResultVariable[] = [];
  for (const coordinate of storedCoordinates(plan)) {
    coordinates.push(await readCoordinate(files, coordinate));
  }
  const status = variables.find(({ name }) => name === STATUS) as ResultVariable;
  let pending = 0;
  for (const code of status.values) if (code === 0) pending++;
  return {
    identity,
    ...(await solversOf(files)),
    dimensions: status.dimensions.map((name, d) => ({ name, length: shape[d] })),
    coordinates,
    variables,
    count: status.values.length,
    pending,
  };
}
