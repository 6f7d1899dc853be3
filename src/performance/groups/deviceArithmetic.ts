/** The arithmetic of sweeps on a GPU, and the most that it does. */
import type { Precision } from '../../backend/backend.js';
import { openDevice } from '../../backend/webgpu/device.js';
import { type Effort, measure } from '../measure.js';

/**
 * Multiplications and additions for each level of a point, counted in the kernels: the elimination of a site
 * (750 multiply-adds) and the sums of its observables (500 of both).
 */
const OPERATIONS_PER_LEVEL = 2000;
/** Floating-point operations of a double-float one: a product by Dekker's splitting and a short sum. */
const OPERATIONS_OF = { f32: 1, f64: 18 } as const;
const THREADS = 1 << 14;
const ROUNDS = 4096;

/** Of one point of a sweep on N levels, in float32 operations. */
export const sweepOperations = (levels: number, precision: Precision): number =>
  OPERATIONS_PER_LEVEL * OPERATIONS_OF[precision] * levels;

/** Float32 operations a second, shaders/multiply_add.wgsl. @throws {NoAdapterError} */
export async function deviceArithmetic(effort: Effort): Promise<number> {
  const device = await openDevice();
  const kernel = await device.kernel('multiply_add', 'multiply_add', ['output'], {
    constants: { rounds: `${ROUNDS}u` },
  });
  const results = { buffer: await device.storage('results', 16 * THREADS), size: 16 * THREADS };
  const { fastest } = await measure(async () => {
    device.dispatch(kernel, [results], [THREADS / 64, 1, 1], results.size);
    await device.settle();
  }, effort);
  device.close();
  return (16 * ROUNDS * THREADS) / fastest;
}
