/** A map along runs as WebAssembly, as BoundSector has it. */

import { f64x2, func, i32, if_, local, v128 } from 'wasmati';
import { nothing } from '../whileLess.js';
import { addNext, byTwos, loadNext, overRuns, setNext } from './alongRuns.js';
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
        const onward = [
          [table, twoStrides],
          [from, 2 * NUMBER],
          [to, 2 * NUMBER],
          [other, 2 * NUMBER],
          [common, 2 * NUMBER],
        ] as const;
        const walk = (setValue: (isTwo: boolean) => void) => {
          const set = (isTwo: boolean) => {
            setValue(isTwo);
            local.set(x, loadNext(from, isTwo));
          };
          byTwos(left, set, onward, (isTwo) => {
            if (isApart) local.set(x, f64x2.sub(x, loadNext(common, isTwo)));
            local.set(value, f64x2.mul(f64x2.mul(sign, value), x));
            local.set(x, f64x2.abs(value));
            addNext(to, value, isTwo);
            addNext(other, x, isTwo);
          });
        };
        i32.eq(stride, NUMBER);
        if_(
          nothing,
          () => walk((isTwo) => local.set(value, loadNext(table, isTwo))),
          () => walk((isTwo) => setNext(value, table, stride, isTwo)),
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
