/**
 * What a refinement improves: x with trace 1, and L x, on the host in float64 or beside the inner solver in
 * its backend's wider arithmetic.
 */
import type { Backend, LinearMap, Wider } from '../backend/backend.js';
import { applyAdd } from '../generator/apply.js';
import { populationsOf } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';

/** @typeParam V the inner solver's vectors */
export interface Iterate<V> {
  /** Where and in which arithmetic, in words. */
  readonly name: string;
  /** By how much an operation is off, relative to its operands. */
  readonly epsilon: number;
  /** Computes L x and returns ‖L x‖. */
  residual(): Promise<number>;
  /** Writes −L x / ‖L x‖ into a vector, without what rounding leaves of its trace: that is no part of any L δ. */
  rightHandSide(right: V): Promise<void>;
  /** x ← (x + ‖L x‖ δ) / trace. */
  correct(delta: V): Promise<void>;
  /** Remembers x. */
  keep(): Promise<void>;
  /** Goes back to the x that was kept last. */
  restore(): void;
  elements(): Promise<Float64Array>;
  release(): void;
}

export const normOf = (x: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
};

/** Indices of the real parts of the populations. */
export function populationIndices({ space }: Generator): Int32Array {
  const indices: number[] = [];
  for (const { offset, length } of populationsOf(space)) {
    for (let p = offset; p < offset + length; p++) indices.push(2 * p);
  }
  return Int32Array.from(indices);
}

/** The sum of the numbers at the given indices. */
export function traceBy(populations: Int32Array, x: Float64Array): number {
  let sum = 0;
  for (const i of populations) sum += x[i];
  return sum;
}

/** On the host, which each vector of the solver visits. */
export function hostIterate<V>(
  generator: Generator,
  start: Float64Array,
  backend: Backend<V>,
): Iterate<V> {
  const populations = populationIndices(generator);
  let x = start;
  let kept = start;
  let size = 0;
  let image = new Float64Array(0);
  return {
    name: 'float64 on the CPU',
    epsilon: 2 ** -53,
    residual: async () => {
      image = new Float64Array(x.length);
      applyAdd(generator, x, image);
      size = normOf(image);
      return size;
    },
    rightHandSide: async (right) => {
      const left = traceBy(populations, image);
      for (let i = 0; i < x.length; i++) image[i] = (left * x[i] - image[i]) / size;
      await backend.write(image, right);
    },
    correct: async (delta) => {
      const change = await backend.download(delta);
      const next = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) next[i] = x[i] + size * change[i];
      const trace = traceBy(populations, next);
      for (let i = 0; i < x.length; i++) next[i] /= trace;
      x = next;
    },
    keep: async () => {
      kept = x;
    },
    restore: () => {
      x = kept;
    },
    elements: async () => x,
    release: () => {},
  };
}

/** x is kept as so many times itself, so that squares of small residuals stay in float32's range. */
const SCALE = 2 ** 32;

/** Where the solver's vectors are: of each pass the populations alone come to the host, for their sum. */
export async function widerIterate<V>(
  generator: Generator,
  start: Float64Array,
  wider: Wider<V>,
): Promise<Iterate<V>> {
  const { backend, name, epsilon } = wider;
  const { size: length } = generator.space;
  const populations = populationIndices(generator);
  // Populations come first in spaces that are ordered by the distance from them.
  const count = populations.reduce((most, i) => Math.max(most, i / 2 + 1), 0);
  const owned: V[] = [];
  let map: LinearMap<V> | undefined;
  const release = () => {
    map?.release();
    for (const vector of owned) backend.release(vector);
  };
  const vector = async () => {
    const made = await backend.allocate(length);
    owned.push(made);
    return made;
  };
  const times = (factor: number) => ({ re: factor, im: 0 });
  try {
    const product = await backend.prepare(generator, 'hermitian');
    map = product;
    const image = await vector();
    let [x, kept] = [await vector(), await vector()];
    await backend.write(
      start.map((value) => SCALE * value),
      x,
    );
    let size = 0;
    const traceOf = async (y: V) => traceBy(populations, await backend.download(y, count)) / SCALE;
    return {
      name: `${name} on ${backend.adapter}`,
      epsilon,
      residual: async () => {
        await product.apply(x, image);
        size = Math.sqrt((await backend.dot(image, image)).re) / SCALE;
        return size;
      },
      rightHandSide: async (right) => {
        await backend.axpy(times(-(await traceOf(image))), x, image);
        wider.narrow(-1 / (size * SCALE), image, right);
      },
      correct: async (delta) => {
        wider.accumulate(size * SCALE, delta, x);
        await backend.scale(times(1 / (await traceOf(x))), x);
      },
      keep: () => backend.copy(x, kept),
      restore: () => {
        [x, kept] = [kept, x];
      },
      elements: async () => (await backend.download(x)).map((value) => value / SCALE),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
