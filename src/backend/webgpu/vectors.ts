/** Complex vectors on a device, and the operations of shaders/vectors.wgsl on them. */

import type { Complex } from '../../operators/operator.js';
import type { Precision } from '../backend.js';
import type { Device } from './device.js';
import { packDf64, unpackDf64 } from './df64.js';
import { MOST_GROUPS } from './dispatches.js';
import type { Slice } from './recorder.js';
import type { ShaderVariant } from './shaders.js';

/** A vector of complex numbers, in as many buffers as the device's binding limit makes of it. */
export interface DeviceVector {
  readonly parts: readonly Slice[];
  /** Complex numbers. */
  readonly length: number;
}

const GROUP_SIZE = 256;
/** Elements that one thread takes care of, where there are enough of them. */
const PER_THREAD = 4;
/** A dispatch has at most this many groups in each direction. */
/** The same in a reduction, whose workgroups have to add up what their threads found. */
const PER_THREAD_OF_REDUCTION = 16;
/** Workgroups of a reduction: enough to fill a device, few enough to add up on the host. */
const REDUCTION_GROUPS = 256;
/** Vectors that shaders/vectors.wgsl takes in one pass. */
const BLOCK = 4;

const divideUp = (a: number, b: number): number => Math.ceil(a / b);

export class DeviceVectors {
  /** Bytes of a complex number. */
  readonly bytes: number;
  /** Complex numbers in every buffer of a vector but its last. */
  readonly capacity: number;

  private constructor(
    readonly device: Device,
    readonly precision: Precision,
    private readonly kernels: Awaited<ReturnType<typeof compile>>,
  ) {
    this.bytes = precision === 'f64' ? 16 : 8;
    this.capacity = Math.floor(device.bindingLimit / (this.bytes * GROUP_SIZE)) * GROUP_SIZE;
  }

  static async on(
    device: Device,
    precision: Precision,
    variant: ShaderVariant,
  ): Promise<DeviceVectors> {
    return new DeviceVectors(device, precision, await compile(device, variant));
  }

  /** Numbers as the device holds them. */
  encode(elements: Float64Array): Float32Array<ArrayBuffer> {
    return this.precision === 'f64' ? packDf64(elements) : Float32Array.from(elements);
  }

  /** A vector whose elements are whatever was there. @throws {OutOfDeviceMemoryError} */
  async allocate(length: number): Promise<DeviceVector> {
    const parts: Slice[] = [];
    try {
      for (let begin = 0; begin === 0 || begin < length; begin += this.capacity) {
        const size = this.bytes * Math.min(this.capacity, Math.max(1, length - begin));
        parts.push({ buffer: await this.device.storage('vector', size), size });
      }
    } catch (error) {
      this.release({ parts, length });
      throw error;
    }
    return { parts, length };
  }

  release({ parts }: DeviceVector): void {
    for (const { buffer } of parts) this.device.pool.release(buffer);
  }

  /** Overwrites the first elements. */
  write(elements: Float64Array, { parts }: DeviceVector): void {
    for (let i = 0; 2 * i * this.capacity < elements.length; i++) {
      const slice = elements.subarray(2 * i * this.capacity, 2 * (i + 1) * this.capacity);
      this.device.write(parts[i].buffer, this.encode(slice));
    }
  }

  /** Sets the elements from `begin` on to 0. */
  clear({ parts }: DeviceVector, begin = 0): void {
    parts.forEach(({ buffer, size }, i) => {
      const from = Math.max(0, this.bytes * (begin - i * this.capacity));
      if (from < size) this.device.clear(buffer, from, size - from);
    });
  }

  async read({ parts }: DeviceVector, count: number): Promise<Float64Array> {
    const wanted: Promise<ArrayBuffer>[] = [];
    for (let i = 0; i * this.capacity < count; i++) {
      const elements = Math.min(this.capacity, count - i * this.capacity);
      wanted.push(this.device.read(parts[i].buffer, this.bytes * elements));
    }
    const raw = (await Promise.all(wanted)).map((bytes) => new Float32Array(bytes));
    const result = new Float64Array(2 * count);
    raw.forEach((values, i) => {
      result.set(this.precision === 'f64' ? unpackDf64(values) : values, 2 * i * this.capacity);
    });
    return result;
  }

  copy(x: DeviceVector, y: DeviceVector): void {
    x.parts.forEach(({ buffer, size }, i) => {
      this.device.copy(buffer, y.parts[i].buffer, size);
    });
  }

  scale(a: Complex, x: DeviceVector): void {
    for (const part of x.parts) {
      this.dispatch(this.kernels.scale, [part], part.size, 2 * part.size, parameters([a], 1));
    }
  }

  addMultiples(
    coefficients: readonly Complex[],
    xs: readonly DeviceVector[],
    y: DeviceVector,
  ): void {
    for (let first = 0; first < xs.length; first += BLOCK) {
      const block = xs.slice(first, first + BLOCK);
      const values = parameters(coefficients.slice(first, first + BLOCK), block.length);
      y.parts.forEach((part, i) => {
        const slices = [...this.bound(block, i), part];
        const traffic = (block.length + 2) * part.size;
        this.dispatch(this.kernels.addMultiples, slices, part.size, traffic, values);
      });
    }
  }

  /** Σ conj(x_i) y_i for each x, in one read-back. */
  async dots(xs: readonly DeviceVector[], y: DeviceVector): Promise<Complex[]> {
    const { device, bytes } = this;
    const groups = Math.min(
      REDUCTION_GROUPS,
      divideUp(y.parts[0].size / bytes, GROUP_SIZE * PER_THREAD_OF_REDUCTION),
    );
    const size = bytes * groups * xs.length * y.parts.length;
    const partial = { buffer: await device.storage('partial sums', size), size };
    y.parts.forEach((part, i) => {
      for (let first = 0; first < xs.length; first += BLOCK) {
        const block = xs.slice(first, first + BLOCK);
        device.dispatch(
          this.kernels.dotProducts,
          [...this.bound(block, i), part, partial],
          [groups, 1, 1],
          (block.length + 1) * part.size,
          parameters([], block.length, groups * (i * xs.length + first)),
        );
      }
    });
    const raw = new Float32Array(await device.read(partial.buffer, size));
    device.pool.release(partial.buffer);
    const sums = this.precision === 'f64' ? unpackDf64(raw) : raw;
    return xs.map((_, k) => {
      let re = 0;
      let im = 0;
      for (let part = 0; part < y.parts.length; part++) {
        const start = 2 * groups * (part * xs.length + k);
        for (let g = start; g < start + 2 * groups; g += 2) {
          re += sums[g];
          im += sums[g + 1];
        }
      }
      return { re, im };
    });
  }

  /** The i-th part of each vector, the first one's in the places of those that are absent. */
  private bound(block: readonly DeviceVector[], i: number): Slice[] {
    return Array.from({ length: BLOCK }, (_, k) => (block[k] ?? block[0]).parts[i]);
  }

  private dispatch(
    kernel: Parameters<Device['dispatch']>[0],
    slices: readonly Slice[],
    size: number,
    traffic: number,
    values: ArrayBufferView,
  ): void {
    const groups = Math.min(MOST_GROUPS, divideUp(size / this.bytes, GROUP_SIZE * PER_THREAD));
    this.device.dispatch(kernel, slices, [groups, 1, 1], traffic, values);
  }
}

/** The uniform block of shaders/vectors.wgsl. */
function parameters(coefficients: readonly Complex[], vectors: number, firstSum = 0): Uint8Array {
  const block = new ArrayBuffer(16 * BLOCK + 16);
  const numbers = Float64Array.from(coefficients.flatMap(({ re, im }) => [re, im]));
  new Float32Array(block).set(packDf64(numbers));
  new Uint32Array(block).set([vectors, firstSum], 4 * BLOCK);
  return new Uint8Array(block);
}

async function compile(device: Device, variant: ShaderVariant) {
  const inputs = ['input', 'input', 'input', 'input'] as const;
  const reduction = {
    ...variant,
    conditions: { ...variant.conditions, subgroups: device.gpu.features.has('subgroups') },
  };
  const [scale, addMultiples, dotProducts] = await Promise.all([
    device.kernel('vectors', 'scale', ['parameters', 'output'], variant),
    device.kernel('vectors', 'add_multiples', ['parameters', ...inputs, 'output'], variant),
    device.kernel(
      'vectors',
      'dot_products',
      ['parameters', ...inputs, 'input', 'output'],
      reduction,
    ),
  ]);
  return { scale, addMultiples, dotProducts };
}
