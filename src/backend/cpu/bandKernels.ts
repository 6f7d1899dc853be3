/**
 * What a coupled band is factorised and solved with (bandFactors.ts), as WebAssembly: dense blocks two
 * numbers at a time, couplings one by one.
 *
 * Blocks are row-major, their order n a multiple of four. A coupling is a number and, eight bytes on, where its
 * column is in a vector, in bytes. Of each row the memory holds three addresses: where its couplings to the
 * level below begin, those to its own, and those to the level above, which end where the next row's begin.
 */
import {
  br,
  call,
  type Dependency,
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
  v128,
} from 'wasmati';
import { nothing, whileLess } from '../../whileLess.js';
import { invert, PANEL } from './denseInverse.js';
import { kernelsOn } from './kernelsOn.js';

/** Bytes of a coupling, and of a row's addresses. */
export const COUPLING = 16;
export const ROW = 12;

/**
 * subtract(block, n, begin, rows, inverse, m, otherBegin, others, work): a level's block less what a level beside
 * it, once eliminated, takes off, L S⁻¹ U. `begin` and `otherBegin` are where the levels are in a vector, in bytes;
 * `rows` and `others` where the addresses of the couplings of each to the other are. `work` is room for m numbers.
 */
const subtract = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, f64, v128],
    out: [],
  },
  (
    [block, n, begin, rows, inverse, m, otherBegin, others, work],
    [bytes, end, workEnd, at, last, from, to, k, factor, v],
  ) => {
    local.set(bytes, i32.shl(n, 3));
    local.set(workEnd, i32.add(work, i32.shl(m, 3)));
    // Columns are subtracted from it, too.
    local.set(end, i32.add(block, i32.mul(bytes, n)));
    local.set(block, i32.sub(block, begin));
    local.set(end, i32.sub(end, begin));
    whileLess(block, end, bytes, () => {
      local.set(at, i32.load({}, rows));
      local.set(last, i32.load({ offset: 4 }, rows));
      i32.ne(at, last);
      if_(nothing, () => {
        local.set(to, work);
        whileLess(to, workEnd, 16, () => v128.store({}, to, v128.const('f64x2', [0, 0])));
        // A row of L S⁻¹.
        whileLess(at, last, COUPLING, () => {
          local.set(v, v128.load64_splat({}, at));
          local.set(from, i32.mul(i32.sub(i32.load({ offset: 8 }, at), otherBegin), m));
          local.set(from, i32.add(from, inverse));
          local.set(to, work);
          whileLess(to, workEnd, 32, () => {
            for (const offset of [0, 16]) {
              v128.store(
                { offset },
                to,
                f64x2.add(v128.load({ offset }, to), f64x2.mul(v, v128.load({ offset }, from))),
              );
            }
            local.set(from, i32.add(from, 32));
          });
        });
        // Times U.
        local.set(from, work);
        local.set(k, others);
        whileLess(from, workEnd, 8, () => {
          local.set(factor, f64.load({}, from));
          local.set(at, i32.load({}, k));
          local.set(last, i32.load({ offset: 4 }, k));
          whileLess(at, last, COUPLING, () => {
            local.set(to, i32.add(block, i32.load({ offset: 8 }, at)));
            f64.store({}, to, f64.sub(f64.load({}, to), f64.mul(factor, f64.load({}, at))));
          });
          local.set(k, i32.add(k, ROW));
        });
      });
      local.set(rows, i32.add(rows, ROW));
    });
  },
);

/** couple(rows, n, z, right): subtracts from each of n numbers what its row's couplings make of the vector z. */
const couple = func(
  { in: [i32, i32, i32, i32], locals: [i32, i32, i32, f64], out: [] },
  ([rows, n, z, right], [end, at, last, sum]) => {
    local.set(end, i32.add(right, i32.shl(n, 3)));
    whileLess(right, end, 8, () => {
      local.set(sum, f64.load({}, right));
      local.set(at, i32.load({}, rows));
      local.set(last, i32.load({ offset: 4 }, rows));
      whileLess(at, last, COUPLING, () => {
        const element = f64.load({}, i32.add(z, i32.load({ offset: 8 }, at)));
        local.set(sum, f64.sub(sum, f64.mul(element, f64.load({}, at))));
      });
      f64.store({}, right, sum);
      local.set(rows, i32.add(rows, ROW));
    });
  },
);

/** multiply(a, n, x, y): y += A x. */
const multiply = func(
  {
    in: [i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, v128, v128, v128, v128, v128],
    out: [],
  },
  ([a, n, x, y], [bytes, end, from, at, second, fourth, v, ...sums]) => {
    local.set(bytes, i32.shl(n, 3));
    local.set(end, i32.add(y, bytes));
    local.set(second, bytes);
    local.set(fourth, i32.mul(bytes, 3));
    whileLess(y, end, 8 * PANEL, () => {
      for (const sum of sums) local.set(sum, v128.const('f64x2', [0, 0]));
      local.set(at, x);
      local.set(from, i32.add(x, bytes));
      whileLess(at, from, 16, () => {
        local.set(v, v128.load({}, at));
        const rows = [
          () => v128.load({}, a),
          () => v128.load({}, i32.add(a, bytes)),
          () => v128.load({}, i32.add(a, i32.shl(bytes, 1))),
          () => v128.load({}, i32.add(a, fourth)),
        ];
        sums.forEach((sum, r) => {
          local.set(sum, f64x2.add(sum, f64x2.mul(v, rows[r]())));
        });
        local.set(a, i32.add(a, 16));
      });
      // The rest of the four rows.
      local.set(a, i32.add(a, fourth));
      sums.forEach((sum, r) => {
        const both = () => f64.add(f64x2.extract_lane(0, sum), f64x2.extract_lane(1, sum));
        f64.store({ offset: 8 * r }, y, f64.add(f64.load({ offset: 8 * r }, y), both()));
      });
    });
  },
);

/** What a site is to the sweeps: four words, its block's address, its order, where it is in z, and its rows. */
const SITE = 16;
/** From a row's couplings below to those above. */
const ABOVE_BELOW = 8;

const clear = (from: Local<'i32'>, stop: Local<'i32'>, n: Local<'i32'>, to: Local<'i32'>) => {
  local.set(from, to);
  local.set(stop, i32.add(from, i32.shl(n, 3)));
  whileLess(from, stop, 16, () => v128.store({}, from, v128.const('f64x2', [0, 0])));
};

/** inwards(site, end, z, right): z ← S⁻¹(z − C z) with C what is below, from one site to before another. */
const inwards = func(
  { in: [i32, i32, i32, i32], locals: [i32, i32, i32, i32, i32, i32, i32], out: [] },
  ([site, end, z, right], [first, n, own, r, from, to, stop]) => {
    local.set(first, site);
    whileLess(site, end, SITE, () => {
      local.set(n, i32.load({ offset: 4 }, site));
      local.set(own, i32.add(z, i32.load({ offset: 8 }, site)));
      local.set(r, i32.add(right, i32.load({ offset: 8 }, site)));
      local.set(from, own);
      local.set(to, r);
      local.set(stop, i32.add(from, i32.shl(n, 3)));
      whileLess(from, stop, 16, () => {
        v128.store({}, to, v128.load({}, from));
        local.set(to, i32.add(to, 16));
      });
      i32.ne(site, first);
      if_(nothing, () => call(couple, [i32.load({ offset: 12 }, site), n, z, r]));
      clear(from, stop, n, own);
      call(multiply, [i32.load({}, site), n, r, own]);
    });
  },
);

/** outwards(site, end, z, right): z ← z − S⁻¹C z with C what is above, from the last site but one back to the first. */
const outwards = func(
  { in: [i32, i32, i32, i32], locals: [i32, i32, i32, i32, i32], out: [] },
  ([first, site, z, right], [n, own, r, from, stop]) => {
    local.set(site, i32.sub(site, SITE));
    loop(nothing, (again) => {
      i32.gt_u(site, first);
      if_(nothing, () => {
        local.set(site, i32.sub(site, SITE));
        local.set(n, i32.load({ offset: 4 }, site));
        local.set(own, i32.add(z, i32.load({ offset: 8 }, site)));
        local.set(r, i32.add(right, i32.load({ offset: 8 }, site)));
        clear(from, stop, n, r);
        call(couple, [i32.add(i32.load({ offset: 12 }, site), ABOVE_BELOW), n, z, r]);
        call(multiply, [i32.load({}, site), n, r, own]);
        br(again);
      });
    });
  },
);

export interface BandKernels {
  invert(a: number, n: number, packed: number, pivots: number): number;
  subtract(
    block: number,
    n: number,
    begin: number,
    rows: number,
    inverse: number,
    m: number,
    otherBegin: number,
    others: number,
    work: number,
  ): void;
  couple(rows: number, n: number, z: number, right: number): void;
  multiply(a: number, n: number, x: number, y: number): void;
  inwards(site: number, end: number, z: number, right: number): void;
  outwards(site: number, end: number, z: number, right: number): void;
}

const kernels: Record<keyof BandKernels, Dependency.Export> = {
  invert,
  subtract,
  couple,
  multiply,
  inwards,
  outwards,
};

/** The kernels on a memory. */
export const bandKernels = kernelsOn<BandKernels>(() =>
  Module({ exports: kernels, memory: importMemory({ min: 1 }) }),
);
