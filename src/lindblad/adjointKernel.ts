/** The sums of adjointEquations.ts as WebAssembly: to the same bits, of vectors that stand unknown by unknown. */
import { f64, f64x2, func, i32, local, v128 } from 'wasmati';
import { IN_TERM } from './adjointEquations.js';
import { addNext, byTwos, loadNext, overRuns, setNext, storeNext } from './alongRuns.js';

const NUMBER = 8;

/**
 * shares(begin, end): of each run from a pair that brings its numbers to what it leads `from`, at first 0, each number's
 * share of that, where it leads `to`.
 */
export const shares = func(
  { in: [i32, i32], locals: [i32, i32, i32, i32, i32, i32, i32, v128, v128, v128], out: [] },
  ([begin, end], [run, table, stride, left, from, to, twoStrides, value, size, part]) => {
    const onward = [
      [from, 2 * NUMBER],
      [to, 2 * NUMBER],
    ] as const;
    overRuns([begin, end], { run, table, stride, left, from, to }, () => {
      local.set(twoStrides, i32.mul(stride, 2));
      const set = (isTwo: boolean) => setNext(value, table, stride, isTwo);
      byTwos(left, set, [[table, twoStrides], ...onward], (isTwo) => {
        local.set(size, f64x2.abs(value));
        storeNext(to, size, isTwo);
        addNext(from, size, isTwo);
      });
    });
    overRuns([begin, end], { run, table, stride, left, from, to }, () => {
      const set = (isTwo: boolean) => {
        local.set(size, loadNext(to, isTwo));
        local.set(part, f64x2.div(size, loadNext(from, isTwo)));
      };
      byTwos(left, set, onward, (isTwo) => {
        // Of nothing the share is 0.
        local.set(part, v128.and(part, f64x2.ne(size, v128.const('f64x2', [0, 0]))));
        storeNext(to, part, isTwo);
      });
    });
  },
);

/** addShares(begin, end): to ← to + share · from, a run's shares being its table. */
export const addShares = func(
  { in: [i32, i32], locals: [i32, i32, i32, i32, i32, v128, v128], out: [] },
  ([begin, end], [run, table, left, from, to, share, x]) => {
    overRuns([begin, end], { run, table, left, from, to }, () => {
      const set = (isTwo: boolean) => {
        local.set(share, loadNext(table, isTwo));
        local.set(x, loadNext(from, isTwo));
      };
      const onward = [table, from, to].map((at) => [at, 2 * NUMBER] as const);
      byTwos(left, set, onward, (isTwo) => {
        local.set(x, f64x2.mul(share, x));
        addNext(to, x, isTwo);
      });
    });
  },
);

/**
 * remain(at, row, sizes, shares, count, beyond, mean): in place of so many numbers that equations give what is left of
 * them, and of their magnitudes, which stand so many bytes beyond, the shares that rounding takes.
 */
export const remain = func(
  { in: [i32, i32, i32, i32, i32, i32, f64], locals: [i32, v128, v128, v128], out: [] },
  ([at, row, sizes, shares, count, beyond, mean], [magnitudes, value, size, means]) => {
    local.set(magnitudes, i32.add(at, beyond));
    local.set(means, f64x2.splat(mean));
    const set = (isTwo: boolean) => {
      local.set(value, f64x2.sub(loadNext(row, isTwo), loadNext(at, isTwo)));
      local.set(value, f64x2.sub(value, means));
      local.set(size, f64x2.abs(loadNext(sizes, isTwo)));
      local.set(size, f64x2.add(loadNext(magnitudes, isTwo), size));
      local.set(size, f64x2.mul(f64x2.splat(f64.const(IN_TERM)), size));
      local.set(size, f64x2.mul(size, loadNext(shares, isTwo)));
    };
    const onward = [at, row, sizes, shares, magnitudes].map(
      (place) => [place, 2 * NUMBER] as const,
    );
    byTwos(count, set, onward, (isTwo) => {
      storeNext(at, value, isTwo);
      storeNext(magnitudes, size, isTwo);
    });
  },
);
