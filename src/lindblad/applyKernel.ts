/** A map along runs as WebAssembly, as BoundSector has it. */

import { f64x2, func, i32, if_, local, v128 } from 'wasmati';
import { nothing } from '../whileLess.js';
import { addNext, byFours, byTwos, loadNext, overRuns, setNext } from './alongRuns.js';
import { SIGN } from './runRecords.js';

const NUMBER = 8;

const applying = (isApart: boolean) =>
  func(
    {
      in: [i32, i32, i32],
      locals: [i32, i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128],
      out: [],
    },
    (
      [begin, end, beyond],
      [run, table, from, to, other, common, stride, left, twoStrides, sign, value, x],
    ) => {
      overRuns([begin, end], { run, table, stride, left, from, to }, () => {
        local.set(twoStrides, i32.mul(stride, 2));
        local.set(other, i32.add(to, beyond));
        local.set(common, i32.add(other, beyond));
        local.set(sign, v128.load64_splat({ offset: SIGN }, run));
        const places = [from, to, other, ...(isApart ? [common] : [])];
        const add = (isTwo: boolean, offset = 0) => {
          local.set(x, loadNext(from, isTwo, offset));
          if (isApart) local.set(x, f64x2.sub(x, loadNext(common, isTwo, offset)));
          local.set(value, f64x2.mul(f64x2.mul(sign, value), x));
          local.set(x, f64x2.abs(value));
          addNext(to, value, isTwo, offset);
          addNext(other, x, isTwo, offset);
        };
        i32.eq(stride, NUMBER);
        if_(
          nothing,
          () =>
            byFours(left, [table, ...places], (isTwo, offset) => {
              local.set(value, loadNext(table, isTwo, offset));
              add(isTwo, offset);
            }),
          () => {
            const onward = places.map((at) => [at, 2 * NUMBER] as const);
            const set = (isTwo: boolean) => setNext(value, table, stride, isTwo);
            byTwos(left, set, [[table, twoStrides], ...onward], add);
          },
        );
      });
    },
  );

/**
 * apply(begin, end, beyond): to ← to + sign · value · from, and its magnitude so many bytes beyond. What it leads from and
 * to stands side by side, a run's numbers one after another.
 */
export const apply = applying(false);

/** The same of from − common, which stands so many bytes beyond the magnitudes. */
export const applyApart = applying(true);
