/** y = L x on a device, by whichever of its kernels was measured to be the faster one there. */
import type { Generator } from '../../generator/generator.js';
import type { LinearMap } from '../backend.js';
import { power } from './choices.js';
import { prepareGather } from './gatherProduct.js';
import type { ShaderVariant } from './shaders.js';
import { stencilOf } from './stencil.js';
import { prepareStencil, THREAD_SHAPES } from './stencilProduct.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/** Vectors of fewer elements are not worth the compilation of a kernel of their own. */
const WORTH_WRITING_OUT = 1 << 16;
/** Of each candidate, to see which is the fastest. */
const RUNS = 2;

type Product = LinearMap<DeviceVector>;

/** @param variant the arithmetic's conditions */
export async function prepareApply(
  vectors: DeviceVectors,
  generator: Generator,
  variant: ShaderVariant,
): Promise<Product> {
  const { device, precision, capacity } = vectors;
  const { space } = generator;
  const gather = () => prepareGather(vectors, generator, variant);
  if (precision !== 'f32' || space.size < WORTH_WRITING_OUT || space.size > capacity) {
    return gather();
  }
  const stencil = stencilOf(generator);
  if (stencil === null) return gather();
  const candidates = THREAD_SHAPES.map(
    (shape) => () => prepareStencil(vectors, space, stencil, shape),
  );
  const products: Product[] = [];
  const fastest = await device.choices.fastest(
    `L·ρ of ${stencil.terms.length} terms, about 2^${power(space.size)} elements`,
    THREAD_SHAPES.map(({ width, length, tile }) => `${width} × ${length}, tiles of ${tile}`),
    async () => {
      for (const prepare of candidates) products.push(await prepare());
      return fastestOf(vectors, space.size, products);
    },
  );
  for (const [at, product] of products.entries()) if (at !== fastest) product.release();
  return products[fastest] ?? candidates[fastest]();
}

/** The place of the product that takes the least time, of a few runs after one that warms up. */
async function fastestOf(
  vectors: DeviceVectors,
  size: number,
  products: readonly Product[],
): Promise<number> {
  const { device } = vectors;
  const [x, y] = [await vectors.allocate(size), await vectors.allocate(size)];
  vectors.clear(x);
  const times: number[] = [];
  for (const product of products) {
    await product.apply(x, y);
    await device.settle();
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      const begin = performance.now();
      await product.apply(x, y);
      await device.settle();
      least = Math.min(least, performance.now() - begin);
    }
    times.push(least);
  }
  vectors.release(x);
  vectors.release(y);
  return times.indexOf(Math.min(...times));
}
