/** Chains factorised on a device, in float32, by either of the schemes of shaders/chains*.wgsl. */
import type { LinearMap } from '../backend.js';
import { type ChainLayout, WORDS_PER_ROW } from './chainLayout.js';
import type { Device } from './device.js';
import { shortRuns, spread } from './dispatches.js';
import { NO_DF64 } from './probe.js';
import type { Kernel, Slice } from './recorder.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/**
 * sequential: one thread goes along each chain. cyclic: a workgroup takes every other site of a chain out
 * at once, and again of what is left; two thirds more factors, but a logarithm of the steps.
 */
export const SCHEMES = ['sequential', 'cyclic'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Chains of one workgroup, as the shaders have it. */
const LANES: Readonly<Record<Scheme, number>> = { sequential: 32, cyclic: 1 };
const MODULES = { sequential: 'chains', cyclic: 'chains_cyclic' } as const;
const BYTES = 8;
/** Arithmetic of a factorisation, as so many times the time that its factors take to be read. */
const FACTORISATION = 10;

/** Bytes that one binding has to hold: of a workgroup's longest chains S⁻¹, L S⁻¹ and S⁻¹U. */
export const leastBinding = ({ width, sites }: ChainLayout): number =>
  3 * BYTES * width * width * LANES.sequential * (sites[0] ?? 0);

/** Chains whose factors fit into one binding. */
interface Batch {
  readonly groups: number;
  /** Of its factors. */
  readonly bytes: number;
  readonly chains: Slice;
  readonly rows: Slice;
  readonly singular: Slice;
  /** The factors; with cyclic reduction also the multipliers. */
  readonly factors: readonly Slice[];
}

export interface DeviceFactors extends LinearMap<DeviceVector> {
  /** By chain: whether a pivot was lost to float32's rounding. */
  readonly singular: Uint8Array;
}

/** @throws {OutOfDeviceMemoryError} */
export async function deviceFactors(
  vectors: DeviceVectors,
  layout: ChainLayout,
  scheme: Scheme,
): Promise<DeviceFactors> {
  const { device } = vectors;
  const { width, sites } = layout;
  const lanes = LANES[scheme];
  const constants = {
    conditions: { df64: false, ...NO_DF64 },
    constants: { width: `${width}u` },
  };
  const common = ['parameters', 'input', 'input'] as const;
  const cyclic = scheme === 'cyclic';
  const [factorise, solve] = await Promise.all([
    device.kernel(
      MODULES[scheme],
      'factorise',
      [...common, 'input', 'input', 'output', 'output', ...(cyclic ? (['output'] as const) : [])],
      constants,
    ),
    device.kernel(
      MODULES[scheme],
      'solve',
      [...common, 'input', ...(cyclic ? (['input'] as const) : []), 'input', 'output'],
      constants,
    ),
  ]);

  const owned: GPUBuffer[] = [];
  const room = async (label: string, bytes: number): Promise<Slice> => {
    // A binding is never empty.
    const size = Math.max(32, bytes);
    const buffer = await device.storage(label, size);
    owned.push(buffer);
    return { buffer, size };
  };
  const filled = async (label: string, data: ArrayBufferView<ArrayBuffer>): Promise<Slice> => {
    const slice = await room(label, data.byteLength);
    if (data.byteLength > 0) device.write(slice.buffer, data);
    return slice;
  };
  const release = () => {
    for (const buffer of owned) device.pool.release(buffer);
  };

  const blockBytes = BYTES * width * width;
  const makeBatch = async (begin: number, end: number): Promise<Batch> => {
    // A binding of the least size has room for four; those that are not there have no sites.
    const chains = new Uint32Array(Math.max(8, 2 * (end - begin)));
    let total = 0;
    for (let k = begin; k < end; k++) {
      const lane = (k - begin) % lanes;
      chains[2 * (k - begin)] = total;
      chains[2 * (k - begin) + 1] = sites[k];
      // The first of a slice is its longest.
      if (lane === lanes - 1 || k === end - 1) total += sites[k - lane];
    }
    const factors = [await room('factors of chains', 3 * blockBytes * lanes * total)];
    if (cyclic) factors.push(await room('multipliers of chains', 2 * blockBytes * total));
    const singular = await room('singular chains', 4 * (end - begin));
    device.clear(singular.buffer, 0, singular.size);
    const words = width * WORDS_PER_ROW;
    return {
      groups: Math.ceil((end - begin) / lanes),
      bytes: factors.reduce((sum, { size }) => sum + size, 0),
      chains: await filled('chains', chains),
      rows: await filled('rows of chains', layout.rows.slice(begin * words, end * words)),
      singular,
      factors,
    };
  };
  const dispatch = (
    kernel: Kernel,
    slices: readonly Slice[],
    { groups }: Batch,
    traffic: number,
  ) => {
    for (const run of shortRuns(groups, traffic, device.rate)) {
      const { first, count } = run;
      device.dispatch(
        kernel,
        slices,
        spread(count),
        run.traffic,
        Uint32Array.of(first, first + count),
      );
    }
  };

  const batches: Batch[] = [];
  const singular = new Uint8Array(sites.length);
  try {
    const couplings = await filled('couplings of chains', layout.couplings);
    const tables = await filled('tables of chains', vectors.encode(layout.tables));
    for (let begin = 0; begin < sites.length; ) {
      // As many as one binding holds, and at least one workgroup's.
      let end = begin;
      for (let bytes = 0; end < sites.length; end += lanes) {
        bytes += 3 * blockBytes * lanes * sites[end];
        if (end > begin && bytes > device.bindingLimit) break;
      }
      end = Math.min(end, sites.length);
      const batch = await makeBatch(begin, end);
      batches.push(batch);
      const made = [batch.chains, batch.rows, couplings, tables, ...batch.factors, batch.singular];
      dispatch(factorise, made, batch, FACTORISATION * batch.bytes);
      const flags = new Uint32Array(await device.read(batch.singular.buffer, 4 * (end - begin)));
      singular.set(flags, begin);
      begin = end;
    }
  } catch (error) {
    release();
    throw error;
  }
  return {
    singular,
    apply: async (x, y) => {
      vectors.clear(y);
      for (const batch of batches) {
        const slices = [batch.chains, batch.rows, ...batch.factors, x.parts[0], y.parts[0]];
        dispatch(solve, slices, batch, batch.bytes);
      }
    },
    release,
  };
}

/** Seconds that one solution takes, on a device that is otherwise idle. */
export async function secondsToSolve(
  device: Device,
  factors: LinearMap<DeviceVector>,
  x: DeviceVector,
  y: DeviceVector,
): Promise<number> {
  await device.settle();
  const begin = performance.now();
  await factors.apply(x, y);
  await device.settle();
  return (performance.now() - begin) / 1e3;
}
