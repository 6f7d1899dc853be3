/** Real vectors of one length in a memory of WebAssembly, by their numbers, and the entries of a matrix. */
import type { Stretch } from '../../generator/hermitianMatrix.js';
import type { VectorKernels } from './vectorKernels.js';
import { PLACE, STEP, STRETCH } from './vectorLayout.js';

const FLOAT = 8;
const padded = (bytes: number): number => STEP * Math.ceil(bytes / STEP);

/** What stands in the memory. */
export interface VectorContents {
  /** Elements of a vector. */
  readonly length: number;
  /** How many vectors there are. */
  readonly count: number;
  readonly stretches: readonly Stretch[];
  readonly values: Float64Array;
  /** Elements of a vector, and where each is in another. */
  readonly elements: Int32Array;
  readonly places: Int32Array;
}

/** From which number on, and before which. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export class VectorMemory {
  readonly #length: number;
  /** Bytes of a vector with its padding. */
  readonly #bytes: number;
  readonly #stretches: number;
  readonly #places: number;
  readonly #vectors: number;
  readonly #floats: Float64Array;
  readonly #kernels: VectorKernels;
  readonly #views: Float64Array[] = [];

  /** Bytes that contents take. */
  static bytes({ length, count, values, ...lists }: VectorContents): number {
    const written = padded(FLOAT * values.length) + padded(STRETCH * lists.stretches.length);
    return written + padded(PLACE * lists.places.length) + count * padded(FLOAT * length);
  }

  /** @param begin the address of so many bytes that are free, a multiple of 16 */
  static async of(
    memory: WebAssembly.Memory,
    begin: number,
    contents: VectorContents,
  ): Promise<VectorMemory> {
    // Loaded where it is wanted, and not by everything that might want it.
    const { vectorKernels } = await import('./vectorKernels.js');
    return new VectorMemory(memory, begin, contents, vectorKernels(memory));
  }

  private constructor(
    memory: WebAssembly.Memory,
    begin: number,
    contents: VectorContents,
    kernels: VectorKernels,
  ) {
    const { length, stretches, values, elements, places } = contents;
    this.#length = length;
    this.#bytes = padded(FLOAT * length);
    this.#stretches = begin + padded(FLOAT * values.length);
    this.#places = this.#stretches + padded(STRETCH * stretches.length);
    this.#vectors = this.#places + padded(PLACE * places.length);
    this.#floats = new Float64Array(memory.buffer);
    this.#kernels = kernels;
    const words = new Int32Array(memory.buffer);
    this.#floats.set(values, begin / FLOAT);
    let at = this.#stretches / 4;
    for (const { row, column, count, at: first, sign } of stretches) {
      words[at] = FLOAT * row;
      words[at + 1] = FLOAT * column;
      words[at + 2] = FLOAT * count;
      words[at + 3] = begin + FLOAT * first;
      this.#floats[at / 2 + 2] = sign;
      at += STRETCH / 4;
    }
    at = this.#places / 4;
    for (let i = 0; i < places.length; i++) {
      words[at++] = FLOAT * elements[i];
      words[at++] = FLOAT * places[i];
    }
  }

  /** A vector's elements. */
  of(k: number): Float64Array {
    this.#at(k);
    return this.#views[k];
  }

  /** y += sign · M x of the entries of some stretches. */
  addProduct({ from, to }: Range, x: number, y: number, sign = 1): void {
    const [begin, end] = [this.#stretches + STRETCH * from, this.#stretches + STRETCH * to];
    this.#kernels.product(begin, end, this.#at(x), this.#at(y), sign);
  }

  dot(x: number, y: number): number {
    return this.#kernels.dot(this.#at(x), this.#end(x), this.#at(y));
  }

  /** y += factor · x */
  addMultiple(factor: number, x: number, y: number): void {
    this.#kernels.addMultiple(factor, this.#at(x), this.#end(x), this.#at(y));
  }

  /** y = factor · x */
  setMultiple(factor: number, x: number, y: number): void {
    this.#kernels.setMultiple(factor, this.#at(x), this.#end(x), this.#at(y));
  }

  /** Copies elements of x that have places, from one number of those on to before another, to an address. */
  gather({ from, to }: Range, x: number, address: number): void {
    this.#kernels.gather(this.#place(from), this.#place(to), this.#at(x), address);
  }

  scatter({ from, to }: Range, address: number, x: number): void {
    this.#kernels.scatter(this.#place(from), this.#place(to), address, this.#at(x));
  }

  #at(k: number): number {
    const address = this.#vectors + this.#bytes * k;
    if (this.#views[k] === undefined) {
      const begin = address / FLOAT;
      const end = begin + this.#length;
      // What pads it is read, and was left by whoever had the memory before.
      this.#floats.fill(0, end, begin + this.#bytes / FLOAT);
      this.#views[k] = this.#floats.subarray(begin, end);
    }
    return address;
  }

  #end(k: number): number {
    return this.#at(k) + this.#bytes;
  }

  #place(i: number): number {
    return this.#places + PLACE * i;
  }
}
