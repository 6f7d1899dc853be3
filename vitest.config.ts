import { defineConfig } from 'vitest/config';
import { softwareAdapterEnvironment } from './test/support/softwareAdapter.js';

/** Tests run on the software adapter, the same everywhere; benchmarks on the machine's own. */
function chosenAdapter(mode: string): 'software' | 'system' {
  const chosen = process.env.QMILL_TEST_ADAPTER ?? (mode === 'benchmark' ? 'system' : 'software');
  if (chosen === 'software' || chosen === 'system') return chosen;
  throw new Error(`QMILL_TEST_ADAPTER is "${chosen}": allowed are software and system`);
}

export default defineConfig(async ({ mode }) => {
  // Set here and not through `test.env`: the forks inherit it when they start, which is when the
  // dynamic linker reads it.
  if (chosenAdapter(mode) === 'software') {
    Object.assign(process.env, await softwareAdapterEnvironment());
  }
  return {
    test: {
      include: ['test/**/*.test.ts'],
      globalSetup: ['test/support/build.ts'],
      // Commands run as processes of their own, and property tests over many devices.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      benchmark: { include: ['bench/**/*.bench.ts'] },
      // Dawn crashes in worker threads.
      pool: 'forks' as const,
    },
  };
});
