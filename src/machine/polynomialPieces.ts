/**
 * Polynomials in l as their coefficients about levels near their roots: there what cancels has cancelled in double-double,
 * and at every other level, counted from the nearest of them, hardly anything does.
 */
import { add, type DoubleDouble, fromNumber, multiply, NOTHING } from '../numbers/doubleDouble.js';

/** Numbers of a polynomial: as many levels as its degree, and coefficients about each. */
export const sizeOfPolynomial = (degree: number): number =>
  degree === 0 ? 1 : degree * (degree + 2);

/**
 * Puts down a polynomial: levels, then coefficients about each.
 * @param coefficients of l⁰, l¹, …
 * @returns the place after it
 */
export function packPolynomial(
  coefficients: readonly DoubleDouble[],
  lmin: number,
  lmax: number,
  out: Float64Array,
  first: number,
): number {
  const degree = coefficients.length - 1;
  if (degree < 0) out[first] = 0;
  if (degree < 1) return first + 1;
  const leading = new Array<number>(degree + 1);
  for (let n = 0; n <= degree; n++) leading[n] = coefficients[n].high;
  const levels = levelsNearRoots(leading, lmin, lmax);
  let next = first + degree;
  for (let p = 0; p < degree; p++) {
    out[first + p] = levels[p];
    putAbout(coefficients, levels[p], out, next);
    next += degree + 1;
  }
  return next;
}

/** Puts down coefficients in powers of l − centre. */
function putAbout(
  coefficients: readonly DoubleDouble[],
  centre: number,
  out: Float64Array,
  first: number,
): void {
  const degree = coefficients.length - 1;
  const moved = [...coefficients];
  if (centre !== 0) {
    const x = fromNumber(centre);
    for (let k = 0; k < degree; k++) {
      for (let n = degree - 1; n >= k; n--) moved[n] = add(moved[n], multiply(moved[n + 1], x));
    }
  }
  for (let n = 0; n <= degree; n++) out[first + n] = moved[n].high;
  let magnitude = 0;
  for (let n = degree; n >= 0; n--) {
    magnitude = magnitude * Math.abs(centre) + Math.abs(coefficients[n].high);
  }
  // Where all of it has cancelled nothing is left.
  if (Math.abs(out[first]) < NOTHING * magnitude) out[first] = 0;
}

function valueAt(coefficients: readonly number[], l: number): number {
  let value = 0;
  for (let n = coefficients.length - 1; n >= 0; n--) value = value * l + coefficients[n];
  return value;
}

/** Neighbouring levels between which a polynomial is 0; one level where it is nearest to 0 at an end. */
type Bracket = readonly [number, number];

/** For each stretch of levels on which a polynomial rises or falls, where it is nearest to 0: as many as its degree says. */
function brackets(coefficients: readonly number[], lmin: number, lmax: number): Bracket[] {
  const degree = coefficients.length - 1;
  if (degree < 1) return [];
  if (degree === 1) return [bracket(coefficients, lmin, lmax)];
  const slope = coefficients.slice(1).map((c, n) => (n + 1) * c);
  const turns = brackets(slope, lmin, lmax).sort((a, b) => a[0] - b[0]);
  return Array.from({ length: degree }, (_, k) => {
    const first = k === 0 ? lmin : turns[k - 1][1];
    const last = k === degree - 1 ? lmax : turns[k][0];
    return bracket(coefficients, first, Math.max(first, last));
  });
}

/** On levels on which it rises or falls. */
function bracket(coefficients: readonly number[], first: number, last: number): Bracket {
  let [low, high] = [first, last];
  const below = valueAt(coefficients, low);
  const above = valueAt(coefficients, high);
  if (below < 0 === above < 0) {
    const nearest = Math.abs(below) < Math.abs(above) ? low : high;
    return [nearest, nearest];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valueAt(coefficients, middle) < 0 === below < 0) low = middle;
    else high = middle;
  }
  return [low, high];
}

function levelsNearRoots(coefficients: readonly number[], lmin: number, lmax: number): number[] {
  return brackets(coefficients, lmin, lmax).map(([low, high]) =>
    Math.abs(valueAt(coefficients, low)) < Math.abs(valueAt(coefficients, high)) ? low : high,
  );
}
