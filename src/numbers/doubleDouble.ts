/**
 * Numbers of about 32 digits as unevaluated sums of two float64 numbers, for the few sums of a device in which
 * nearly everything cancels. Algorithms: Dekker (1971), doi:10.1007/BF01397083, and Knuth, TAOCP vol. 2.
 */

export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** 2²⁷ + 1, which splits 53 bits into two halves. */
export const SPLITTER = 134217729;
/** What is left of a sum of which all cancels, relative to its terms. */
export const NOTHING = 2 ** -100;
/** Beyond it the splitting overflows; there a product is float64's. */
export const LARGEST_SPLIT = 2 ** 996;

const make = (high: number, low: number): DoubleDouble => ({ high, low });

export const fromNumber = (x: number): DoubleDouble => make(x, 0);

/** a + b, where |a| ≥ |b| or a = 0. */
function quickSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return Number.isFinite(high) ? make(high, b - (high - a)) : make(high, 0);
}

/** a + b and what rounding has taken from it. */
function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  if (!Number.isFinite(high)) return make(high, 0);
  const bPart = high - a;
  return make(high, a - (high - bPart) + (b - bPart));
}

/** What rounding has taken from a product; not a number where that is beyond the range. */
export function productError(a: number, b: number, product: number): number {
  const splitA = SPLITTER * a;
  const aHigh = splitA - (splitA - a);
  const aLow = a - aHigh;
  const splitB = SPLITTER * b;
  const bHigh = splitB - (splitB - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** a b and what rounding has taken from it. */
function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  if (!(Math.abs(a) < LARGEST_SPLIT && Math.abs(b) < LARGEST_SPLIT) || !Number.isFinite(high)) {
    return make(high, 0);
  }
  return make(high, productError(a, b, high));
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high: x, low: dx } = a;
  const { high: y, low: dy } = b;
  // Without calls, which take most of it where it is interpreted. Of what overflows nothing finite comes.
  const sum = x + y;
  const part = sum - x;
  const low = dx + dy;
  const lowPart = low - dx;
  const rest = x - (sum - part) + (y - part) + low;
  const first = sum + rest;
  const last = rest - (first - sum) + (dx - (low - lowPart) + (dy - lowPart));
  const high = first + last;
  return Number.isFinite(high) ? make(high, last - (high - first)) : addInRange(a, b);
}

/** The same where a sum is beyond the range. */
function addInRange(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = exactSum(a.high, b.high);
  const rest = exactSum(a.low, b.low);
  const first = quickSum(sum.high, sum.low + rest.high);
  return quickSum(first.high, first.low + rest.low);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high: x, low: dx } = a;
  const { high: y, low: dy } = b;
  const found = x * y;
  const error = productError(x, y, found);
  const rest = error + (x * dy + dx * y);
  const high = found + rest;
  const isSplit = Math.abs(x) < LARGEST_SPLIT && Math.abs(y) < LARGEST_SPLIT;
  return isSplit && Number.isFinite(high)
    ? make(high, rest - (high - found))
    : multiplyInRange(a, b);
}

/** The same where a factor is too large to be split, or the product is beyond the range. */
function multiplyInRange(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = exactProduct(a.high, b.high);
  // Beyond the range there are no lower digits: 0 · Infinity would be none.
  if (!Number.isFinite(product.high)) return product;
  return quickSum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

export const negate = ({ high, low }: DoubleDouble): DoubleDouble => make(-high, -low);

export const subtract = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => add(a, negate(b));

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.high / b.high;
  if (!Number.isFinite(first) || first === 0) return make(first, 0);
  const rest = add(a, negate(multiply(b, fromNumber(first))));
  const second = rest.high / b.high;
  const last = add(rest, negate(multiply(b, fromNumber(second))));
  return add(quickSum(first, second), fromNumber(last.high / b.high));
}

/** √a for a ≥ 0. */
export function squareRoot(a: DoubleDouble): DoubleDouble {
  const root = Math.sqrt(a.high);
  if (root === 0 || !Number.isFinite(root)) return make(root, 0);
  const rest = add(a, negate(multiply(fromNumber(root), fromNumber(root))));
  return quickSum(root, rest.high / (2 * root));
}

/** aⁿ for a whole n. */
export function power(a: DoubleDouble, exponent: number): DoubleDouble {
  let result = fromNumber(1);
  for (let i = 0; i < Math.abs(exponent); i++) result = multiply(result, a);
  return exponent < 0 ? divide(fromNumber(1), result) : result;
}

/**
 * Σ_n c_n xⁿ rounded once, for each whole number x from `first` on: where the terms nearly cancel, what is left
 * has its digits all the same.
 * @param coefficients c_0, c_1, …
 */
export function polynomialTable(
  coefficients: readonly DoubleDouble[],
  first: number,
  values: Float64Array,
): void {
  const degree = coefficients.length - 1;
  if (degree <= 0) {
    values.fill(degree < 0 ? 0 : coefficients[0].high);
    return;
  }
  // At no level are the terms larger. Where these are in range, so is all on the way: without calls, which take most of
  // it where it is interpreted.
  const farthest = Math.max(1, Math.abs(first), Math.abs(first + values.length - 1));
  const largest = magnitudeAt(coefficients, farthest);
  const isInRange = largest < LARGEST_SPLIT;
  const faint = NOTHING * largest;
  for (let i = 0; i < values.length; i++) {
    const x = first + i;
    let { high, low } = coefficients[degree];
    for (let n = degree - 1; n >= 0; n--) {
      // (high, low) ← (high, low) x + c_n, with x a short whole number.
      const product = high * x;
      const split = SPLITTER * high;
      const upper = split - (split - high);
      const error = upper * x - product + (high - upper) * x;
      const rest = isInRange || Number.isFinite(error) ? error + low * x : 0;
      const { high: c, low: d } = coefficients[n];
      const sum = product + c;
      const part = sum - product;
      const lost = product - (sum - part) + (c - part) + (rest + d);
      high = sum + lost;
      low = isInRange || Number.isFinite(high) ? lost - (high - sum) : 0;
    }
    const isFaint = high < faint && -high < faint;
    const isNothing = isFaint && Math.abs(high) < NOTHING * magnitudeAt(coefficients, Math.abs(x));
    values[i] = isNothing ? 0 : high;
  }
}

/** Σ_n |c_n| xⁿ. */
function magnitudeAt(coefficients: readonly DoubleDouble[], x: number): number {
  let magnitude = 0;
  for (let n = coefficients.length - 1; n >= 0; n--) {
    magnitude = magnitude * x + Math.abs(coefficients[n].high);
  }
  return magnitude;
}
