/** YAML that somebody else may have written: read within bounds, refused in one line. */
import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ParameterError } from '../model/parameters.js';

const require = createRequire(import.meta.url);

/** A plan of ten million numbers is smaller. */
const MOST_BYTES = 1 << 27;

/** A text that is not YAML, or not of a kind that is read. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/**
 * What a YAML text holds. The package is loaded with the first text: most command lines hold none.
 * @throws {YamlError} with the reason, and the place, in one line
 */
export function parseYaml(text: string): unknown {
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    return parse(text, { logLevel: 'error', merge: true });
  } catch (error) {
    // Of broken syntax, of aliases without an anchor, and of those that would fill the memory.
    const { message } = error as Error;
    if (/call stack/.test(message)) throw new YamlError('it is nested too deeply');
    throw new YamlError(message.split('\n')[0].replace(/:$/, ''));
  }
}

/** The whole of a file that need not have a size, such as a pipe. @throws {YamlError} */
function readText(file: string): string {
  const parts: Buffer[] = [];
  const descriptor = openSync(file, 'r');
  try {
    let total = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(1 << 16);
      const length = readSync(descriptor, part);
      if (length === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, length));
      total += length;
      if (total > MOST_BYTES) throw new YamlError(`it has more than ${MOST_BYTES} bytes`);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * A YAML file that holds a mapping.
 * @param field what the file is, for messages
 * @param note told where the file holds nothing
 * @throws {ParameterError}
 */
export function readYaml(
  file: string,
  field = 'config',
  note: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Record<string, unknown> {
  let content: unknown;
  try {
    content = parseYaml(readText(file));
  } catch (error) {
    if (error instanceof YamlError) {
      throw new ParameterError(field, file, `valid YAML (${error.message})`);
    }
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ParameterError(field, file, `a readable YAML file (${why})`);
  }
  if (content === null || content === undefined) {
    note(`${field} ${JSON.stringify(file)} holds nothing: defaults are used`);
    return {};
  }
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ParameterError(field, file, 'a YAML mapping of names to values');
  }
  return content as Record<string, unknown>;
}
