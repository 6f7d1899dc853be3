/**
 * y = M⁻¹ x for chains on a device, in float32.
 *
 * The factors are computed on the host, in float64, once, and kept on the device rounded: a chain's own
 * condition number then costs digits only in the solutions. A chain is solved by one thread; there are
 * about as many chains as rotor levels times qubit pairs, and cyclic reduction along a chain, which would
 * make more of them, does three times the arithmetic on factors that are read from memory as it is.
 */
import type { Chains } from '../../generator/chains.js';
import type { LinearMap } from '../backend.js';
import { type FactorisedChains, factoriseRange, roomForFactors } from '../cpu/chains.js';
import type { Kernel, Slice } from './recorder.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/** Chains of one workgroup. */
const LANES = 32;
const MOST_GROUPS = 65535;

/** Slices whose factors fit into one binding. */
interface Batch {
  readonly slices: readonly Slice[];
  readonly groups: number;
  readonly traffic: number;
}

/** @throws {SingularMatrixError | OutOfDeviceMemoryError} */
export async function factoriseOnDevice(
  vectors: DeviceVectors,
  chains: Chains,
): Promise<LinearMap<DeviceVector>> {
  const { device } = vectors;
  const { width, first } = chains;
  const count = first.length - 1;
  const factors = roomForFactors(chains, (length) => new Float64Array(length));
  factoriseRange(factors, 0, count);
  const kernel: Kernel = await device.kernel(
    'chains',
    'solve',
    ['input', 'input', 'input', 'input', 'input', 'output'],
    { conditions: { df64: false, df64_fma: false }, constants: { width: `${width}u` } },
  );

  const length = (chain: number): number => first[chain + 1] - first[chain];
  const sorted = Array.from({ length: count }, (_, k) => k).sort((a, b) => length(b) - length(a));
  const bytesPerSite = 8 * 3 * width * width * LANES;
  const batches: Batch[] = [];
  const release = () => {
    for (const { slices } of batches) {
      for (const { buffer } of slices) device.pool.release(buffer);
    }
  };
  try {
    for (let begin = 0; begin < count; ) {
      // As many slices as one binding holds, and at least one.
      let sites = length(sorted[begin]);
      let end = begin + LANES;
      while (end < count && (sites + length(sorted[end])) * bytesPerSite <= device.bindingLimit) {
        sites += length(sorted[end]);
        end += LANES;
      }
      batches.push(await upload(vectors, factors, sorted.slice(begin, end), sites));
      begin = end;
    }
  } catch (error) {
    release();
    throw error;
  }

  return {
    apply: async (x, y) => {
      vectors.clear(y);
      for (const { slices, groups, traffic } of batches) {
        const columns = Math.min(groups, MOST_GROUPS);
        const all = [...slices, x.parts[0], y.parts[0]];
        device.dispatch(kernel, all, [columns, Math.ceil(groups / columns), 1], traffic);
      }
    },
    release,
  };
}

/** The data of shaders/chains.wgsl for some chains, the longest first. */
async function upload(
  { device }: DeviceVectors,
  { chains, lower, inverses, upper }: FactorisedChains,
  numbers: readonly number[],
  sites: number,
): Promise<Batch> {
  const { width: w, first, places, mirrors } = chains;
  const groups = Math.ceil(numbers.length / LANES);
  const starts = new Uint32Array(groups);
  const lengths = new Uint32Array(groups * LANES);
  const where = new Int32Array(2 * sites * w * LANES).fill(-1);
  const numbersOf = new Float32Array(2 * sites * 3 * w * w * LANES);
  const blocks = [lower, inverses, upper];
  let start = 0;
  numbers.forEach((chain, i) => {
    const slice = Math.floor(i / LANES);
    const lane = i % LANES;
    const length = first[chain + 1] - first[chain];
    if (lane === 0) {
      if (slice > 0) start += lengths[i - LANES];
      starts[slice] = start;
    }
    lengths[i] = length;
    for (let s = 0; s < length; s++) {
      const from = first[chain] + s;
      for (let r = 0; r < w; r++) {
        const to = 2 * (((start + s) * w + r) * LANES + lane);
        where[to] = places[from * w + r];
        where[to + 1] = mirrors[from * w + r];
      }
      blocks.forEach((block, b) => {
        for (let e = 0; e < w * w; e++) {
          const to = 2 * ((((start + s) * 3 + b) * w * w + e) * LANES + lane);
          numbersOf[to] = block[2 * (from * w * w + e)];
          numbersOf[to + 1] = block[2 * (from * w * w + e) + 1];
        }
      });
    }
  });
  const slices: Slice[] = [];
  try {
    for (const data of [starts, lengths, where, numbersOf]) {
      const size = data.byteLength;
      const buffer = await device.storage('factors of chains', size);
      slices.push({ buffer, size });
      device.write(buffer, data);
    }
  } catch (error) {
    for (const { buffer } of slices) device.pool.release(buffer);
    throw error;
  }
  return { slices, groups, traffic: where.byteLength + numbersOf.byteLength };
}
