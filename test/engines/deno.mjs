/**
 * Runs the tests' lane `deno`: everything on a WebGPU device, on wgpu and its compiler naga in place of Dawn.
 * What is written after the command goes to vitest.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The program of the package, or why there is none. */
function find() {
  try {
    const program = require.resolve('deno/bin.cjs');
    const { status, stderr } = spawnSync(process.execPath, [program, '--version'], {
      encoding: 'utf8',
    });
    return status === 0 ? { program } : { why: stderr.trim().split('\n')[0] };
  } catch {
    return { why: 'npm installs it where its makers have a package for the machine' };
  }
}

const { program, why } = find();
if (program === undefined) {
  console.log(`deno: not installed (${why}); its lane is skipped`);
  process.exit(0);
}
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [program, 'run', '--allow-all', '--quiet', vitest, 'run', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
