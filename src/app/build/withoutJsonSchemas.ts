import type { Plugin } from 'vite';

const MAKERS = /\/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/;
const EXPORTED = /^export (?:function|const) (\w+)/gm;

/**
 * The page checks what it is given by schemas, and prints none of them: what zod would make JSON Schemas with is left
 * out, about a thirtieth of what a reader waits for.
 */
export const withoutJsonSchemas = (): Plugin => ({
  name: 'without-json-schemas',
  enforce: 'pre',
  transform(code, id) {
    if (!MAKERS.test(id)) return null;
    const names = [...code.matchAll(EXPORTED)].map(([, name]) => name);
    return names.map((name) => `export const ${name} = () => undefined;`).join('\n');
  },
});
