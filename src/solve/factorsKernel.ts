/**
 * Solutions by the factors of conservingFactors.ts as WebAssembly for one shape of matrices, in the memory of the
 * elimination that made the factors.
 */
import { call, f64, f64x2, func, i32, importMemory, local, Module, v128 } from 'wasmati';
import { type Address, whileLess } from '../whileLess.js';
import { copied } from '../zeros.js';
import type { EliminationKernel } from './eliminationKernel.js';
import type { EliminationShape } from './eliminationShape.js';
import type { KeptFactors } from './keptFactors.js';
import { ShapedModules } from './shapedModules.js';
import { walk } from './substitutionKernel.js';

const NUMBER = 8;
/** Wider sites have more numbers than a processor has registers, and code that takes long to write. */
export const WIDEST = 10;

/** dot(x, y, end): Σxy of two vectors, of which the first ends there; by twos. */
const dotOf = ({ width }: EliminationShape) =>
  func({ in: [i32, i32, i32], locals: [v128, v128], out: [f64] }, ([x, y, end], [even, odd]) => {
    const own = width * NUMBER;
    whileLess(x, end, own, () => {
      for (let j = 0; j < width; j += 2) {
        const load = j + 1 < width ? v128.load : v128.load64_zero;
        const place = { offset: NUMBER * j };
        const sum = j % 4 === 0 ? even : odd;
        local.set(sum, f64x2.add(sum, f64x2.mul(load(place, x), load(place, y))));
      }
      local.set(y, i32.add(y, own));
    });
    local.set(even, f64x2.add(even, odd));
    f64.add(f64x2.extract_lane(0, even), f64x2.extract_lane(1, even));
  });

/** trace(x, end): the sum of a vector's populations, by twos. */
const traceOf = ({ width, paired }: EliminationShape) =>
  func({ in: [i32, i32], locals: [v128, v128], out: [f64] }, ([x, end], [even, odd]) => {
    whileLess(x, end, width * NUMBER, () => {
      for (let j = paired; j < width; j += 2) {
        const load = j + 1 < width ? v128.load : v128.load64_zero;
        const sum = (j - paired) % 4 === 0 ? even : odd;
        local.set(sum, f64x2.add(sum, load({ offset: NUMBER * j }, x)));
      }
    });
    local.set(even, f64x2.add(even, odd));
    f64.add(f64x2.extract_lane(0, even), f64x2.extract_lane(1, even));
  });

/** lower(x, end, by): takes as much from each population of a vector. */
const lowerOf = ({ width, paired }: EliminationShape) =>
  func({ in: [i32, i32, f64], locals: [v128, v128], out: [] }, ([x, end, by], [taken, two]) => {
    local.set(taken, f64x2.splat(by));
    whileLess(x, end, width * NUMBER, () => {
      for (let j = paired; j < width; j += 2) {
        const place = { offset: NUMBER * j };
        const isTwo = j + 1 < width;
        local.set(two, isTwo ? v128.load(place, x) : v128.load64_zero(place, x));
        local.set(two, f64x2.sub(two, taken));
        if (isTwo) v128.store(place, x, two);
        else v128.store64_lane(place, 0, x, two);
      }
    });
  });

/** take(x, end, by, y): x ← x − by · y; behind an odd number of unknowns there is room for one more. */
const take = func(
  { in: [i32, i32, f64, i32], locals: [v128], out: [] },
  ([x, end, by, y], [factor]) => {
    local.set(factor, f64x2.splat(by));
    whileLess(x, end, 2 * NUMBER, () => {
      v128.store({}, x, f64x2.sub(v128.load({}, x), f64x2.mul(factor, v128.load({}, y))));
      local.set(y, i32.add(y, 2 * NUMBER));
    });
  },
);

/** Where things are, and where the elimination ended: of solutions and of what they are made by. */
const PLACES = [i32, i32, i32, i32, i32, i32] as const;

const clearLast = ({ width }: EliminationShape, x: Address, centre: Address) =>
  f64.store(
    { offset: NUMBER * (width - 1) },
    i32.add(x, i32.mul(centre, width * NUMBER)),
    f64.const(0),
  );

/** Has vectors of the mean 0 in the null vector. */
const centring = (shape: EliminationShape) => {
  const [dot, lower] = [dotOf(shape), lowerOf(shape)];
  return func(
    { in: [i32, i32, i32], locals: [i32, f64], out: [] },
    ([x, rho, sites], [end, mean]) => {
      local.set(end, i32.add(x, i32.mul(sites, shape.width * NUMBER)));
      call(dot, [x, rho, end]);
      local.set(mean);
      call(lower, [x, end, mean]);
    },
  );
};

/** Whole solutions: solve(entries, pivots, x, null vector, sites, centre), a right-hand side being x. */
function solutions(shape: EliminationShape) {
  const own = shape.width * NUMBER;
  const [forward, substitute, substituteTransposed, forwardTransposed] = (
    ['forward', 'substitute', 'substituteTransposed', 'forwardTransposed'] as const
  ).map((operation) => walk(shape, operation));
  const [trace, centre] = [traceOf(shape), centring(shape)];
  const solve = func(
    { in: [...PLACES], locals: [i32, f64], out: [] },
    ([entries, pivots, x, rho, sites, site], [end, total]) => {
      local.set(end, i32.add(x, i32.mul(sites, own)));
      call(forward, [entries, pivots, x, sites, site, i32.const(0)]);
      clearLast(shape, x, site);
      call(substitute, [entries, pivots, x, sites, site, i32.const(0)]);
      call(trace, [x, end]);
      local.set(total);
      call(take, [x, end, total, rho]);
    },
  );
  const solveTransposed = func(
    { in: [...PLACES], locals: [], out: [] },
    ([entries, pivots, x, rho, sites, site]) => {
      call(centre, [x, rho, sites]);
      call(substituteTransposed, [entries, pivots, x, sites, site, i32.const(0)]);
      clearLast(shape, x, site);
      call(forwardTransposed, [entries, pivots, x, sites, site, i32.const(0)]);
      call(centre, [x, rho, sites]);
    },
  );
  return { pivots: walk(shape, 'pivots'), solve, solveTransposed };
}

/** The transposed one of two rows at once, of which the second stands so many bytes apart. */
function solutionOfTwo(shape: EliminationShape) {
  const [substitute, forward] = (['substituteTransposed', 'forwardTransposed'] as const).map(
    (operation) => walk(shape, operation, 2),
  );
  const centre = centring(shape);
  const solveTransposed = func(
    { in: [...PLACES, i32], locals: [i32], out: [] },
    ([entries, pivots, x, rho, sites, site, apart], [other]) => {
      const both = [x, other];
      local.set(other, i32.add(x, apart));
      for (const one of both) call(centre, [one, rho, sites]);
      call(substitute, [entries, pivots, x, sites, site, apart]);
      for (const one of both) clearLast(shape, one, site);
      call(forward, [entries, pivots, x, sites, site, apart]);
      for (const one of both) call(centre, [one, rho, sites]);
    },
  );
  return { solveTransposed };
}

type Places = readonly [
  entries: number,
  pivots: number,
  x: number,
  nullVector: number,
  sites: number,
  centre: number,
];

interface Code {
  readonly pivots: (
    ...of: readonly [entries: number, pivots: number, x: number, sites: number, centre: number]
  ) => void;
  readonly solve: (...of: Places) => void;
  readonly solveTransposed: (...of: Places) => void;
}

interface CodeOfTwo {
  readonly solveTransposed: (...of: readonly [...Places, apart: number]) => void;
}

export const substitutions = new ShapedModules<Code>('substitution', (shape) =>
  Module({ exports: solutions(shape), memory: importMemory({ min: 1 }) }),
);

export const substitutionsOfTwo = new ShapedModules<CodeOfTwo>('substitution of two', (shape) =>
  Module({ exports: solutionOfTwo(shape), memory: importMemory({ min: 1 }) }),
);

/** The code that substitutes by the factors in an elimination's memory, and what it needs beside them. */
export class FactorsKernel {
  readonly #pivots: number;
  /** One vector, and another. */
  readonly #x: Float64Array;
  readonly #other: Float64Array;
  readonly #code: Code;
  #codeOfTwo: CodeOfTwo | null = null;
  /** Whose pivots they are. */
  #of: KeptFactors | null = null;

  constructor(private readonly elimination: EliminationKernel) {
    const { memory, spare, shape, sites } = elimination;
    const length = sites * shape.width;
    this.#pivots = spare.byteOffset;
    // An odd number of unknowns may have one more behind them.
    const vector = spare.length / 4;
    [this.#x, this.#other] = [2, 3].map((k) => spare.subarray(k * vector, k * vector + length));
    this.#code = substitutions.of(shape).on(memory);
  }

  /** The solution of trace 0 for a right-hand side. */
  solve(of: KeptFactors, y: Float64Array): Float64Array {
    const places = this.#placesFor(of);
    this.#x.set(y);
    this.#code.solve(...places);
    return copied(this.#x);
  }

  /** The same of the transposed equations, of mean 0 in the null vector. */
  solveTransposed(of: KeptFactors, row: Float64Array): Float64Array {
    const places = this.#placesFor(of);
    this.#x.set(row);
    this.#code.solveTransposed(...places);
    return copied(this.#x);
  }

  /** Of two rows at once. */
  solveTransposedTwo(
    of: KeptFactors,
    row: Float64Array,
    other: Float64Array,
  ): readonly [Float64Array, Float64Array] {
    const places = this.#placesFor(of);
    this.#x.set(row);
    this.#other.set(other);
    const { memory, shape } = this.elimination;
    this.#codeOfTwo ??= substitutionsOfTwo.of(shape).on(memory);
    this.#codeOfTwo.solveTransposed(...places, this.#other.byteOffset - this.#x.byteOffset);
    return [copied(this.#x), copied(this.#other)];
  }

  /** With the factors where code reads them. */
  #placesFor(of: KeptFactors): Places {
    const { entries, unknowns, sites } = this.elimination;
    const { byteOffset: matrix } = entries;
    const { byteOffset: x } = this.#x;
    of.bringBack();
    if (this.#of !== of) {
      this.#code.pivots(matrix, this.#pivots, x, sites, of.centre);
      this.#of = of;
    }
    return [matrix, this.#pivots, x, unknowns.byteOffset, sites, of.centre];
  }
}
