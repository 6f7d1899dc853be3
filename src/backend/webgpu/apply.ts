/** y = L x on a device, by whichever of its kernels was measured to be the faster one there. */
import type { Generator } from '../../generator/generator.js';
import type { LinearMap } from '../backend.js';
import type { Device } from './device.js';
import { prepareGather } from './gatherProduct.js';
import type { ShaderVariant } from './shaders.js';
import { stencilOf } from './stencil.js';
import { stencilCode } from './stencilCode.js';
import { prepareStencil } from './stencilProduct.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/** Vectors of fewer elements are not worth the compilation of a kernel of their own. */
const WORTH_WRITING_OUT = 1 << 17;

type Product = LinearMap<DeviceVector>;

/** What won, by device, and by size (a power of two) and kernel. */
const winners = new WeakMap<Device, Map<string, 'stencil' | 'gather'>>();

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
  const known = winners.get(device) ?? new Map<string, 'stencil' | 'gather'>();
  winners.set(device, known);
  const key = `${Math.round(Math.log2(space.size))} ${stencilCode(stencil).source}`;
  const winner = known.get(key);
  if (winner === 'gather') return gather();
  const written = await prepareStencil(vectors, space, stencil);
  if (winner === 'stencil') return written;
  const general = await gather();
  const faster = await timed(vectors, space.size, written, general);
  known.set(key, faster === written ? 'stencil' : 'gather');
  (faster === written ? general : written).release();
  return faster;
}

/** The product that takes less time, in one run after one that warms up. */
async function timed(
  vectors: DeviceVectors,
  size: number,
  ...products: readonly [Product, Product]
): Promise<Product> {
  const { device } = vectors;
  const [x, y] = [await vectors.allocate(size), await vectors.allocate(size)];
  vectors.clear(x);
  const times: number[] = [];
  for (const product of products) {
    await product.apply(x, y);
    await device.settle();
    const begin = performance.now();
    await product.apply(x, y);
    await device.settle();
    times.push(performance.now() - begin);
  }
  vectors.release(x);
  vectors.release(y);
  return times[0] < times[1] ? products[0] : products[1];
}
