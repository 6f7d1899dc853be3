/**
 * Small arrays out of common slabs. A Float64Array of its own costs ten times as much to make as what a
 * rotor level table costs to fill.
 */

const SLAB_BYTES = 1 << 16;
/** Larger arrays have memory of their own, … */
const LARGEST_IN_SLAB = SLAB_BYTES / 4;
/** … which is not used again beyond this. */
const LARGEST_USED_AGAIN = 1 << 21;

/** Slabs that are filled one after the other, and can be filled again from the first. */
class Slabs {
  #slabs: ArrayBuffer[] = [];
  #at = 0;
  #used = 0;
  readonly #small: Float64Array<ArrayBuffer>[] = [];
  #takenSmall = 0;
  readonly #large: Float64Array<ArrayBuffer>[] = [];
  #taken = 0;

  /** Runs are much alike: the n-th large array of one is about as long as that of the run before. */
  takeLarge(length: number): Float64Array<ArrayBuffer> {
    const n = this.#taken++;
    const known = this.#large[n];
    if (known !== undefined && known.length >= length) return known.subarray(0, length);
    const array = new Float64Array(length);
    this.#large[n] = array;
    return array;
  }

  /** As long as arrays are as long as in the run before they are the same ones. */
  take(length: number): Float64Array<ArrayBuffer> {
    const bytes = 8 * length;
    if (this.#used + bytes > SLAB_BYTES) {
      this.#at++;
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += bytes;
    this.#slabs[this.#at] ??= new ArrayBuffer(SLAB_BYTES);
    const slab = this.#slabs[this.#at];
    const n = this.#takenSmall++;
    const known = this.#small[n];
    if (known?.length === length && known.byteOffset === at && known.buffer === slab) return known;
    const array = new Float64Array(slab, at, length);
    this.#small[n] = array;
    return array;
  }

  /** What was taken is given again from now on. */
  rewind(): void {
    this.#at = 0;
    this.#used = 0;
    this.#taken = 0;
    this.#takenSmall = 0;
  }
}

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

const recycled = new Slabs();
let underWay = false;
/** Which run it is. */
let run = 0;
/** Whether arrays come out of memory that is used again. */
let recycles = false;

/** `length` zeros. The array may share its buffer with others: never transfer or resize that buffer. */
export function zeros(length: number): Float64Array<ArrayBuffer> {
  const array = room(length);
  return recycles ? array.fill(0) : array;
}

/** The same, with whatever numbers were there before where memory is used again. */
function room(length: number): Float64Array<ArrayBuffer> {
  const bytes = 8 * length;
  if (bytes > LARGEST_IN_SLAB) {
    return recycles && bytes <= LARGEST_USED_AGAIN
      ? recycled.takeLarge(length)
      : new Float64Array(length);
  }
  if (recycles) return recycled.take(length);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const array = new Float64Array(slab, used, length);
  used += bytes;
  return array;
}

/** The same numbers in memory of their own; what `zeros` says of its arrays holds of it. */
export function copied(values: Float64Array): Float64Array<ArrayBuffer> {
  const copy = room(values.length);
  copy.set(values);
  return copy;
}

/** Tells, from now on, whether the memory that is used now is in use again for others. */
export function usedAgain(): () => boolean {
  const [isOurs, ours] = [recycles, run];
  return () => isOurs && run !== ours;
}

function within<T>(value: boolean, run: () => T): T {
  const before = recycles;
  recycles = value;
  try {
    return run();
  } finally {
    recycles = before;
  }
}

/**
 * Runs with zeros out of memory that the next such run uses again: what it returns must hold none of them.
 * For one of many devices of which a few numbers are kept. A browser takes longer to get fresh memory from
 * the system than to solve a small device.
 * @throws {Error} within another such run
 */
export function recycling<T>(compute: () => T): T {
  if (underWay) throw new Error('memory that is in use cannot be used again');
  underWay = true;
  run++;
  recycled.rewind();
  try {
    return within(true, compute);
  } finally {
    underWay = false;
  }
}

/** Makes what outlives such a run, as caches do. */
export const lasting = <T>(make: () => T): T => within(false, make);

/** What runs things later with zeros out of the memory that is used now. */
export function memoryOfNow(): <T>(make: () => T) => T {
  const value = recycles;
  return (make) => within(value, make);
}
