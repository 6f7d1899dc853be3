/** Numbers as if at random, always the same: what rounding may do to the numbers of a vector, each by itself. */

/**
 * The i-th one, of a size from ½ to 1. Not evenly spread ones: where an equation is eliminated, entries a row and a
 * column apart meet, and what depends on their places as a sum does would cancel as they do.
 */
export function disturbance(i: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca77);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae3d);
  const size = 1 - (bits >>> 1) / 2 ** 32;
  return ((bits ^ (bits >>> 16)) & 1) === 0 ? size : -size;
}

let known = new Float64Array(0);

/** The first ones, at least so many; not to be changed. */
export function disturbances(count: number): Float64Array {
  if (known.length < count)
    known = Float64Array.from({ length: 2 * count }, (_, i) => disturbance(i));
  return known;
}
