/** cutFlows.ts as WebAssembly: the same operations on each number in the same order, and so the same to the last bit. */
import { br, f64, f64x2, func, i32, if_, local, loop, memory, v128 } from 'wasmati';
import { nothing, whileLess } from '../whileLess.js';
import { addNext, byTwos, loadNext } from './alongRuns.js';
import { COUNT, ELEMENTS, ERRORS, IS_TABLE, LAST, RECORD, SIGN, TABLE } from './runRecords.js';

const NUMBER = 8;
const TWO = 2 * NUMBER;

/**
 * currents(begin, end, rounding, first, last, apart): the currents from one address to another, and so many bytes behind
 * each what it may be off by, from the terms that lead to them.
 */
export const currents = func(
  {
    in: [i32, i32, f64, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, v128, v128, v128, v128, v128],
    out: [],
  },
  (
    [begin, end, rounding, first, last, apart],
    [term, table, left, x, dx, to, lost, number, value, size, sign, ofTerm],
  ) => {
    local.get(first);
    i32.const(0);
    i32.sub(last, first);
    memory.fill();
    local.set(ofTerm, f64x2.splat(rounding));
    local.set(term, begin);
    whileLess(term, end, RECORD, () => {
      const parts = [
        [table, TABLE],
        [left, COUNT],
        [x, ELEMENTS],
        [dx, ERRORS],
        [to, LAST],
      ] as const;
      for (const [part, offset] of parts) local.set(part, i32.load({ offset }, term));
      local.set(lost, i32.add(to, apart));
      local.set(sign, f64x2.splat(f64.load({ offset: SIGN }, term)));
      local.set(number, f64x2.splat(f64.load({}, table)));
      const along = (isTable: boolean) => {
        const places = isTable ? [table, x, dx, to, lost] : [x, dx, to, lost];
        const onward = places.map((at) => [at, TWO] as const);
        byTwos(
          left,
          (isTwo) => {
            if (isTable) local.set(number, loadNext(table, isTwo));
          },
          onward,
          (isTwo) => {
            local.set(value, f64x2.mul(number, loadNext(x, isTwo)));
            f64x2.mul(local.get(ofTerm), f64x2.abs(value));
            f64x2.mul(f64x2.abs(number), loadNext(dx, isTwo));
            local.set(size, f64x2.add());
            addNext(lost, size, isTwo);
            local.set(value, f64x2.mul(sign, value));
            addNext(to, value, isTwo);
          },
        );
      };
      i32.load({ offset: IS_TABLE }, term);
      if_(
        nothing,
        () => along(true),
        () => along(false),
      );
    });
  },
);

/**
 * better(to, own, begin, end, apart): of one of the currents from one address to another, or what all others carry back,
 * cut by cut the one that loses less. What each may be off by is so many bytes behind it.
 */
export const better = func(
  { in: [i32, i32, i32, i32, i32], locals: [i32, i32, v128, v128, v128], out: [] },
  ([to, own, begin, end, apart], [here, last, current, lost, isLess]) => {
    local.set(last, i32.add(own, apart));
    whileLess(own, last, TWO, () => {
      local.set(current, v128.const('f64x2', [0, 0]));
      local.set(lost, v128.const('f64x2', [0, 0]));
      local.set(here, begin);
      whileLess(here, end, 0, () => {
        i32.ne(here, own);
        if_(nothing, () => {
          local.set(current, f64x2.sub(current, v128.load({}, here)));
          local.set(lost, f64x2.add(lost, v128.load({}, i32.add(here, apart))));
        });
        local.set(here, i32.add(here, i32.mul(apart, 2)));
      });
      local.set(isLess, f64x2.lt(lost, v128.load({}, i32.add(own, apart))));
      v128.store({}, to, v128.bitselect(current, v128.load({}, own), isLess));
      local.set(lost, v128.bitselect(lost, v128.load({}, i32.add(own, apart)), isLess));
      v128.store({}, i32.add(to, apart), lost);
      for (const at of [to, begin, end]) local.set(at, i32.add(at, TWO));
    });
  },
);

/** across(begin, end, rounding, out): of terms Σ weight · current over all cuts, and what that may be off by after it. */
export const across = func(
  {
    in: [i32, i32, f64, i32],
    locals: [i32, i32, i32, i32, i32, i32, f64, f64, f64, f64],
    out: [],
  },
  (
    [begin, end, rounding, out],
    [term, at, step, left, current, error, weight, through, sum, lost],
  ) => {
    local.set(term, begin);
    whileLess(term, end, RECORD, () => {
      const parts = [
        [at, TABLE],
        [step, IS_TABLE],
        [left, COUNT],
        [current, ELEMENTS],
        [error, ERRORS],
      ] as const;
      for (const [part, offset] of parts) local.set(part, i32.load({ offset }, term));
      local.set(step, i32.mul(step, NUMBER));
      for (const part of [sum, lost]) local.set(part, f64.const(0));
      loop(nothing, (again) => {
        local.set(weight, f64.load({}, at));
        local.set(through, f64.load({}, current));
        local.set(sum, f64.add(sum, f64.mul(weight, through)));
        local.get(lost);
        f64.abs(weight);
        f64.load({}, error);
        f64.mul(rounding, f64.abs(through));
        f64.add();
        f64.mul();
        local.set(lost, f64.add());
        local.set(at, i32.add(at, step));
        for (const part of [current, error]) local.set(part, i32.add(part, NUMBER));
        local.set(left, i32.sub(left, 1));
        local.get(left);
        if_(nothing, () => br(again));
      });
      f64.store({}, out, sum);
      f64.store({ offset: NUMBER }, out, lost);
      local.set(out, i32.add(out, TWO));
    });
  },
);
