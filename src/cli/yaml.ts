/** YAML, whose package is loaded by the first command line that holds some: most do not. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** @throws {YamlError} where the text is not YAML, with the place in the first line of its message */
export function parseYaml(text: string): unknown {
  const { parse, YAMLParseError } = require('yaml') as typeof import('yaml');
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new YamlError(error.message.split('\n')[0].replace(/:$/, ''));
  }
}

/** A text that is not YAML. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}
