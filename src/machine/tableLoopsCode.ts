/** What tableLoops.ts has prepared, two levels at a time. */
import { br, f64x2, func, i32, if_, importMemory, local, loop, Module, v128 } from 'wasmati';
import { nothing, whileLess } from '../whileLess.js';
import { WrittenCode } from '../writtenCode.js';
import { polynomialOf } from './polynomialKernel.js';
import { TABLE_LOOPS, type TableCode } from './tableLoops.js';

const VECTOR = 16;

/** @param isProduct whether x is multiplied by the power */
const powers = (isProduct: boolean) =>
  func(
    { in: [i32, i32, i32, i32, i32], locals: [i32, v128, v128], out: [] },
    ([x, y, end, n, isRoot], [left, factor, power]) => {
      whileLess(x, end, VECTOR, () => {
        local.set(factor, v128.load({}, y));
        local.get(isRoot);
        if_(nothing, () => local.set(factor, f64x2.sqrt(factor)));
        local.set(power, factor);
        local.set(left, n);
        loop(nothing, (again) => {
          local.set(left, i32.sub(left, 1));
          local.get(left);
          if_(nothing, () => {
            local.set(power, f64x2.mul(power, factor));
            br(again);
          });
        });
        if (isProduct) local.set(power, f64x2.mul(v128.load({}, x), power));
        v128.store({}, x, power);
        local.set(y, i32.add(y, VECTOR));
      });
    },
  );

const add = func({ in: [i32, i32, i32], locals: [], out: [] }, ([x, y, end]) => {
  whileLess(x, end, VECTOR, () => {
    v128.store({}, x, f64x2.add(v128.load({}, x), v128.load({}, y)));
    local.set(y, i32.add(y, VECTOR));
  });
});

export const tableLoopsCode = new WrittenCode<TableCode>(TABLE_LOOPS, () =>
  Module({
    exports: {
      ...{ raise: powers(false), times: powers(true), add },
      polynomial1: polynomialOf(1),
      polynomial2: polynomialOf(2),
      polynomial3: polynomialOf(3),
      polynomial4: polynomialOf(4),
    },
    memory: importMemory({ min: 1 }),
  }),
);
