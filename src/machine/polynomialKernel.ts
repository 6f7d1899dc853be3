/**
 * `polynomialTable` of doubleDouble.ts as WebAssembly, two levels at a time: the same operations, but for those that
 * nothing is made of. Where all terms are in range, nothing is looked for that is beyond it. One function for each degree:
 * what is the same at all levels is computed once.
 */
import {
  br_if,
  f64x2,
  func,
  i32,
  if_,
  type Label,
  type Local,
  local,
  loop,
  return_,
  v128,
} from 'wasmati';
import { LARGEST_SPLIT, NOTHING, SPLITTER } from '../numbers/doubleDouble.js';
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
    {
      in: [i32, i32, i32, i32],
      locals: [v128, ...five, ...five, ...five, ...ofCoefficients],
      out: [],
    },
    (
      [first, level, end, out],
      [faint, x, magnitude, high, low, product, upper, lower, rest, sum, part, ...others],
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
      /** Σ_n |c_n| |x|ⁿ */
      const setMagnitude = () => {
        local.set(magnitude, topSize);
        for (let n = degree - 1; n >= 0; n--) {
          local.set(magnitude, f64x2.mul(magnitude, f64x2.abs(x)));
          local.set(magnitude, f64x2.add(magnitude, size[n]));
        }
      };
      const evaluate = (isInRange: boolean) => {
        const keep = isInRange ? () => {} : keepFinite;
        local.set(x, v128.load({}, level));
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
          keep(sum, rest);
          local.set(rest, f64x2.add(sum, d[n]));
          // The sum with c, and what rounding has taken from it.
          local.set(sum, f64x2.add(product, c[n]));
          local.set(part, f64x2.sub(sum, product));
          local.set(low, f64x2.sub(product, f64x2.sub(sum, part)));
          local.set(low, f64x2.add(low, f64x2.sub(c[n], part)));
          local.set(low, f64x2.add(low, rest));
          local.set(high, f64x2.add(sum, low));
          // After the last step nothing is made of the lower part.
          if (n === 0) continue;
          local.set(low, f64x2.sub(low, f64x2.sub(high, sum)));
          keep(low, high);
        }
      };
      /** 0 where all of it has cancelled. */
      const takeCancelled = () => {
        setMagnitude();
        local.set(magnitude, f64x2.mul(magnitude, both(NOTHING)));
        local.set(magnitude, f64x2.lt(f64x2.abs(high), magnitude));
        local.set(high, v128.andnot(high, magnitude));
      };
      const advance = (again: Label) => {
        v128.store({}, out, high);
        local.set(out, i32.add(out, VECTOR));
        local.set(level, i32.add(level, VECTOR));
        i32.lt_u(level, end);
        br_if(again);
      };
      // Farthest from 0 the terms are largest, and where these are in range, so is all on the way.
      const farthest = f64x2.max(
        f64x2.abs(v128.load64_splat({}, level)),
        f64x2.abs(v128.load64_splat({}, i32.sub(end, VECTOR / 2))),
      );
      local.set(x, f64x2.max(farthest, both(1)));
      setMagnitude();
      v128.any_true(f64x2.lt(magnitude, both(LARGEST_SPLIT)));
      if_(nothing, () => {
        local.set(faint, f64x2.mul(magnitude, both(NOTHING)));
        loop(nothing, (nextLevel) => {
          evaluate(true);
          v128.any_true(f64x2.lt(f64x2.abs(high), faint));
          if_(nothing, takeCancelled);
          advance(nextLevel);
        });
        return_();
      });
      loop(nothing, (nextLevel) => {
        evaluate(false);
        takeCancelled();
        advance(nextLevel);
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
