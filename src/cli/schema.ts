/** `qmill schema`: what commands print with `--json`, as JSON Schemas. */
import { ParameterError } from '../model/parameters.js';
import type { AddCommand } from './command.js';
import { printJson } from './json.js';
import { OUTPUT_NAMES, type OutputName, outputSchema, SCHEMA_VERSION } from './outputSchemas.js';

const isOutput = (name: string): name is OutputName => OUTPUT_NAMES.some((known) => known === name);

export async function runSchema(name: string | undefined): Promise<number> {
  if (name !== undefined && !isOutput(name)) {
    throw new ParameterError('command', name, `one of ${OUTPUT_NAMES.join(', ')}`);
  }
  printJson(
    name === undefined
      ? {
          version: SCHEMA_VERSION,
          schemas: Object.fromEntries(OUTPUT_NAMES.map((each) => [each, outputSchema(each)])),
        }
      : outputSchema(name),
  );
  return 0;
}

export const addSchema: AddCommand = (command, running) => {
  command
    .argument('[command]', `one of ${OUTPUT_NAMES.join(', ')}; all of them by default`)
    .addHelpText(
      'after',
      `
JSON Schema, draft 2020-12, with descriptions and units; "along" names the dimension of a list. New fields may join
within a version.

Examples:
  qmill schema steady > steady.json      what qmill steady --json prints
  qmill schema                           all of them, by the names of their commands`,
    )
    .action(running(runSchema));
};
