/** Wild devices by the thousand: minutes, and so not among the tests that every change runs. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/wild/*.wild.ts'], testTimeout: 3_600_000, disableConsoleIntercept: true },
});
