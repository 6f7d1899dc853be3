/**
 * Small arrays out of common slabs. A Float64Array of its own costs ten times as much to make as what a
 * rotor level table costs to fill.
 */

const SLAB_BYTES = 1 << 16;

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/** `length` zeros. The array may share its buffer with others: never transfer or resize that buffer. */
export function zeros(length: number): Float64Array<ArrayBuffer> {
  const bytes = 8 * length;
  if (bytes > SLAB_BYTES / 4) return new Float64Array(length);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const array = new Float64Array(slab, used, length);
  used += bytes;
  return array;
}
