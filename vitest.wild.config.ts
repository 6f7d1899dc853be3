/** Wild devices by the thousand: minutes, and so not among the tests that every change runs. */
import { defineConfig } from 'vitest/config';
import { softwareAdapterEnvironment } from './src/backend/webgpu/softwareAdapter.js';

export default defineConfig(async () => {
  // As in the lanes of vitest.config.ts: the forks inherit it.
  if (process.env.QMILL_TEST_ADAPTER !== 'system') {
    Object.assign(process.env, await softwareAdapterEnvironment());
  }
  return {
    test: {
      include: ['test/wild/*.wild.ts'],
      pool: 'forks' as const,
      testTimeout: 3_600_000,
      disableConsoleIntercept: true,
    },
  };
});
