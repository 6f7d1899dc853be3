/** Parts of the source, and the tests that their mutants are run against: quick ones that are written for them. */
const folders = {
  thermo: {
    mutate: ['src/thermo/*.ts'],
    tests: [
      'test/thermo/{anyState,ergotropy,flowEstimates,operation,rectification,sorted}.test.ts',
    ],
  },
  generator: {
    mutate: ['src/generator/{rules,symmetry,reach,classes,magnitude}.ts'],
    tests: ['test/generator/{rules,symmetry,classes}.test.ts'],
  },
  solve: {
    mutate: ['src/solve/{philox,verdict,uniqueness,determined,relaxedState,bandFactorisation}.ts'],
    tests: [
      'test/solve/{philox,secondSolutions,determined,relaxedState,bandFactorisation}.test.ts',
      'test/simulate/verdict.test.ts',
    ],
  },
  lindblad: {
    mutate: ['src/lindblad/{stateErrors,coherenceErrors}.ts'],
    tests: ['test/lindblad/stateErrors.test.ts'],
  },
  sweep: {
    mutate: ['src/sweep/{axes,chunks,cut,layout,marks,plan}.ts'],
    tests: ['test/sweep/{axes,chunks,cut,layout,marks,plan,planRecord}.test.ts'],
  },
};

const { QMILL_MUTANTS: chosen = 'thermo' } = process.env;
if (!(chosen in folders)) {
  throw new Error(`QMILL_MUTANTS is "${chosen}": allowed are ${Object.keys(folders).join(', ')}`);
}

export const name = chosen;
export const { mutate, tests } = folders[chosen];
