/** `polynomialTable` of doubleDouble.ts as WebAssembly, two levels at a time: the same operations without a branch. */
import { br, f64x2, func, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { NOTHING, SPLITTER } from '../numbers/doubleDouble.js';
import { nothing } from '../whileLess.js';

const VECTOR = 16;

type Vector = Local<'v128'>;

/** Keeps what is finite, and puts 0 in place of the rest. */
function keepFinite(x: Vector, judged: Vector): void {
  const mask = f64x2.lt(
    f64x2.abs(judged),
    v128.const('f64x2', [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]),
  );
  local.set(x, v128.and(x, mask));
}

/**
 * polynomial(first, last, level, end, out): Σ_n c_n lⁿ at the levels from the address `level` to `end`, put at `out`.
 * The coefficients stand from c_0 at `first` to the highest one at `last`, each in two parts.
 */
export const polynomial = func(
  {
    in: [i32, i32, i32, i32, i32],
    locals: [i32, v128, v128, v128, v128, v128, v128, v128, v128, v128, v128],
    out: [],
  },
  (
    [first, last, level, end, out],
    [at, x, high, low, magnitude, product, upper, rest, c, sum, part],
  ) => {
    loop(nothing, (nextLevel) => {
      local.set(x, v128.load({}, level));
      local.set(at, last);
      local.set(high, v128.load64_splat({}, at));
      local.set(low, v128.load64_splat({ offset: 8 }, at));
      local.set(magnitude, f64x2.abs(high));
      loop(nothing, (nextCoefficient) => {
        i32.gt_u(at, first);
        if_(nothing, () => {
          local.set(at, i32.sub(at, VECTOR));
          local.set(c, v128.load64_splat({}, at));
          local.set(product, f64x2.mul(high, x));
          local.set(upper, f64x2.mul(high, v128.const('f64x2', [SPLITTER, SPLITTER])));
          local.set(part, f64x2.sub(upper, high));
          local.set(upper, f64x2.sub(upper, part));
          // What rounding has taken from the product.
          local.set(rest, f64x2.sub(f64x2.mul(upper, x), product));
          local.set(part, f64x2.sub(high, upper));
          local.set(rest, f64x2.add(rest, f64x2.mul(part, x)));
          local.set(sum, f64x2.add(rest, f64x2.mul(low, x)));
          keepFinite(sum, rest);
          local.set(rest, f64x2.add(sum, v128.load64_splat({ offset: 8 }, at)));
          // The sum with c, and what rounding has taken from it.
          local.set(sum, f64x2.add(product, c));
          local.set(part, f64x2.sub(sum, product));
          local.set(low, f64x2.sub(product, f64x2.sub(sum, part)));
          local.set(low, f64x2.add(low, f64x2.sub(c, part)));
          local.set(low, f64x2.add(low, rest));
          local.set(high, f64x2.add(sum, low));
          local.set(low, f64x2.sub(low, f64x2.sub(high, sum)));
          keepFinite(low, high);
          local.set(magnitude, f64x2.mul(magnitude, f64x2.abs(x)));
          local.set(magnitude, f64x2.add(magnitude, f64x2.abs(c)));
          br(nextCoefficient);
        });
      });
      // 0 where all of it has cancelled.
      local.set(magnitude, f64x2.mul(magnitude, v128.const('f64x2', [NOTHING, NOTHING])));
      local.set(magnitude, f64x2.lt(f64x2.abs(high), magnitude));
      v128.store({}, out, v128.andnot(high, magnitude));
      local.set(out, i32.add(out, VECTOR));
      local.set(level, i32.add(level, VECTOR));
      i32.lt_u(level, end);
      if_(nothing, () => br(nextLevel));
    });
  },
);
