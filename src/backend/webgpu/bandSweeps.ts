/** A coupled band's factors on a device, in float32, and its solution by either scheme of dispatches. */

import type { LinearMap } from '../backend.js';
import type { EliminatedBand } from '../cpu/bandFactors.js';
import {
  type BandLayout,
  encodeFactors,
  numbersOf,
  type Step,
  WORDS_PER_ROW,
} from './bandLayout.js';
import type { Device } from './device.js';
import { shortRuns } from './dispatches.js';
import { NO_DF64 } from './probe.js';
import type { Kernel, Slice } from './recorder.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/** How a solution is cut into dispatches. */
export interface BandScheme {
  readonly name: string;
  /**
   * One dispatch each way, in which one workgroup a side goes from level to level; otherwise a dispatch for
   * each step, whose workgroups share the rows of a level.
   */
  readonly persistent: boolean;
  /** Of a workgroup. */
  readonly threads: number;
  /** Quads of rows that they share at a time, at most. */
  readonly quads: number;
}

export const BAND_SCHEMES: readonly BandScheme[] = [
  { name: 'persistent, 64 threads', persistent: true, threads: 64, quads: 64 },
  { name: 'persistent, 256 threads', persistent: true, threads: 256, quads: 64 },
  { name: 'stepwise', persistent: false, threads: 256, quads: 16 },
];

const WORDS_PER_LEVEL = 7;
const BYTES = 4;
/** Kernels are compiled for levels of up to a multiple of this. */
const UNKNOWNS_STEP = 256;

const mostUnknowns = ({ widest }: BandLayout): number =>
  UNKNOWNS_STEP * Math.ceil(widest / UNKNOWNS_STEP);

const bytesOf = (steps: readonly Step[]): number =>
  steps.flat().reduce((sum, level) => sum + BYTES * numbersOf(level), 0);

/** Whether a device has room for a band's largest level, in a workgroup and in a binding. */
export function fitsDevice({ gpu, bindingLimit }: Device, layout: BandLayout): boolean {
  const shared =
    BYTES * (mostUnknowns(layout) + 4 * Math.max(...BAND_SCHEMES.map(({ threads }) => threads)));
  return (
    shared <= gpu.limits.maxComputeWorkgroupStorageSize &&
    layout.steps.every((step) => bytesOf([step]) <= bindingLimit)
  );
}

async function bandKernels(device: Device, layout: BandLayout, { threads }: BandScheme) {
  const variant = {
    conditions: { df64: false, ...NO_DF64 },
    constants: { most_unknowns: `${mostUnknowns(layout)}u`, threads: `${threads}u` },
  };
  const inputs = ['input', 'input', 'input', 'input', 'input'] as const;
  const [carry, sweep] = await Promise.all([
    device.kernel('band', 'carry', ['parameters', 'output', 'input', 'input'], variant),
    device.kernel('band', 'sweep', ['parameters', ...inputs, 'output', 'output'], variant),
  ]);
  return { carry, sweep };
}

/** Steps whose factors are in one buffer. */
interface Batch {
  readonly first: number;
  readonly end: number;
  readonly factors: Slice;
}

export interface BandSweeps {
  /** M⁻¹ by a scheme; all have the same factors. */
  by(scheme: BandScheme): Promise<LinearMap<DeviceVector>>;
  release(): void;
}

/**
 * @param layout of a band that fits the device
 * @throws {OutOfDeviceMemoryError}
 */
export async function bandSweeps(
  { device }: DeviceVectors,
  layout: BandLayout,
  eliminated: EliminatedBand,
): Promise<BandSweeps> {
  const { steps, widest, rows, couplings } = layout;
  const owned: GPUBuffer[] = [];
  const release = () => {
    for (const buffer of owned) device.pool.release(buffer);
  };
  const room = async (label: string, bytes: number): Promise<Slice> => {
    // A binding is never empty.
    const size = Math.max(16, bytes);
    const buffer = await device.storage(label, size);
    owned.push(buffer);
    return { buffer, size };
  };
  const filled = async (label: string, data: ArrayBufferView<ArrayBuffer>): Promise<Slice> => {
    const slice = await room(label, data.byteLength);
    if (data.byteLength > 0) device.write(slice.buffer, data);
    return slice;
  };

  const words = new Uint32Array(2 * WORDS_PER_LEVEL * steps.length);
  const makeBatch = async (first: number, end: number): Promise<Batch> => {
    const numbers = new Float32Array(bytesOf(steps.slice(first, end)) / BYTES);
    let at = 0;
    for (let q = first; q < end; q++) {
      steps[q].forEach((level, side) => {
        if (level === null) return;
        words.set(
          [level.begin, level.end, level.populations, at / 4],
          WORDS_PER_LEVEL * (2 * q + side),
        );
        encodeFactors(level, layout, eliminated, numbers, at);
        at += numbersOf(level);
      });
    }
    return { first, end, factors: await filled('factors of a band', numbers) };
  };
  const batches: Batch[] = [];
  const tables: Slice[] = [];
  try {
    for (let first = 0; first < steps.length; first = batches[batches.length - 1].end) {
      let end = first + 1;
      while (end < steps.length && bytesOf(steps.slice(first, end + 1)) <= device.bindingLimit)
        end++;
      batches.push(await makeBatch(first, end));
    }
    tables.push(
      await filled('levels of a band', words),
      await filled('rows of a band', rows),
      await filled('couplings of a band', couplings),
      await room('solution of a band', (BYTES * rows.length) / WORDS_PER_ROW),
    );
  } catch (error) {
    release();
    throw error;
  }
  const [levels, unknowns, coupled, z] = tables;
  const middle = steps.length - 1;
  const populations = steps.flat().reduce((sum, level) => sum + (level?.populations ?? 0), 1);
  /** As the shader says. */
  const bits = Math.floor(30 - Math.log2(populations));

  const solve = (
    { carry, sweep }: { readonly carry: Kernel; readonly sweep: Kernel },
    { persistent, quads: most }: BandScheme,
    x: DeviceVector,
    y: DeviceVector,
  ) => {
    // The same for every step: sums then do not depend on how the steps are cut into dispatches.
    const quads = Math.ceil(widest / 4);
    const shared = Math.ceil(quads / Math.ceil(quads / most));
    const groups = persistent ? 1 : Math.ceil(quads / shared);
    /** Those of a batch's steps first ≤ q < end. */
    const run = (batch: Batch, first: number, end: number, outwards: boolean) => {
      const from = Math.max(first, batch.first);
      const own = steps.slice(from, Math.min(end, batch.end));
      if (own.length === 0) return;
      const runs = persistent
        ? shortRuns(own.length, bytesOf(own), device.rate)
        : own.map((step, k) => ({ first: k, count: 1, traffic: bytesOf([step]) }));
      for (const part of outwards ? runs.reverse() : runs) {
        const begin = from + part.first;
        const last = begin + part.count - 1;
        device.dispatch(
          sweep,
          [levels, unknowns, x.parts[0], coupled, batch.factors, z, y.parts[0]],
          [groups, begin === middle ? 1 : 2, 1],
          part.traffic,
          Uint32Array.of(
            outwards ? last : begin,
            part.count,
            Number(outwards),
            Number(outwards || begin === middle),
            shared,
          ),
        );
      }
    };
    device.dispatch(
      carry,
      [levels, unknowns, x.parts[0]],
      [1, 1, 1],
      levels.size,
      Int32Array.of(bits),
    );
    for (const batch of batches) run(batch, 0, middle, false);
    run(batches[batches.length - 1], middle, middle + 1, false);
    for (const batch of batches.toReversed()) run(batch, 0, middle, true);
  };
  return {
    by: async (scheme) => {
      const kernels = await bandKernels(device, layout, scheme);
      return { apply: async (x, y) => solve(kernels, scheme, x, y), release };
    },
    release,
  };
}
