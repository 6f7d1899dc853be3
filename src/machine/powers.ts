/** Whole and half powers by operations of IEEE alone, so that code for many numbers at once has them to the same bits. */

/** What makes powers. */
export interface PowerOperations<X> {
  readonly multiply: (a: X, b: X) => X;
  readonly squareRoot: (a: X) => X;
  readonly inverse: (a: X) => X;
}

/** aⁿ for n ≠ 0, a whole number or a half of one. */
export function powerBy<X>(operations: PowerOperations<X>, a: X, exponent: number): X {
  const { multiply, squareRoot, inverse } = operations;
  if (exponent < 0) return inverse(powerBy(operations, a, -exponent));
  const isWhole = Number.isInteger(exponent);
  const factor = isWhole ? a : squareRoot(a);
  const count = isWhole ? exponent : 2 * exponent;
  let product = factor;
  for (let i = 1; i < count; i++) product = multiply(product, factor);
  return product;
}

const FLOAT64: PowerOperations<number> = {
  multiply: (a, b) => a * b,
  squareRoot: Math.sqrt,
  inverse: (a) => 1 / a,
};

/** aⁿ of the whole and half powers that there are. */
export function raised(a: number, exponent: number): number {
  if (exponent === 1) return a;
  if (exponent === 2) return a * a;
  if (exponent === 0) return 1;
  if (exponent === 0.5) return Math.sqrt(a);
  return powerBy(FLOAT64, a, exponent);
}
