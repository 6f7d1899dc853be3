import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

// What an earlier run has left in dist/ may be older than the sources.
if (!inject('compiled')) {
  throw new Error('a test that runs the command line belongs to the lane cli (vitest.config.ts)');
}

export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `qmill` with the given arguments, as a process of its own. */
export function qmill(args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** A machine without any WebGPU adapter. */
export const noAdapter: NodeJS.ProcessEnv = { VK_DRIVER_FILES: '/nonexistent.json' };
