/** The machines that come with the package: their files, and those of others, read as text. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describedMachine } from '../machine/description/described.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { suggestion } from '../machine/description/error.js';
import type { MachineModel } from '../machine/description/models.js';
import { ParameterError } from '../model/parameters.js';

const FOLDER = fileURLToPath(new URL('../../machines/', import.meta.url));
const EXTENSION = '.yaml';
/** A machine's file is a page or two. */
const MOST_BYTES = 1 << 20;

/** Names of the gallery's machines, in alphabetical order. */
export const galleryNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** A machine file's text. @param name a file, or the name of one of the gallery */
export function machineText(name: string): { readonly file: string; readonly text: string } {
  const known = galleryNames();
  const file = isFile(name) || !known.includes(name) ? name : `${FOLDER}${name}${EXTENSION}`;
  const allowed = (why: string) =>
    new ParameterError('machine', name, `a file, or one of ${known.join(', ')}${why}`);
  if (!isFile(file)) {
    throw allowed(/[./\\]/.test(name) ? ' (there is no such file)' : suggestion(name, known));
  }
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw allowed(` (it has ${size} bytes, of at most ${MOST_BYTES})`);
  // Of the gallery the name is enough.
  return { file: file === name ? name : `${name}${EXTENSION}`, text: readFileSync(file, 'utf8') };
}

/**
 * @param model the master equation, in place of the file's
 * @throws {ParameterError | MachineError}
 */
export function readMachine(name: string, model?: MachineModel): DescribedMachine {
  const { file, text } = machineText(name);
  return describedMachine(file, text, model);
}
