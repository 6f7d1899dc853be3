/**
 * x/(e^x − 1) by operations of IEEE alone, so that code for many levels at once (functionGraphs.ts) has it to the same
 * bits. Its error is about a unit in the last place.
 */

/** Below the first the factor is 1; from the second on e^x is Infinity. */
export const LEAST = 2 ** -960;
export const MOST = 710;
/** ln 2 in two parts, of which the first has few enough bits for its multiples to be exact. */
export const LN2 = [0.6931471805592082, 7.371002565161996e-13] as const;
export const PER_LN2 = 1 / Math.LN2;
/** Added to a number below 2⁵¹ it leaves its nearest whole one in the last bits. */
export const WHOLE = 1.5 * 2 ** 52;

/** 1/n! from n = 2 on: of e^r − 1 − r, in r², even powers and odd ones. |r| is at most ½ ln 2. */
const RECIPROCALS = Array.from({ length: 13 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n + 2; i++) factorial *= i;
  return 1 / factorial;
});
export const EVEN = RECIPROCALS.filter((_, n) => n % 2 === 0).reverse();
export const ODD = RECIPROCALS.filter((_, n) => n % 2 === 1).reverse();

/** 2^(k − 1) by k. */
const HALF_POWERS = Float64Array.from({ length: 1025 }, (_, k) => 2 ** (k - 1));

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0];
  for (let n = 1; n < coefficients.length; n++) sum = coefficients[n] + x * sum;
  return sum;
}

/** The multiple of ln 2 that is nearest to a number. */
const multipleOf = (y: number): number => y * PER_LN2 + WHOLE - WHOLE;

/** (e^r − 1 − r)/r². */
const beyondLinear = (r: number): number => {
  const square = r * r;
  return polynomial(EVEN, square) + r * polynomial(ODD, square);
};

/** x/(e^x − 1) for x ≥ 0, which is 1 at 0. */
export function boseFactor(x: number): number {
  const some = Math.max(x, LEAST);
  const y = Math.min(some, MOST);
  const k = multipleOf(y);
  const r = y - k * LN2[0] - k * LN2[1];
  const p = r + r * r * beyondLinear(r);
  const half = HALF_POWERS[k];
  return some / (2 * (half * p + (half - 0.5)));
}

/**
 * Its derivative (b/x)(1 − x − b). Below ½ ln 2 that cancels: there it is b²(q(1 − x) − 1) with q = (e^x − 1 − x)/x².
 * @param b the factor itself
 */
export function boseSlope(x: number, b: number): number {
  const y = Math.min(Math.max(x, LEAST), MOST);
  if (multipleOf(y) === 0) return b * (b * (beyondLinear(y) * (1 - y) - 1));
  return (b / x) * (1 - x - b);
}
