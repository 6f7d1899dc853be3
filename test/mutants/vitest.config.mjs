import { defineConfig } from 'vitest/config';
import { tests } from './folders.mjs';

export default defineConfig({
  test: { include: tests, setupFiles: ['test/mutants/setup.mjs'], testTimeout: 60_000 },
});
