/**
 * y = L x on the CPU, in float64, for a generator that is used many times: what is done, in which order.
 *
 * WebAssembly sums up the elements of y, in a memory of its own, of which a thread has one. Small vectors
 * fit into it whole. Of large ones it holds a batch at a time: some neighbouring diagonals of y and what they
 * are made from, as much as a processor's cache holds.
 */
import type { Space } from '../../generator/classes.js';
import type { Generator } from '../../generator/generator.js';
import { conjugatesOf } from '../../generator/siteMatrix.js';
import type { Operand } from '../backend.js';
import { type GatherLayout, gatherLayout } from '../gather.js';
import { COUPLING, type Copy, classOf, StretchWriter } from './productStretches.js';
import { Coefficients } from './productTerms.js';

/** Complex numbers of x and y in a batch: half a megabyte. */
const MOST_IN_BATCH = 1 << 15;

const NONE: ReadonlyMap<number, number> = new Map();

export interface Batch {
  /** Elements of y that it makes. */
  readonly size: number;
  readonly inputs: readonly Copy[];
  readonly outputs: readonly Copy[];
  /** Addresses of the stretches that it is made of (productTerms.ts), begin ≤ address < end. */
  readonly begin: number;
  readonly end: number;
  /** Addresses of what is conjugated after that: of each class where it is, where its conjugate goes, and its bytes. */
  readonly conjugates: readonly [begin: number, end: number];
}

/** A generator's product; plain data and a compiled module, which threads can be given as they are. */
export interface Product {
  /** Complex numbers of a vector. */
  readonly size: number;
  readonly kernels: WebAssembly.Module;
  readonly batches: readonly Batch[];
  /** What the memory holds as long as this product is computed: from `start` on the numbers, then the words. */
  readonly start: number;
  readonly numbers: Float64Array;
  readonly words: Int32Array;
}

/** Classes that a batch writes and reads, by their positions in the space. */
interface Selection {
  readonly targets: readonly number[];
  readonly sources: readonly number[];
}

export async function productOf(generator: Generator, of: Operand = 'any'): Promise<Product> {
  const { space } = generator;
  const layout = gatherLayout(generator, space.size);
  const conjugates = of === 'hermitian' ? conjugatesOf(space) : NONE;
  const selections = selectionsOf(
    space,
    layout,
    conjugates.size > 0 ? [...conjugates.keys()] : space.classes.map((_, c) => c),
  );
  const most = (of: 'targets' | 'sources') =>
    selections.reduce((largest, selection) => Math.max(largest, sizeOf(space, selection[of])), 0);
  const outputStart = 16 * most('sources');
  const conjugateStart = outputStart + 16 * most('targets');
  const start = conjugateStart + (conjugates.size === 0 ? 0 : 16 * most('targets'));
  const writer = new StretchWriter(
    space,
    layout,
    new Coefficients(layout.tables, space.window.size, start),
  );
  const batches = selections.map(({ targets, sources }) => {
    const inputs = placed(space, sources, 0);
    const outputs = placed(space, targets, outputStart);
    const begin = 4 * writer.words.length;
    for (const target of targets) writer.add(target, inputs, outputs);
    writer.close();
    const end = 4 * writer.words.length;
    const conjugated = targets.filter((c) => conjugates.has(c));
    const other = (c: number) => conjugates.get(c) as number;
    const others = placed(
      space,
      conjugated.map(other).filter((o) => !outputs.has(o)),
      conjugateStart,
    );
    for (const c of conjugated) {
      const { address, length } = outputs.get(c) as Copy;
      const isOwn = other(c) === c;
      const to = isOwn ? address : (others.get(other(c)) as Copy).address;
      // What rounding leaves of a population's imaginary part would grow.
      writer.words.push(address, to, 8 * length, isOwn ? 0 : -1);
    }
    return {
      size: sizeOf(space, targets),
      inputs: merged(inputs),
      outputs: [...merged(outputs), ...merged(others)],
      begin,
      end,
      conjugates: [end, 4 * writer.words.length] as const,
    };
  });
  const numbers = writer.coefficients.all();
  const firstWord = start + numbers.byteLength;
  // Loaded where a product is wanted, and not by everything that might want one.
  const { compileKernels } = await import('./productKernels.js');
  return {
    size: space.size,
    kernels: compileKernels(writer.patterns),
    batches: batches.map((batch) => ({
      ...batch,
      begin: firstWord + batch.begin,
      end: firstWord + batch.end,
      conjugates: [firstWord + batch.conjugates[0], firstWord + batch.conjugates[1]],
    })),
    start,
    numbers,
    words: Int32Array.from(writer.words),
  };
}

function sizeOf({ classes }: Space, positions: Iterable<number>): number {
  let size = 0;
  for (const c of positions) size += classes[c].length;
  return size;
}

/** Classes by their diagonals, as many at a time as a batch may have. */
function selectionsOf(space: Space, layout: GatherLayout, classes: readonly number[]): Selection[] {
  const byDiagonal = classes.toSorted(
    (a, b) => space.classes[a].delta - space.classes[b].delta || a - b,
  );
  const selections: Selection[] = [];
  let targets: number[] = [];
  let sources = new Set<number>();
  let size = 0;
  const close = () => {
    if (targets.length > 0) selections.push({ targets, sources: [...sources] });
    targets = [];
    sources = new Set();
    size = 0;
  };
  for (const target of byDiagonal) {
    const own = sourcesOf(space, layout, target);
    const { length } = space.classes[target];
    const added = () =>
      length +
      sizeOf(
        space,
        own.filter((source) => !sources.has(source)),
      );
    if (size + added() > MOST_IN_BATCH) close();
    size += added();
    targets.push(target);
    for (const source of own) sources.add(source);
  }
  close();
  return selections;
}

function sourcesOf(space: Space, { classes, couplings }: GatherLayout, target: number): number[] {
  const sources = new Set<number>();
  const first = COUPLING * classes[3 * target + 1];
  const last = first + COUPLING * classes[3 * target + 2];
  for (let k = first; k < last; k += COUPLING) {
    sources.add(classOf(space, couplings[k] + couplings[k + 2]));
  }
  return [...sources];
}

/** Classes one after the other from an address on, in the order of the vector. */
function placed(space: Space, classes: readonly number[], address: number): Map<number, Copy> {
  const copies = new Map<number, Copy>();
  let at = address;
  for (const c of [...classes].sort((a, b) => a - b)) {
    const { offset, length } = space.classes[c];
    copies.set(c, { offset: 2 * offset, length: 2 * length, address: at });
    at += 16 * length;
  }
  return copies;
}

/** What follows one another in the vector as one. */
function merged(copies: ReadonlyMap<number, Copy>): Copy[] {
  const result: Copy[] = [];
  for (const copy of copies.values()) {
    const last = result[result.length - 1];
    if (last !== undefined && last.offset + last.length === copy.offset) {
      result[result.length - 1] = { ...last, length: last.length + copy.length };
    } else {
      result.push(copy);
    }
  }
  return result;
}

/** Where the batches are cut into `parts` that make about as many elements: parts + 1 numbers. */
export function cuts({ batches }: Product, parts: number): number[] {
  const size = batches.reduce((all, batch) => all + batch.size, 0);
  const result = [0];
  let made = 0;
  batches.forEach((batch, b) => {
    made += batch.size;
    if (result.length < parts && made >= (result.length * size) / parts) result.push(b + 1);
  });
  while (result.length <= parts) result.push(batches.length);
  return result;
}
