/** An initial state from a command's own options: flags hold structured values as YAML. */
import { initialSchema } from '../model/initial.js';
import { ParameterError } from '../model/parameters.js';
import { parseYaml, YamlError } from './yaml.js';

function asYaml(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseYaml(value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ParameterError(field, value, 'a number, a name, or YAML such as {angle: 0}');
  }
}

/** The keys of the initial state among those that were given. */
export const initialInput = (own: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(initialSchema.shape).flatMap((key) =>
      own[key] === undefined ? [] : [[key, asYaml(key, own[key])]],
    ),
  );
