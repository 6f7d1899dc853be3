/** Runs a product's batches in this thread. */
import type { Product } from './product.js';

/** WebAssembly counts memory in pages. */
const PAGE = 1 << 16;

interface Room {
  readonly memory: WebAssembly.Memory;
  /** All of the memory. */
  readonly floats: Float64Array;
}

let room: Room | null = null;
/** The product whose numbers and words the memory holds, and its loops. */
let resident: { product: Product; run: (begin: number, end: number) => void } | null = null;
const instances = new WeakMap<WebAssembly.Module, (begin: number, end: number) => void>();

function roomFor(bytes: number): Room {
  if (room === null) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    room = { memory, floats: new Float64Array(memory.buffer) };
  } else if (room.floats.byteLength < bytes) {
    room.memory.grow(Math.ceil((bytes - room.floats.byteLength) / PAGE));
    room = { memory: room.memory, floats: new Float64Array(room.memory.buffer) };
  }
  return room;
}

function instanceOf(kernels: WebAssembly.Module, memory: WebAssembly.Memory) {
  let run = instances.get(kernels);
  if (run === undefined) {
    const [{ module, name }] = WebAssembly.Module.imports(kernels);
    const { exports } = new WebAssembly.Instance(kernels, { [module]: { [name]: memory } });
    run = exports.run as (begin: number, end: number) => void;
    instances.set(kernels, run);
  }
  return run;
}

function load(product: Product) {
  const { start, numbers, words, kernels } = product;
  const { memory, floats } = roomFor(start + numbers.byteLength + words.byteLength);
  floats.set(numbers, start / 8);
  new Int32Array(memory.buffer, start + numbers.byteLength, words.length).set(words);
  resident = { product, run: instanceOf(kernels, memory) };
  return resident;
}

/** Writes what the batches begin ≤ b < end make of y = L x; after the last, 0 beyond L's space. */
export function applyProduct(
  product: Product,
  x: Float64Array,
  y: Float64Array,
  begin: number,
  end: number,
): void {
  const { run } = resident?.product === product ? resident : load(product);
  const { floats } = roomFor(0);
  for (let b = begin; b < end; b++) {
    const batch = product.batches[b];
    for (const { offset, length, address } of batch.inputs) {
      floats.set(x.subarray(offset, offset + length), address / 8);
    }
    run(batch.begin, batch.end);
    for (const { offset, length, address } of batch.outputs) {
      y.set(floats.subarray(address / 8, address / 8 + length), offset);
    }
  }
  if (end === product.batches.length) y.fill(0, 2 * product.size);
}
