/** Mutation tests of one part of the source, which QMILL_MUTANTS names. */
import { mutate, name } from './folders.mjs';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate,
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutants/vitest.config.mjs', related: false },
  coverageAnalysis: 'perTest',
  // The words of a message are no number; and a mutant that keeps a file from loading counts as survived, for no
  // test of the file has failed.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  // Where there is a tsconfig.json Stryker rewrites it with an interface that TypeScript 7 does not have.
  tsconfigFile: 'none',
  ignorePatterns: ['/bench', '/docs', '/dist', '/.ci', '/test/app'],
  concurrency: 1,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  jsonReporter: { fileName: `reports/mutants/${name}.json` },
  htmlReporter: { fileName: `reports/mutants/${name}.html` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
