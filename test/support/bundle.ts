import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The library as Node imports it by its name, of what has been compiled. */
export default async function setup(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  await build({ root, configFile: `${root}/vite.node.config.ts` });
}
