import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    bundled: boolean;
  }
}

/** Bundles what has been compiled, as it is published: the library that Node imports by its name, and the command line. */
export default async function setup(project: TestProject): Promise<void> {
  // One lane after another is set up; the first bundles for them all.
  const all = project.vitest.getRootProject();
  if (all.getProvidedContext().bundled) return;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  await build({ root, configFile: `${root}/vite.node.config.ts` });
  all.provide('bundled', true);
}
