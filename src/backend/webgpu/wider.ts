/** Double-float vectors beside float32 ones, on one device. */

import type { Backend, Wider } from '../backend.js';
import { packDf64 } from './df64.js';
import { MOST_GROUPS } from './dispatches.js';
import type { Df64Variant } from './probe.js';
import type { Kernel } from './recorder.js';
import { type DeviceVector, DeviceVectors } from './vectors.js';

const GROUP_SIZE = 256;
const PER_THREAD = 4;
/** A double-float number has about 48 bits; the operations round to a little less. */
const EPSILON = 2 ** -48;

/** @param backend of double-float, in the variant that is right on the device of the narrow vectors */
export async function doubleFloat(
  narrow: DeviceVectors,
  backend: Backend<DeviceVector>,
  { name, conditions }: Df64Variant,
): Promise<Wider<DeviceVector>> {
  const { device } = narrow;
  const variant = { conditions: { ...conditions, df64: true } };
  const wide = await DeviceVectors.on(device, 'f64', variant);
  const [narrowing, accumulating] = await Promise.all([
    device.kernel('wider', 'narrow', ['parameters', 'input', 'output'], variant),
    device.kernel('wider', 'accumulate', ['parameters', 'input', 'output'], variant),
  ]);

  /** One dispatch for each pair of a wide and a narrow buffer that share elements. */
  const run = (kernel: Kernel, factor: number, x: DeviceVector, y: DeviceVector) => {
    const forward = kernel === narrowing;
    const [wider, narrower] = forward ? [x, y] : [y, x];
    const { length } = wider;
    for (let begin = 0; begin < length; ) {
      const w = Math.floor(begin / wide.capacity);
      const n = Math.floor(begin / narrow.capacity);
      const end = Math.min(length, (w + 1) * wide.capacity, (n + 1) * narrow.capacity);
      const block = new ArrayBuffer(32);
      new Float32Array(block).set(packDf64(Float64Array.of(factor)));
      const places = [begin - w * wide.capacity, begin - n * narrow.capacity, end - begin];
      new Uint32Array(block).set(places, 2);
      const groups = Math.min(MOST_GROUPS, Math.ceil((end - begin) / (GROUP_SIZE * PER_THREAD)));
      const [from, to] = forward
        ? [wider.parts[w], narrower.parts[n]]
        : [narrower.parts[n], wider.parts[w]];
      const traffic = (end - begin) * (wide.bytes * (forward ? 1 : 2) + narrow.bytes);
      device.dispatch(kernel, [from, to], [groups, 1, 1], traffic, new Uint8Array(block));
      begin = end;
    }
  };

  return {
    name: `double-float (${name})`,
    epsilon: EPSILON,
    backend,
    narrow: (factor, x, y) => run(narrowing, factor, x, y),
    accumulate: (factor, x, y) => run(accumulating, factor, x, y),
  };
}
