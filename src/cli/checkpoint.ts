/** Where a long run has come to, in a file. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ParameterError } from '../model/parameters.js';

interface Content<Checkpoint> {
  /** What was asked for, which must be the same to go on. */
  readonly request: unknown;
  readonly checkpoint: Checkpoint;
}

/** The first key in which two requests differ. */
function difference(a: unknown, b: unknown): string | null {
  if (JSON.stringify(a) === JSON.stringify(b)) return null;
  const [x, y] = [a, b] as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
    if (JSON.stringify(x[key]) === JSON.stringify(y[key])) continue;
    const isObject = typeof x[key] === 'object' && typeof y[key] === 'object';
    return isObject && x[key] !== null && y[key] !== null && !Array.isArray(x[key])
      ? difference(x[key], y[key])
      : key;
  }
  return null;
}

/**
 * The checkpoint in a file, or nothing where there is no file.
 * @throws {ParameterError} for a file that is none, or is one of another run
 */
export function readCheckpoint<Checkpoint>(file: string, request: unknown): Checkpoint | undefined {
  if (!existsSync(file)) return undefined;
  let content: Content<Checkpoint>;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ParameterError('checkpoint', file, 'a checkpoint of qmill, or no file yet');
  }
  const key = difference(content.request, JSON.parse(JSON.stringify(request)));
  if (key !== null) {
    throw new ParameterError('checkpoint', file, `of the same run (another '${key}')`);
  }
  return content.checkpoint;
}

/** Writes beside the file and renames, so that the file is whole at any moment. */
export function writeCheckpoint(file: string, request: unknown, checkpoint: unknown): void {
  const content: Content<unknown> = { request, checkpoint };
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(content));
    renameSync(temporary, file);
  } catch (error) {
    const why = (error as Error).message;
    throw new ParameterError('checkpoint', file, `a file that can be written (${why})`);
  }
}

export const removeCheckpoint = (file: string): void => rmSync(file, { force: true });
