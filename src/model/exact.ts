/** Sums and products of float64 numbers without rounding. */

/** 2²⁷ + 1, which splits 53 bits into two halves. */
const SPLITTER = 134217729;

/** A number as a sum of two of at most 27 bits, so that products of such halves are exact (Dekker). */
export function halves(x: number): [leading: number, rest: number] {
  const split = SPLITTER * x;
  const leading = split - (split - x);
  return [leading, x - leading];
}

/** a + b and what rounding has taken from it (Knuth). */
export function exactSum(a: number, b: number): [sum: number, error: number] {
  const sum = a + b;
  const bPart = sum - a;
  return [sum, a - (sum - bPart) + (b - bPart)];
}

/** a b and what rounding has taken from it (Dekker). */
export function exactProduct(a: number, b: number): [product: number, error: number] {
  const product = a * b;
  const [aLeading, aRest] = halves(a);
  const [bLeading, bRest] = halves(b);
  const error = aLeading * bLeading - product + aLeading * bRest + aRest * bLeading + aRest * bRest;
  return [product, error];
}
