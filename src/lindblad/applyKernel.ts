/** A map along runs as WebAssembly, as BoundSector has it. */

import { f64x2, func, i32, local, v128 } from 'wasmati';
import { type Address, whileLess } from '../whileLess.js';
import { byTwos, setNext } from './runKernel.js';
import { COUNT, FROM, RECORD, SIGN, STRIDE, TABLE, TO } from './runRecords.js';

const NUMBER = 8;

const applying = (isApart: boolean) =>
  func(
    {
      in: [i32, i32, i32, i32],
      locals: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128],
      out: [],
    },
    (
      [begin, end, step, beyond],
      [run, table, from, to, other, common, stride, left, twoStrides, twoSteps, sign, value, x],
    ) => {
      local.set(twoSteps, i32.mul(step, 2));
      local.set(run, begin);
      whileLess(run, end, RECORD, () => {
        local.set(table, i32.load({ offset: TABLE }, run));
        local.set(stride, i32.load({ offset: STRIDE }, run));
        local.set(left, i32.load({ offset: COUNT }, run));
        local.set(from, i32.load({ offset: FROM }, run));
        local.set(to, i32.load({ offset: TO }, run));
        local.set(twoStrides, i32.mul(stride, 2));
        local.set(other, i32.add(to, beyond));
        local.set(common, i32.add(other, beyond));
        local.set(sign, v128.load64_splat({ offset: SIGN }, run));
        const set = (isTwo: boolean) => {
          setNext(value, table, stride, isTwo);
          setNext(x, from, step, isTwo);
        };
        const onward = [
          [table, twoStrides],
          [from, twoSteps],
          [to, 2 * NUMBER],
          [other, 2 * NUMBER],
          [common, 2 * NUMBER],
        ] as const;
        byTwos(left, set, onward, (isTwo) => {
          const add = (at: Address) => {
            const before = isTwo ? v128.load({}, at) : v128.load64_zero({}, at);
            local.set(x, f64x2.add(before, value));
            if (isTwo) v128.store({}, at, x);
            else v128.store64_lane({}, 0, at, x);
          };
          if (isApart) {
            const less = isTwo ? v128.load({}, common) : v128.load64_zero({}, common);
            local.set(x, f64x2.sub(x, less));
          }
          local.set(value, f64x2.mul(f64x2.mul(sign, value), x));
          add(to);
          local.set(value, f64x2.abs(value));
          add(other);
        });
      });
    },
  );

/**
 * apply(begin, end, step, beyond): to ← to + sign · value · from, and its magnitude so many bytes beyond. What it leads
 * to stands side by side, a run's numbers one after another.
 */
export const apply = applying(false);

/** The same of from − common, which stands so many bytes beyond the magnitudes. */
export const applyApart = applying(true);
