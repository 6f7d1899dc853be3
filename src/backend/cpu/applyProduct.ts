/** Runs a product's batches in this thread. */
import type { Product } from './product.js';

/** WebAssembly counts memory in pages. */
const PAGE = 1 << 16;

const bytesOf = ({ start, numbers, words }: Product): number =>
  start + numbers.byteLength + words.byteLength;

/** What `compileKernels` makes. */
interface Loops {
  readonly run: (begin: number, end: number) => void;
  readonly conjugate: (begin: number, end: number) => void;
}

/** Memory for one product at a time; a product that follows another is loaded anew. */
export class ProductRoom {
  #memory: WebAssembly.Memory | null = null;
  /** All of the memory. */
  #floats = new Float64Array(0);
  /** The product whose numbers and words the memory holds, and its loops. */
  #resident: { product: Product; loops: Loops } | null = null;
  readonly #instances = new WeakMap<WebAssembly.Module, Loops>();

  /** Writes what the batches begin ≤ b < end make of y = L x; after the last, 0 beyond L's space. */
  apply(product: Product, x: Float64Array, y: Float64Array, begin: number, end: number): void {
    const resident = this.#resident?.product === product ? this.#resident : this.#load(product);
    const { run, conjugate } = resident.loops;
    const floats = this.#floats;
    for (let b = begin; b < end; b++) {
      const batch = product.batches[b];
      for (const { offset, length, address } of batch.inputs) {
        floats.set(x.subarray(offset, offset + length), address / 8);
      }
      run(batch.begin, batch.end);
      conjugate(...batch.conjugates);
      for (const { offset, length, address } of batch.outputs) {
        y.set(floats.subarray(address / 8, address / 8 + length), offset);
      }
    }
    if (end === product.batches.length) y.fill(0, 2 * product.size);
  }

  #load(product: Product) {
    const { start, numbers, words, kernels } = product;
    const memory = this.#memoryOf(bytesOf(product));
    this.#floats.set(numbers, start / 8);
    new Int32Array(memory.buffer, start + numbers.byteLength, words.length).set(words);
    this.#resident = { product, loops: this.#instanceOf(kernels, memory) };
    return this.#resident;
  }

  /** Grows, and keeps its instances' memory the same. */
  #memoryOf(bytes: number): WebAssembly.Memory {
    if (this.#memory === null) {
      this.#memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    } else if (this.#floats.byteLength < bytes) {
      this.#memory.grow(Math.ceil((bytes - this.#floats.byteLength) / PAGE));
    } else {
      return this.#memory;
    }
    this.#floats = new Float64Array(this.#memory.buffer);
    return this.#memory;
  }

  #instanceOf(kernels: WebAssembly.Module, memory: WebAssembly.Memory): Loops {
    let loops = this.#instances.get(kernels);
    if (loops === undefined) {
      const [{ module, name }] = WebAssembly.Module.imports(kernels);
      const { exports } = new WebAssembly.Instance(kernels, { [module]: { [name]: memory } });
      loops = exports as unknown as Loops;
      this.#instances.set(kernels, loops);
    }
    return loops;
  }
}
