/** The root of a store: which sweep it is of, read as if another program could have written it. */
import { z } from 'zod';
import { MachineError } from '../machine/description/error.js';
import { ParameterError, UnknownKeyError } from '../model/parameters.js';
import { StoreError } from '../storage/errors.js';
import { version } from '../version.js';
import { MARKS, sha256 } from './marks.js';
import { unordered } from './plan.js';
import {
  type PlanRecord,
  type StoredPlan,
  storedPlanOfRecord,
  storedRecord,
} from './storedPlan.js';
import { type StoreFiles, WRITERS } from './storeFiles.js';

export const ROOT = '/zarr.json';
/** The layout of stores: its number changes when an earlier program could not read it. */
const FORMAT = 2;

/** What identifies a store: the same sweep, by the same program. */
export interface Identity {
  readonly version: string;
  readonly plan: PlanRecord;
}

const attributesSchema = z.object({
  format: z.literal(FORMAT),
  version: z.string(),
  plan: z.record(z.string(), z.unknown()),
  chunkShape: z.array(z.int().positive()),
  /** Of all of the above. */
  sha256: z.string(),
});
const rootSchema = z.object({
  zarr_format: z.literal(3),
  node_type: z.literal('group'),
  attributes: attributesSchema,
});

type RootAttributes = z.output<typeof attributesSchema>;

/** What identifies a sweep and its layout, in one number. */
const hashOf = ({ version: by, plan, chunkShape }: Omit<RootAttributes, 'format' | 'sha256'>) =>
  sha256(JSON.stringify([FORMAT, by, plan, chunkShape]));

/** The root's attributes of a new store. */
export function rootAttributes({ version: by, plan }: Identity, chunkShape: readonly number[]) {
  const content = { version: by, plan, chunkShape: [...chunkShape] };
  return {
    title: 'parameter sweep',
    program: 'quantum-mill',
    format: FORMAT,
    ...content,
    sha256: hashOf(content),
  };
}

/** A store's root, of which every number has been checked. */
export interface Root {
  readonly identity: Identity;
  readonly plan: StoredPlan;
  readonly chunkShape: readonly number[];
  /** Hash of all of these. */
  readonly sha256: string;
}

/** The attributes in a root, or null where there is no store. @throws {StoreError} where they are damaged */
async function readAttributes(files: StoreFiles): Promise<RootAttributes | null> {
  const bytes = await files.get(ROOT);
  if (bytes === undefined) return null;
  const path = `${files.folder}${ROOT}`;
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new StoreError(`${path} is not of a sweep, or damaged`);
  }
  const root = rootSchema.safeParse(content);
  if (!root.success) {
    const { path: at } = root.error.issues[0];
    throw new StoreError(
      `${path} is not of a sweep that this version reads, or damaged (${at.join('.') || 'no object'})`,
    );
  }
  const { attributes } = root.data;
  if (hashOf(attributes) !== attributes.sha256) {
    throw new StoreError(`${path} is damaged: its checksum does not agree with its content`);
  }
  return attributes;
}

/** How a record that means nothing here is refused. */
const REFUSALS = [ParameterError, UnknownKeyError, MachineError] as const;

/** What the attributes mean. @throws {StoreError} for those of another version that means something else */
function rootOf(files: StoreFiles, attributes: RootAttributes): Root {
  const { version: by, chunkShape } = attributes;
  const refuse = (why: string): never => {
    throw new StoreError(
      `${files.folder}${ROOT} cannot be read by quantum-mill ${version}; it was made by ${by} (${why})`,
    );
  };
  let plan: StoredPlan;
  try {
    plan = storedPlanOfRecord(attributes.plan);
  } catch (error) {
    if (!REFUSALS.some((kind) => error instanceof kind)) throw error;
    return refuse((error as Error).message);
  }
  const record = storedRecord(plan);
  const changed = differences(attributes.plan, record);
  if (changed.length > 0) refuse(changed[0]);
  const fits = (n: number, d: number) => n <= plan.dimensions[d].length;
  if (chunkShape.length !== plan.dimensions.length || !chunkShape.every(fits)) {
    refuse(`chunkShape = ${JSON.stringify(chunkShape)}`);
  }
  return {
    identity: { version: by, plan: record },
    plan,
    chunkShape,
    sha256: attributes.sha256,
  };
}

/**
 * The root of the store in a folder, or null where there is none.
 * @throws {StoreError} where it is damaged, or no sweep's
 */
export async function readRoot(files: StoreFiles): Promise<Root | null> {
  const attributes = await readAttributes(files);
  return attributes === null ? null : rootOf(files, attributes);
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

/** What differs between two JSON values, a line for each place; not the order of an object's keys. */
export function differences(stored: unknown, wanted: unknown): string[] {
  const [a, b] = [leaves(stored), leaves(wanted)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${a.get(path) ?? 'absent'} there, ${b.get(path) ?? 'absent'} here`);
}

const comparable = ({ version: by, plan }: { version: string; plan: Record<string, unknown> }) => {
  const order = z.array(z.array(z.string())).safeParse(plan.dimensions);
  const dimensions = order.success ? unordered(order.data) : plan.dimensions;
  return { version: by, ...plan, dimensions };
};

/**
 * The root of the store that is to be used, or null where it is yet to be made.
 * @throws {ParameterError} where the folder holds something else, or the results of another plan
 * @throws {StoreError} where the root is damaged
 */
export async function checkedRoot(files: StoreFiles, wanted: Identity): Promise<Root | null> {
  let attributes = await readAttributes(files);
  if (attributes === null) {
    const own = [WRITERS, MARKS];
    const others = (await files.list()).filter((name) => !own.includes(name));
    if (others.length === 0) return null;
    // Another shard may have made the store between the two looks: its root comes first.
    attributes = await readAttributes(files);
    if (attributes === null) {
      throw new ParameterError(
        'out',
        files.folder,
        `a new or empty folder, or results of this plan (it holds ${others[0]})`,
      );
    }
  }
  const changed = differences(comparable(attributes), comparable(wanted));
  if (changed.length === 0) return rootOf(files, attributes);
  throw new ParameterError(
    'out',
    files.folder,
    `a new folder, or results of this plan; those there are of another: ${changed.join('; ')}`,
  );
}
