import type { Plugin } from 'vite';

/**
 * The page checks what it is given by schemas, and prints none of them: what zod makes JSON Schemas with is about a
 * thirtieth of what a reader waits for. Threads of Node are not for pages.
 */
const UNUSED =
  /\/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$|\/src\/simulate\/trajectoryLane\.ts$/;
const EXPORTED = /^export (?:function|const) (\w+)/gm;

/** A content security policy forbids code made of strings, and Firefox tells of each try: schemas make none. */
const COMPILING = /\/zod\/v4\/core\/(?:util|schemas)\.js$/;
const ASKED = /\b(?:core\.)?globalConfig\.jitless\b/g;

/** Leaves out what the page's code names and never calls. */
export const leftOut = (): Plugin => ({
  name: 'left-out',
  enforce: 'pre',
  transform(code, id) {
    if (COMPILING.test(id)) return code.replace(ASKED, 'true');
    if (!UNUSED.test(id)) return null;
    const names = [...code.matchAll(EXPORTED)].map(([, name]) => name);
    return names.map((name) => `export const ${name} = () => undefined;`).join('\n');
  },
});
