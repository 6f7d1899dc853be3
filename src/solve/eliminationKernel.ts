/**
 * The elimination of conservingElimination.ts as WebAssembly for one shape of matrices (siteKernel.ts), substitution
 * and what makes populations sum to 1: to the same bits.
 */
import {
  br,
  call,
  f64,
  f64x2,
  func,
  i32,
  if_,
  importMemory,
  type Local,
  local,
  loop,
  Module,
  return_,
  v128,
} from 'wasmati';
import { nothing, whileLess } from '../whileLess.js';
import { DONE, type EliminationShape } from './eliminationShape.js';
import { ELIMINATION, type EliminationCode } from './preparedElimination.js';
import { ShapedModules } from './shapedModules.js';
import { bothFunction, siteFunction } from './siteKernel.js';
import { substituteSite } from './siteSubstitution.js';

const NUMBER = 8;
const PAGE = 1 << 16;

/** substitute(rows, own, beyond): the first `count` unknowns of a site. */
const substitution = (shape: EliminationShape, count: number, reach: Int32Array | null) => {
  const { width } = shape;
  const numbers = Array.from({ length: 2 * width }, () => f64);
  return func(
    { in: [i32, i32, i32], locals: [v128, ...numbers], out: [] },
    ([rows, own, beyond], [sums, ...unknowns]) => {
      const values = unknowns as readonly Local<'f64'>[];
      const registers = { sums, x: values.slice(0, width), odd: values.slice(width) };
      const met = (j: number) => (reach === null ? 0 : reach[Math.min(j - (j % 2) + 1, count - 1)]);
      substituteSite({ shape, count, met, isAdded: false }, { rows, own, beyond }, registers);
    },
  );
};

/**
 * solve(entries, x, sites, centre, isTogether): all of it, as `eliminate` has it; `DONE` or the unknown of a closed
 * population, by its index in x. Sites from below and from above may be eliminated together: to the same bits, but
 * which population is closed is not told then.
 */
function solution(shape: EliminationShape) {
  const { width, reach } = shape;
  const row = 3 * width * NUMBER;
  const step = width * row;
  const own = width * NUMBER;
  const below = siteFunction(shape, reach.below, width);
  const above = siteFunction(shape, reach.above, width);
  const both = bothFunction(shape);
  const middle = siteFunction(shape, null, width - 1);
  const ofCentre = substitution(shape, width - 1, null);
  const fromBelow = substitution(shape, width, reach.below);
  const fromAbove = substitution(shape, width, reach.above);
  return func(
    {
      in: [i32, i32, i32, i32, i32],
      locals: [i32, i32, i32, i32, i32, i32, i32, f64],
      out: [i32],
    },
    (
      [entries, x, sites, centre, isTogether],
      [here, at, end, found, place, upper, afterNext, value],
    ) => {
      const unlessDone = () => {
        i32.ne(found, i32.const(DONE));
        if_(nothing, () => {
          i32.add(i32.mul(i32.div_u(i32.sub(at, entries), step), width), found);
          return_();
        });
      };
      local.set(here, i32.add(entries, i32.mul(centre, step)));
      local.set(at, entries);
      local.set(upper, i32.add(entries, i32.mul(sites, step)));
      local.set(afterNext, i32.add(here, 2 * step));
      // The centre's rows are added to from below first.
      loop(nothing, (again) => {
        i32.and(isTogether, i32.and(i32.lt_u(at, here), i32.gt_u(upper, afterNext)));
        if_(nothing, () => {
          local.set(upper, i32.sub(upper, step));
          call(both, [at, i32.add(at, step), upper, i32.sub(upper, step)]);
          local.set(found);
          unlessDone();
          local.set(at, i32.add(at, step));
          br(again);
        });
      });
      whileLess(at, here, step, () => {
        call(below, [at, i32.add(at, step)]);
        local.set(found);
        unlessDone();
      });
      // The centre has two outer neighbours. The lower one is done with, so the upper takes its place.
      for (let r = 0; r < width; r++) {
        for (let k = 0; k < width; k++) {
          const [lower, upper] = [k, 2 * width + k].map((c) => ({ offset: r * row + c * NUMBER }));
          local.set(value, f64.load(lower, here));
          f64.store(lower, here, f64.load(upper, here));
          f64.store(upper, here, value);
        }
      }
      local.set(at, upper);
      loop(nothing, (again) => {
        local.set(at, i32.sub(at, step));
        i32.gt_u(at, here);
        if_(nothing, () => {
          call(above, [at, i32.sub(at, step)]);
          local.set(found);
          unlessDone();
          br(again);
        });
      });
      call(middle, [here, i32.const(0)]);
      local.set(found);
      local.set(at, here);
      unlessDone();

      local.set(place, i32.add(x, i32.mul(centre, own)));
      f64.store({ offset: (width - 1) * NUMBER }, place, f64.const(1));
      call(ofCentre, [here, place, place]);
      local.set(at, i32.add(here, step));
      local.set(end, i32.add(entries, i32.mul(sites, step)));
      whileLess(at, end, step, () => {
        call(fromAbove, [at, i32.add(place, own), place]);
        local.set(place, i32.add(place, own));
      });
      local.set(at, here);
      local.set(place, i32.add(x, i32.mul(centre, own)));
      loop(nothing, (again) => {
        i32.gt_u(at, entries);
        if_(nothing, () => {
          local.set(at, i32.sub(at, step));
          call(fromBelow, [at, i32.sub(place, own), place]);
          local.set(place, i32.sub(place, own));
          br(again);
        });
      });
      i32.const(DONE);
    },
  );
}

/**
 * normalise(x, end, width, paired, far): divides x by the sum of its populations, if these are finite and none is larger
 * than `far`; returns 0 where one is, and x is left as it was.
 */
const normalise = func(
  { in: [i32, i32, i32, i32, f64], locals: [i32, i32, f64, f64, v128], out: [i32] },
  ([x, end, width, paired, far], [at, ofSite, size, total, divisor]) => {
    local.set(at, x);
    whileLess(at, end, 0, () => {
      local.set(ofSite, i32.add(at, width));
      local.set(at, i32.add(at, paired));
      whileLess(at, ofSite, NUMBER, () => {
        local.set(size, f64.load({}, at));
        local.set(total, f64.add(total, size));
        i32.eqz(f64.le(f64.abs(size), far));
        if_(nothing, () => {
          i32.const(0);
          return_();
        });
      });
    });
    local.set(divisor, f64x2.splat(total));
    // Behind an odd number of unknowns there is room for one more.
    whileLess(x, end, 2 * NUMBER, () => {
      v128.store({}, x, f64x2.div(v128.load({}, x), divisor));
    });
    i32.const(1);
  },
);

export const eliminations = new ShapedModules<EliminationCode>(ELIMINATION, (shape) =>
  Module({
    exports: { solve: solution(shape), normalise },
    memory: importMemory({ min: 1 }),
  }),
);

/** So many, or one more. */
const evenly = (count: number): number => 2 * Math.ceil(count / 2);

/** Memory from an address on. */
export interface Place {
  readonly memory: WebAssembly.Memory;
  readonly at: number;
}

/** A memory of its own. */
export const ownPlace = (bytes: number): Place => ({
  memory: new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }),
  at: 0,
});

/** What is left of an elimination, and of use as long as its numbers are there. */
export interface Leftover {
  /** They are about to be overwritten. */
  save(): void;
}

/** Memory for one matrix and its null vector, and the code that eliminates it. */
export class EliminationKernel {
  /** As BlockTridiagonal has them. */
  readonly entries: Float64Array;
  readonly memory: WebAssembly.Memory;
  /** Numbers for what substitutes by its factors: four for each unknown. */
  readonly spare: Float64Array;
  /** Where memory for others begins, in bytes. */
  readonly room: number;
  readonly #x: Float64Array;
  readonly #code: EliminationCode;
  #left: Leftover | null = null;

  /** Bytes that it takes. */
  static bytes({ width }: EliminationShape, sites: number): number {
    return NUMBER * (sites * width * 3 * width + 5 * evenly(sites * width));
  }

  /** @param place where it has memory; by default in one of its own */
  constructor(
    readonly shape: EliminationShape,
    readonly sites: number,
    place: Place = ownPlace(EliminationKernel.bytes(shape, sites)),
  ) {
    const { width } = shape;
    const entries = sites * width * 3 * width;
    const { memory, at } = place;
    this.room = at + EliminationKernel.bytes(shape, sites);
    this.memory = memory;
    this.entries = new Float64Array(memory.buffer, at, entries);
    this.#x = new Float64Array(memory.buffer, at + NUMBER * entries, sites * width);
    const vector = evenly(sites * width);
    this.spare = new Float64Array(memory.buffer, at + NUMBER * (entries + vector), 4 * vector);
    this.#code = eliminations.of(shape).on(memory);
  }

  /** The entries for the next matrix, all of them 0. */
  emptied(): Float64Array {
    this.leave(null);
    return this.entries.fill(0);
  }

  /** Leaves entries and null vector to what has them from now on; what had them before saves what it needs. */
  leave(to: Leftover | null): void {
    if (this.#left === to) return;
    this.#left?.save();
    this.#left = to;
  }

  /** Whether it has the entries and the null vector. */
  isLeftTo(one: Leftover): boolean {
    return this.#left === one;
  }

  /** The null vector of the last elimination. */
  get unknowns(): Float64Array {
    return this.#x;
  }

  /**
   * Eliminates towards a site and substitutes back from its last population, set to 1; entries are overwritten.
   * @returns the null vector, which the next one overwrites, or the index of a population that cannot reach the others
   */
  solve(centre: number): Float64Array | number {
    const closed = this.#solved(centre, false);
    return closed === DONE ? this.#x : closed;
  }

  #solved(centre: number, isTogether: boolean): number {
    const { entries, sites } = this;
    const together = Number(isTogether);
    return this.#code.solve(entries.byteOffset, this.#x.byteOffset, sites, centre, together);
  }

  /**
   * The same with populations that sum to 1.
   * @param far the largest that a population may be where the last of the centre is 1
   * @returns null where one is larger, or there is a population that cannot reach the others
   */
  nullVector(centre: number, far: number): Float64Array | null {
    if (this.#solved(centre, true) !== DONE) return null;
    return this.normalised(far) ? this.#x : null;
  }

  /** Has the populations of what it solved last sum to 1, unless one is larger than `far`: then it stays as it is. */
  normalised(far: number): boolean {
    const { width, paired } = this.shape;
    const { byteOffset, byteLength } = this.#x;
    const sites = [NUMBER * width, NUMBER * paired] as const;
    return this.#code.normalise(byteOffset, byteOffset + byteLength, ...sites, far) === 1;
  }
}
