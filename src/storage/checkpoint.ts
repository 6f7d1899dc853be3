/**
 * Where a long run has come to, in a file: one format for all commands.
 *
 * The first line names the format and the hash of all that follows it; then one line of JSON, and the numbers.
 * A checkpoint is whole, of the same run, and has the shape of its command; or it is refused.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { ParameterError } from '../model/parameters.js';
import { version } from '../version.js';
import { type Disk, realDisk } from './disk.js';
import { explained } from './errors.js';
import { replaceFile } from './files.js';
import { pack, unpack } from './packed.js';

/** What a command keeps in its checkpoints. */
export interface CheckpointKind<State> {
  readonly command: 'steady' | 'evolve' | 'collide' | 'trajectories';
  /** The option that names the file, for messages. */
  readonly field: 'checkpoint' | 'resume';
  readonly state: z.ZodType<State>;
}

const FORMAT = 'quantum-mill checkpoint 2';
const FIRST_LINE = /^quantum-mill checkpoint (\d+) ([0-9a-f]{64})$/;
const NEWLINE = 10;

const contentSchema = z.strictObject({
  version: z.string(),
  command: z.string(),
  /** What was asked for, which must be the same to go on. */
  request: z.record(z.string(), z.unknown()),
  state: z.unknown(),
});

/** Lists of finite numbers, for the schemas of states. */
export const numbers = z.array(z.number());
export const float64 = z
  .instanceof(Float64Array)
  .refine((all) => all.every(Number.isFinite), 'numbers that are not finite');
/** The bounds of a window of rotor levels. */
export const windowFields = { lmin: z.int().max(0), lmax: z.int().min(0) };

const show = (value: unknown): string => JSON.stringify(value) ?? 'absent';

/** The first place in which two requests differ, or null. */
function difference(there: unknown, here: unknown, path = ''): string | null {
  if (show(there) === show(here)) return null;
  const isObject = (x: unknown): x is Record<string, unknown> =>
    typeof x === 'object' && x !== null && !Array.isArray(x);
  if (!isObject(there) || !isObject(here)) {
    const [a, b] = [show(there), show(here)];
    const values = a.length + b.length > 80 ? '' : `: ${a} there, ${b} here`;
    return `another '${path}'${values}`;
  }
  for (const key of new Set([...Object.keys(there), ...Object.keys(here)])) {
    const found = difference(there[key], here[key], key);
    if (found !== null) return found;
  }
  return null;
}

/** A request as a reader gets it back. */
const plain = (request: unknown): unknown => JSON.parse(JSON.stringify(request));

/**
 * Reads a checkpoint.
 * @param request what is asked for now
 * @returns undefined where there is no file
 * @throws {ParameterError} for a file that is damaged, of another command or version, or of another run
 * @throws {StoreError} where the operating system refuses
 */
export async function readCheckpoint<State>(
  file: string,
  { command, field, state }: CheckpointKind<State>,
  request: unknown,
  disk: Disk = realDisk,
): Promise<State | undefined> {
  const refuse = (why: string): never => {
    throw new ParameterError(field, file, `a checkpoint of the same run (${why})`);
  };
  const bytes = await explained('cannot read', file, () => disk.read(file));
  if (bytes === undefined) return undefined;
  const end = bytes.subarray(0, 200).indexOf(NEWLINE);
  const line = new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)));
  const [, format, hash] = FIRST_LINE.exec(line) ?? refuse('this is none');
  if (`quantum-mill checkpoint ${format}` !== FORMAT) refuse(`of format ${format}, not 2`);
  const rest = bytes.subarray(end + 1);
  if (createHash('sha256').update(rest).digest('hex') !== hash) {
    refuse('this one is damaged: its checksum does not agree with its content');
  }
  const jsonEnd = rest.indexOf(NEWLINE);
  let unpacked: unknown;
  try {
    const json = new TextDecoder().decode(rest.subarray(0, Math.max(0, jsonEnd)));
    unpacked = unpack(json, rest.subarray(jsonEnd + 1));
  } catch (error) {
    return refuse(`this one is damaged: ${(error as Error).message}`);
  }
  const content = contentSchema.safeParse(unpacked);
  if (!content.success) return refuse(`this one is damaged at ${placeOf(content.error)}`);
  const { data } = content;
  if (data.command !== command) refuse(`of qmill ${data.command}`);
  if (data.version !== version) refuse(`of quantum-mill ${data.version}; this is ${version}`);
  const another = difference(data.request, plain(request));
  if (another !== null) refuse(another);
  const read = state.safeParse(data.state);
  return read.success ? read.data : refuse(`this one is damaged at ${placeOf(read.error)}`);
}

const placeOf = ({ issues: [{ path, message }] }: z.ZodError): string =>
  `${path.join('.') || 'its root'}, ${message}`;

/**
 * Writes a checkpoint; whatever happens, the file is the earlier one or this one.
 * @throws {StoreError} where the operating system refuses
 */
export async function writeCheckpoint<State>(
  file: string,
  { command }: CheckpointKind<State>,
  request: unknown,
  state: State,
  disk: Disk = realDisk,
): Promise<void> {
  const { json, parts } = pack({ version, command, request: plain(request), state });
  const body = [new TextEncoder().encode(`${json}\n`), ...parts];
  const hash = createHash('sha256');
  for (const part of body) hash.update(part);
  const first = new TextEncoder().encode(`${FORMAT} ${hash.digest('hex')}\n`);
  await replaceFile(file, [first, ...body], disk);
}

/** Removes the checkpoint of a run that has come to its end. */
export const removeCheckpoint = (file: string): Promise<void> =>
  explained('cannot remove', file, () => rm(file, { force: true }));
