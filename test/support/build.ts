import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    compiled: boolean;
  }
}

/** Compiles the project before the tests of a lane that runs the command line as its users do. */
export default function setup(project: TestProject): void {
  // One lane after another is set up; the first compiles for them all.
  const all = project.vitest.getRootProject();
  if (all.getProvidedContext().compiled) return;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  // Types are the business of `npm run typecheck`, and half of the time.
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  });
  all.provide('compiled', true);
}
