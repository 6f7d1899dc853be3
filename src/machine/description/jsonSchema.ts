/** The JSON Schema of a machine file, by which editors complete and check it while it is written. */
import { z } from 'zod';
import { allowedWords, machineSchema } from './schema.js';

type Schema = { description?: string } & { [key: string]: unknown };

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

/** The parts of a schema that a key leads to; * stands for whatever name or index. */
function inner(schema: Schema, key: string): Schema[] {
  const { properties, additionalProperties, items, prefixItems } = schema;
  const named = isSchema(properties) ? properties[key] : undefined;
  const listed = Array.isArray(prefixItems) ? prefixItems : [items];
  const found = key === '*' ? [additionalProperties, ...listed] : [named];
  const branches = [schema.anyOf, schema.oneOf].flatMap((all) => (Array.isArray(all) ? all : []));
  return [
    ...found.filter(isSchema),
    ...branches.filter(isSchema).flatMap((one) => inner(one, key)),
  ];
}

/** JSON Schema, draft 2020-12, with what is allowed at each place in words. */
export function machineJsonSchema(id: string): Readonly<Record<string, unknown>> {
  const { $schema = '', ...schema } = z.toJSONSchema(machineSchema, { io: 'input' });
  for (const [pattern, words] of Object.entries(allowedWords)) {
    const keys = pattern === '' ? [] : pattern.split('.');
    const places = keys.reduce(
      (all, key) => all.flatMap((one) => inner(one, key)),
      [schema as Schema],
    );
    for (const place of places) place.description = words;
  }
  return { $schema, $id: id, title: 'a machine file of qmill', ...schema };
}
