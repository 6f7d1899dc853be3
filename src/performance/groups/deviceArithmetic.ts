/** The arithmetic of sweeps on a GPU, and the most that it does. */
import type { Precision } from '../../backend/backend.js';
import type { Device } from '../../backend/webgpu/device.js';
import type { Ceiling } from '../ceilings.js';
import type { Effort } from '../measure.js';
import { batched } from '../onBackend.js';

/**
 * Multiplications and additions for each level of a point: those of the elimination of a site, 750 multiply-adds. What
 * its numbers take is not counted.
 */
const OPERATIONS_PER_LEVEL = 1500;
/** Of one operation in a precision; double-float: a product by Dekker's splitting and a short sum. */
const FLOAT32_OPERATIONS = { f32: 1, f64: 18 } as const;
const THREADS = 1 << 17;
const ROUNDS = 256;

/** Of one point of a sweep on N levels, in the arithmetic of its precision. */
export const sweepOperations = (levels: number): number => OPERATIONS_PER_LEVEL * levels;

/** What shaders/multiply_add.wgsl reaches; for double-float, divided by what an operation takes. */
export async function deviceArithmetic(
  label: string,
  device: Device,
  precision: Precision,
  effort: Effort,
): Promise<Ceiling> {
  const kernel = await device.kernel('multiply_add', 'multiply_add', ['output'], {
    constants: { rounds: `${ROUNDS}u` },
  });
  const results = { buffer: await device.storage('results', 16 * THREADS), size: 16 * THREADS };
  const { fastest } = await batched(
    async () => device.dispatch(kernel, [results], [THREADS / 64, 1, 1], results.size),
    () => device.settle(),
    effort,
  );
  device.pool.release(results.buffer);
  const perSecond = (16 * ROUNDS * THREADS) / fastest / FLOAT32_OPERATIONS[precision];
  return { device: label, of: 'arithmetic', precision, perSecond };
}
