/** `qmill schema`: what commands print with `--json`, and what a machine file holds, as JSON Schemas. */
import { machineJsonSchema } from '../machine/description/jsonSchema.js';
import { ParameterError } from '../model/parameters.js';
import type { AddCommand } from './command.js';
import { printJson } from './json.js';
import { OUTPUT_NAMES, type OutputName, outputSchema, SCHEMA_VERSION } from './outputSchemas.js';

/** Of no command: a machine file's own. */
const MACHINE = 'machine';

const isOutput = (name: string): name is OutputName => OUTPUT_NAMES.some((known) => known === name);

async function runSchema(name: string | undefined): Promise<number> {
  if (name === MACHINE) {
    printJson(
      machineJsonSchema(`https://quantum-mill.example/schema/${SCHEMA_VERSION}/machine.json`),
    );
    return 0;
  }
  if (name !== undefined && !isOutput(name)) {
    throw new ParameterError('command', name, `one of ${[...OUTPUT_NAMES, MACHINE].join(', ')}`);
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
    .argument(
      '[command]',
      `one of ${OUTPUT_NAMES.join(', ')}; all of them by default; or ${MACHINE}, what a machine file holds`,
    )
    .addHelpText(
      'after',
      `
JSON Schema, draft 2020-12, with descriptions and units; "along" names the dimension of a list. New fields may join
within a version.

Examples:
  qmill schema steady > steady.json      what qmill steady --json prints
  qmill schema                           all of them, by the names of their commands
  qmill schema machine > machine.json    for an editor that checks machine files while they are written`,
    )
    .action(running(runSchema));
};
