import { defineConfig } from 'vitest/config';
import { softwareAdapterEnvironment } from './src/backend/webgpu/softwareAdapter.js';

/** Tests run on the software adapter, the same everywhere, unless the machine's own is asked for. */
function chosenAdapter(): 'software' | 'system' {
  const chosen = process.env.QMILL_TEST_ADAPTER ?? 'software';
  if (chosen === 'software' || chosen === 'system') return chosen;
  throw new Error(`QMILL_TEST_ADAPTER is "${chosen}": allowed are software and system`);
}

export default defineConfig(async () => {
  // Set here and not through `test.env`: the forks inherit it when they start, which is when the
  // dynamic linker reads it.
  if (chosenAdapter() === 'software') {
    Object.assign(process.env, await softwareAdapterEnvironment());
  }
  const common = {
    // Commands run as processes of their own, and property tests over many devices.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Dawn crashes in worker threads.
    pool: 'forks' as const,
  };
  const compile = 'test/support/build.ts';
  return {
    test: {
      projects: [
        {
          test: {
            ...common,
            name: 'node',
            include: ['test/**/*.test.ts'],
            exclude: ['test/app/**'],
            globalSetup: [compile],
            setupFiles: ['test/support/randomness.ts'],
          },
        },
        {
          test: {
            ...common,
            name: 'app',
            include: ['test/app/**/*.test.ts'],
            // One page, one browser for all of them, and only where they run.
            globalSetup: [compile, 'test/support/app.ts'],
            testTimeout: 180_000,
            hookTimeout: 180_000,
          },
        },
      ],
    },
  };
});
