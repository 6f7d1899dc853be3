/** What rounding, and what is left out, may have done to numbers that are read off solutions in layers. */
import type { HermitianMatrix } from '../generator/hermitianMatrix.js';
import { disturbances } from '../solve/disturbance.js';
import type { SolvedLayers } from './layeredSteady.js';

export { dot } from '../norm.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 8 * Number.EPSILON;
/** What it takes from all of them together, as one case of what it may: errors of many terms all but cancel. */
const AT_RANDOM = Number.EPSILON / 4;

/** A matrix, and which of its classes are left out. */
export interface LayersKept extends Pick<SolvedLayers, 'matrix'> {
  readonly layered: Pick<SolvedLayers['layered'], 'leavesOut'>;
}

/**
 * What rounding of terms may do to a number by its adjoint z, and what is left in the rows of what is left out.
 * @param terms by element, at its first number
 */
export function lostIn(
  { matrix, layered }: LayersKept,
  z: Float64Array,
  terms: Float64Array,
  rest: Float64Array,
): number {
  let [lost, most, leftOut] = [0, 0, 0];
  eachElement(matrix, (c, re, im) => {
    const size = Math.abs(z[re]) + (im < 0 ? 0 : Math.abs(z[im]));
    lost += ROUNDING * size * terms[re];
    if (im >= 0) most = Math.max(most, size);
    if (layered.leavesOut(c)) leftOut += Math.abs(rest[re]) + Math.abs(rest[im]);
  });
  return lost + most * leftOut;
}

/** Calls with the class of each element and the places of its real and imaginary part, −1 where it has none. */
function eachElement(
  matrix: HermitianMatrix,
  take: (c: number, re: number, im: number) => void,
): void {
  matrix.space.classes.forEach(({ length }, c) => {
    if (!matrix.isKept[c]) return;
    const begin = matrix.begin[c];
    const imaginary = matrix.partsOf(c) === 1 ? -1 : begin + length;
    for (let p = 0; p < length; p++) take(c, begin + p, imaginary < 0 ? -1 : imaginary + p);
  });
}

/** Sizes of elements of the space at the first number of each that is kept. */
export function sizesIn(matrix: HermitianMatrix, sizes: Float64Array): Float64Array {
  const found = new Float64Array(matrix.size);
  matrix.space.classes.forEach(({ offset, length }, c) => {
    if (!matrix.isKept[c]) return;
    found.set(sizes.subarray(offset, offset + length), matrix.begin[c]);
  });
  return found;
}

/**
 * What is left of equations, with what rounding of their terms may have taken from it or added, as if at random.
 * @param terms by element, at its first number
 */
export function disturbed(
  matrix: HermitianMatrix,
  rest: Float64Array,
  ...terms: readonly Float64Array[]
): Float64Array {
  const signs = disturbances(rest.length);
  const left = rest.slice();
  eachElement(matrix, (_, re, im) => {
    let size = 0;
    for (const own of terms) size += own[re];
    left[re] += AT_RANDOM * size * signs[re];
    if (im >= 0) left[im] += AT_RANDOM * size * signs[im];
  });
  return left;
}

/** What rounding may do to a·b. */
export function lostInProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] * b[i]);
  return ROUNDING * sum;
}
