/** The elimination by code that was made for a shape, and without: equal to the last bit. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BlockTridiagonal,
  conservingNullVector,
} from '../../src/solve/conservingElimination.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { EliminationKernel, eliminations } from '../../src/solve/eliminationKernel.js';
import { PreparedElimination } from '../../src/solve/preparedElimination.js';

/** Unknowns of a site, how many of them in pairs, sites, how far couplings reach, and a seed. */
const shapes = fc
  .record({
    pairs: fc.integer({ min: 0, max: 3 }),
    populations: fc.integer({ min: 1, max: 6 }),
    sites: fc.integer({ min: 1, max: 7 }),
    reaches: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 24, maxLength: 24 }),
    seed: fc.integer(),
    /** The share of entries that are there. */
    filled: fc.constantFrom(1, 0.5, 0.1),
  })
  .filter(({ pairs, populations }) => pairs + populations > 1);

type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

/** How far each unknown or an earlier one is coupled: never less than the one before, and both of a pair alike. */
function reachOf(wanted: readonly number[], width: number, paired: number): Int32Array {
  const reach = new Int32Array(width);
  let most = 0;
  for (let j = 0; j < width; j++) {
    most = Math.max(most, Math.min(wanted[j], width));
    if (most < paired) most += most % 2;
    reach[j] = most;
  }
  for (let j = 0; j < paired; j += 2) reach[j] = reach[j + 1];
  return reach;
}

function matrixOf(shape: Shape, centre: number): BlockTridiagonal {
  const { pairs, populations, sites, reaches, filled } = shape;
  const paired = 2 * pairs;
  const width = paired + populations;
  const reach = {
    below: reachOf(reaches.slice(0, 12), width, paired),
    above: reachOf(reaches.slice(12), width, paired),
  };
  let state = shape.seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const entries = new Float64Array(sites * width * 3 * width);
  for (let site = 0; site < sites; site++) {
    for (let r = 0; r < width; r++) {
      for (let b = 0; b < 3; b++) {
        for (let c = 0; c < width; c++) {
          const at = ((site * width + r) * 3 + b) * width + c;
          const value = random();
          const isThere = random() < filled || (b === 1 && r < paired && r === c);
          const outer = site <= centre ? reach.below : reach.above;
          const met = b === 0 ? reach.below[c] > r && reach.above[c] > r : outer[r] > c;
          if (!isThere || (b !== 1 && !met)) continue;
          entries[at] = r >= paired ? value : value - (r === c && b === 1 ? 2 * width : 0.5);
        }
      }
    }
  }
  return { sites, width, paired, centre, entries, reach };
}

const solved = (assemble: (centre: number) => BlockTridiagonal, start: number) => {
  try {
    const { eliminated: _eliminated, ...found } = conservingNullVector(assemble, start);
    return found;
  } catch (error) {
    return (error as Error).message;
  }
};

/** The matrices of a shape, all with the same code. */
function byCode(shape: Parameters<typeof matrixOf>[0], start: number) {
  const { width, paired, reach, sites } = matrixOf(shape, start);
  const kernel = new EliminationKernel({ width, paired, reach }, sites);
  return (centre: number): BlockTridiagonal => {
    const { entries, ...layout } = matrixOf(shape, centre);
    kernel.emptied().set(entries);
    return { ...layout, entries: kernel.entries, kernel };
  };
}

test('what an elimination leaves are the factors of its matrix, until there is another one', () => {
  let found = 0;
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 6 }), (shape, wanted) => {
      const start = Math.min(wanted, shape.sites - 1);
      const assemble = byCode(shape, start);
      let solution: ReturnType<typeof conservingNullVector>;
      try {
        solution = conservingNullVector(assemble, start);
      } catch {
        return;
      }
      const { unknowns, eliminated } = solution;
      if (eliminated === undefined) return;
      found++;
      const left = ConservingFactors.left(eliminated, unknowns);
      const made = ConservingFactors.of(assemble, start);
      expect(left?.nullVector).toEqual(made.nullVector);
      const row = unknowns.map((_, i) => Math.cos(i * i));
      expect(left?.solveTransposed(row)).toEqual(made.solveTransposed(row));
      expect(ConservingFactors.left(eliminated, unknowns)).toBeNull();
    }),
    { numRuns: 100 },
  );
  expect(found).toBeGreaterThan(10);
});

test('random matrices of any shape', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 6 }), (shape, wanted) => {
      const start = Math.min(wanted, shape.sites - 1);
      const withKernel = byCode(shape, start);
      expect(solved(withKernel, start)).toEqual(solved((c) => matrixOf(shape, c), start));
    }),
    { numRuns: 150 },
  );
});

test('copied to memory that grows', () => {
  let found = 0;
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 6 }), (shape, wanted) => {
      const { width, paired, reach } = matrixOf(shape, 0);
      const code = new WebAssembly.Module(eliminations.of({ width, paired, reach }).bytes);
      const prepared = new PreparedElimination(code, { width, paired, reach });
      for (const sites of [shape.sites, 300, shape.sites]) {
        const start = Math.min(wanted, sites - 1);
        const without = solved((c) => matrixOf({ ...shape, sites }, c), start);
        const unknowns = prepared.nullVector(matrixOf({ ...shape, sites }, start), 1e100);
        const isThere = typeof without === 'object' && without.centre === start;
        if (unknowns === null) continue;
        found++;
        expect(isThere && without.unknowns).toEqual(unknowns);
      }
    }),
    { numRuns: 25 },
  );
  expect(found).toBeGreaterThan(10);
});
