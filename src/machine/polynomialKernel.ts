/**
 * `polynomialTable` of doubleDouble.ts as WebAssembly, two levels at a time: the same operations without a branch, but for
 * those that nothing is made of. One function for each degree: what is the same at all levels is computed once.
 */
import { br, f64x2, func, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { NOTHING, SPLITTER } from '../numbers/doubleDouble.js';
import { type Address, nothing } from '../whileLess.js';

const VECTOR = 16;

type Vector = Local<'v128'>;

const both = (x: number) => v128.const('f64x2', [x, x]);

/** Keeps what is finite, and puts 0 in place of the rest. */
function keepFinite(x: Vector, judged: Vector): void {
  const mask = f64x2.lt(f64x2.abs(judged), both(Number.POSITIVE_INFINITY));
  local.set(x, v128.and(x, mask));
}

/** Splits numbers into two halves, each with so few digits that its products are exact. */
function split(high: Vector, upper: Vector, lower: Vector): void {
  local.set(upper, f64x2.mul(high, both(SPLITTER)));
  local.set(lower, f64x2.sub(upper, high));
  local.set(upper, f64x2.sub(upper, lower));
  local.set(lower, f64x2.sub(high, upper));
}

/** A number at an address in both lanes. */
const twice = (address: Address, offset: number) => v128.load64_splat({ offset }, address);

function polynomial(degree: number) {
  const five = [v128, v128, v128, v128, v128] as const;
  const ofCoefficients = Array.from({ length: 3 * degree }, () => v128);
  return func(
    { in: [i32, i32, i32, i32], locals: [...five, ...five, ...five, ...ofCoefficients], out: [] },
    (
      [first, level, end, out],
      [x, magnitude, high, low, product, upper, lower, rest, sum, part, ...others],
    ) => {
      const [top, topLow, topSize, topUpper, topLower, ...numbers] = others;
      const [c, d, size] = [0, 1, 2].map((k) => numbers.slice(k * degree, (k + 1) * degree));
      const place = VECTOR * degree;
      local.set(top, twice(first, place));
      local.set(topLow, twice(first, place + VECTOR / 2));
      local.set(topSize, f64x2.abs(top));
      split(top, topUpper, topLower);
      for (let n = 0; n < degree; n++) {
        local.set(c[n], twice(first, VECTOR * n));
        local.set(d[n], twice(first, VECTOR * n + VECTOR / 2));
        local.set(size[n], f64x2.abs(c[n]));
      }
      loop(nothing, (nextLevel) => {
        local.set(x, v128.load({}, level));
        local.set(magnitude, topSize);
        for (let n = degree - 1; n >= 0; n--) {
          const isFirst = n === degree - 1;
          const [h, l] = isFirst ? [top, topLow] : [high, low];
          const [u, v] = isFirst ? [topUpper, topLower] : [upper, lower];
          if (!isFirst) split(h, u, v);
          local.set(product, f64x2.mul(h, x));
          // What rounding has taken from the product.
          local.set(rest, f64x2.sub(f64x2.mul(u, x), product));
          local.set(rest, f64x2.add(rest, f64x2.mul(v, x)));
          local.set(sum, f64x2.add(rest, f64x2.mul(l, x)));
          keepFinite(sum, rest);
          local.set(rest, f64x2.add(sum, d[n]));
          // The sum with c, and what rounding has taken from it.
          local.set(sum, f64x2.add(product, c[n]));
          local.set(part, f64x2.sub(sum, product));
          local.set(low, f64x2.sub(product, f64x2.sub(sum, part)));
          local.set(low, f64x2.add(low, f64x2.sub(c[n], part)));
          local.set(low, f64x2.add(low, rest));
          local.set(high, f64x2.add(sum, low));
          local.set(magnitude, f64x2.mul(magnitude, f64x2.abs(x)));
          local.set(magnitude, f64x2.add(magnitude, size[n]));
          // After the last step nothing is made of the lower part.
          if (n === 0) continue;
          local.set(low, f64x2.sub(low, f64x2.sub(high, sum)));
          keepFinite(low, high);
        }
        // 0 where all of it has cancelled.
        local.set(magnitude, f64x2.mul(magnitude, both(NOTHING)));
        local.set(magnitude, f64x2.lt(f64x2.abs(high), magnitude));
        v128.store({}, out, v128.andnot(high, magnitude));
        local.set(out, i32.add(out, VECTOR));
        local.set(level, i32.add(level, VECTOR));
        i32.lt_u(level, end);
        if_(nothing, () => br(nextLevel));
      });
    },
  );
}

const known = new Map<number, ReturnType<typeof polynomial>>();

/**
 * polynomial(first, level, end, out): Σ_n c_n lⁿ at the levels from the address `level` to `end`, put at `out`. The
 * coefficients stand from c_0 at `first` to the highest one, each in two parts.
 * @param degree 1 or more
 */
export function polynomialOf(degree: number): ReturnType<typeof polynomial> {
  let found = known.get(degree);
  if (found === undefined) {
    found = polynomial(degree);
    known.set(degree, found);
  }
  return found;
}
