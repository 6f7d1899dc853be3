/** The tables of a tape for many devices at once, shaders/tape.wgsl: one thread for each level of each. */
import type { Precision } from '../backend.js';
import type { TapeCode } from '../batches.js';
import type { Device } from './device.js';
import { spread } from './dispatches.js';
import { type Df64Variant, NO_DF64 } from './probe.js';
import type { Slice } from './recorder.js';

const GROUP_SIZE = 64;
/** As the shader has it. */
const LEVELS_AT_ONCE = 4;

/** How many devices, on how many levels, and how far apart one's numbers are in every array. */
export interface TapeBatch {
  readonly count: number;
  readonly stride: number;
  readonly levels: number;
}

/** Devices from one number of a device to its next: whole groups of threads. */
export const strideOf = (count: number): number => GROUP_SIZE * Math.ceil(count / GROUP_SIZE);

/** Bytes of a number in the device's own arrays. */
export const numberBytes = (precision: Precision): number => (precision === 'f64' ? 8 : 4);

/** By which conditions a kernel of the numbers in shaders/numbers.wgsl is compiled. */
export const numberConditions = (precision: Precision, variant: Df64Variant | null) => ({
  df64: precision === 'f64',
  ...(variant?.conditions ?? NO_DF64),
});

/**
 * The n-th number of each device in what a kernel left.
 * @param numbers n of device p at n·halves·stride + p, in double-float a second half a stride on
 */
export function numberAt(
  numbers: Float32Array,
  precision: Precision,
  stride: number,
  n: number,
  device: number,
): number {
  if (precision === 'f32') return numbers[n * stride + device];
  const at = 2 * n * stride + device;
  return numbers[at] + numbers[at + stride];
}

/** A buffer with these contents. */
export async function filled(
  device: Device,
  label: string,
  data: ArrayBufferView<ArrayBuffer>,
): Promise<Slice> {
  // No binding is empty.
  const size = Math.max(16, data.byteLength);
  const buffer = await device.storage(label, size);
  device.write(buffer, data);
  return { buffer, size };
}

/** A tape's code on a device, ready to run. */
export class DeviceTape {
  private constructor(
    private readonly device: Device,
    private readonly precision: Precision,
    readonly code: TapeCode,
    private readonly kernel: Awaited<ReturnType<Device['kernel']>>,
    private readonly words: Slice,
  ) {}

  static async on(
    device: Device,
    precision: Precision,
    variant: Df64Variant | null,
    code: TapeCode,
  ): Promise<DeviceTape> {
    const bindings = ['parameters', 'input', 'input', 'input', 'output'] as const;
    const conditions = { ...numberConditions(precision, variant), ...code.conditions };
    const [kernel, words] = await Promise.all([
      device.kernel('tape', 'evaluate', bindings, { conditions }),
      filled(device, 'tape words', code.words),
    ]);
    return new DeviceTape(device, precision, code, kernel, words);
  }

  /** Bytes of the tables of so many devices. */
  bytes({ stride, levels }: TapeBatch): number {
    return Math.max(16, numberBytes(this.precision) * this.code.slots * levels * stride);
  }

  /**
   * Records the computation.
   * @param numbers as `packedNumbers` lays them out
   * @param given tables that are the same for all devices
   * @param tables where they go: number t·levels + i of a device for table t at the i-th level
   */
  run(batch: TapeBatch, numbers: Slice, given: Slice, tables: Slice): void {
    const { count, stride, levels } = batch;
    for (const { first, edge } of this.code.passes) {
      const near = LEVELS_AT_ONCE * Math.ceil(edge / LEVELS_AT_ONCE);
      const isWhole = 2 * near >= levels;
      const [low, computed] = isWhole ? [levels, levels] : [near, 2 * near];
      this.device.dispatch(
        this.kernel,
        [this.words, numbers, given, tables],
        spread(Math.ceil((count * Math.ceil(computed / LEVELS_AT_ONCE)) / GROUP_SIZE)),
        isWhole ? 2 * tables.size : 0,
        Uint32Array.of(count, stride, levels, first, computed, low),
      );
    }
  }

  release(): void {
    this.device.pool.release(this.words.buffer);
  }
}

/**
 * Numbers of devices: number s of device p at s·halves·stride + p, in double-float a second half a stride on.
 * @param write puts down the numbers of one device
 */
export function packedNumbers(
  precision: Precision,
  { count, stride }: TapeBatch,
  length: number,
  write: (device: number, out: Float64Array) => void,
): Float32Array<ArrayBuffer> {
  const halves = precision === 'f64' ? 2 : 1;
  const packed = new Float32Array(halves * length * stride);
  const own = new Float64Array(length);
  for (let p = 0; p < count; p++) {
    write(p, own);
    for (let s = 0; s < length; s++) {
      const at = s * halves * stride + p;
      packed[at] = own[s];
      if (halves === 2) packed[at + stride] = own[s] - packed[at];
    }
  }
  return packed;
}
