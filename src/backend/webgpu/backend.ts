/** The WebGPU backend: L·ρ and vector operations in WGSL, in float32 or double-float. */
import type { Generator } from '../../generator/generator.js';
import type { Complex } from '../../model/operator.js';
import { type Backend, hostMap, type LinearMap, type Precision } from '../backend.js';
import { factoriseChains } from '../cpu/chains.js';
import type { Device } from './device.js';
import { packDf64, unpackDf64 } from './df64.js';
import { gatherLayout } from './layout.js';
import { df64Zero, type ProbeRecord, probeDf64 } from './probe.js';
import type { ShaderModule } from './shaders.js';

/** float64 answers were asked of a device on which no double-float variant is right. */
export class PrecisionError extends Error {
  override readonly name = 'PrecisionError';
}

export interface DeviceVector {
  readonly buffer: GPUBuffer;
  /** Complex numbers. */
  readonly length: number;
}

export interface WebGpuBackend extends Backend<DeviceVector> {
  readonly device: Device;
  /** What the probe found; null in f32, which needs none. */
  readonly probe: ProbeRecord | null;
}

/** A dispatch has at most this many groups in each direction. */
const MOST_GROUPS = 65535;
/** Workgroups of a reduction: enough to fill a device, few enough to add up on the host. */
const REDUCTION_GROUPS = 256;
const GROUP_SIZE = 256;

/**
 * @param precision f64 uses pairs of float32 (about 48 bits)
 * @param probe what the device's probe found, where it was run before
 * @throws {PrecisionError} when f64 is asked for and no variant is right: never f32 in its place.
 */
export async function webgpuBackend(
  device: Device,
  precision: Precision,
  probe?: ProbeRecord,
): Promise<WebGpuBackend> {
  const found = precision === 'f32' ? null : (probe ?? (await probeDf64(device)));
  if (found !== null && found.variant === null) {
    const tried = found.candidates.map((c) => `${c.name}: ${c.maxRelativeError}`).join(', ');
    throw new PrecisionError(
      `precision = f64: no double-float variant is right on ${device.adapter.name} ` +
        `(largest relative errors: ${tried}); use f32 or the cpu backend`,
    );
  }
  const conditions = {
    df64: precision === 'f64',
    ...(found?.variant?.conditions ?? { df64_fma: false }),
  };
  const bytes = precision === 'f64' ? 16 : 8;
  const zero = precision === 'f64' ? df64Zero(device) : null;
  const { gpu } = device;

  const encode = (elements: Float64Array): Float32Array<ArrayBuffer> =>
    precision === 'f64' ? packDf64(elements) : Float32Array.from(elements);
  const decode = (raw: ArrayBuffer): Float64Array =>
    precision === 'f64'
      ? unpackDf64(new Float32Array(raw))
      : Float64Array.from(new Float32Array(raw));

  const filled = async (label: string, data: ArrayBufferView<ArrayBuffer>): Promise<GPUBuffer> => {
    const buffer = await device.storage(label, data.byteLength);
    await device.guarded(label, () => gpu.queue.writeBuffer(buffer, 0, data));
    return buffer;
  };

  interface Binding {
    readonly binding: number;
    readonly buffer: GPUBuffer;
    readonly size: number;
  }
  const dispatch = async (
    module: ShaderModule,
    entryPoint: string,
    bindings: readonly Binding[],
    groups: readonly [number, number, number],
  ): Promise<void> => {
    const pipeline = await device.pipeline(module, entryPoint, { conditions });
    await device.guarded(`${module}.${entryPoint}`, () => {
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        gpu.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: bindings.map(({ binding, buffer, size }) => ({
            binding,
            resource: { buffer, size },
          })),
        }),
      );
      if (zero !== null) {
        pass.setBindGroup(
          1,
          gpu.createBindGroup({
            layout: pipeline.getBindGroupLayout(1),
            entries: [{ binding: 0, resource: { buffer: zero } }],
          }),
        );
      }
      pass.dispatchWorkgroups(...groups);
      pass.end();
      gpu.queue.submit([encoder.finish()]);
    });
  };

  const whole = (binding: number, { buffer, length }: DeviceVector): Binding => ({
    binding,
    buffer,
    size: bytes * length,
  });
  const groupsFor = (length: number): [number, number, number] => [
    Math.min(Math.ceil(length / GROUP_SIZE), MOST_GROUPS),
    1,
    1,
  ];
  const factorBuffer = gpu.createBuffer({
    size: 16,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const setFactor = ({ re, im }: Complex): Binding => {
    gpu.queue.writeBuffer(factorBuffer, 0, packDf64(Float64Array.of(re, im)));
    return { binding: 0, buffer: factorBuffer, size: 16 };
  };

  const prepare = async (generator: Generator): Promise<LinearMap<DeviceVector>> => {
    const layout = gatherLayout(generator);
    const count = generator.space.classes.length;
    const buffers = [
      await filled('classes', layout.classes),
      await filled('couplings', layout.couplings.length > 0 ? layout.couplings : new Int32Array(5)),
      await filled(
        'tables',
        encode(layout.tables.length > 0 ? layout.tables : new Float64Array(2)),
      ),
    ];
    const sizes = [
      layout.classes.byteLength,
      Math.max(20, layout.couplings.byteLength),
      bytes * Math.max(1, layout.tables.length / 2),
    ];
    const rows = Math.min(count, MOST_GROUPS);
    const groups: [number, number, number] = [
      Math.ceil(generator.space.window.size / 64),
      rows,
      Math.ceil(count / rows),
    ];
    return {
      apply: (x, y) =>
        dispatch(
          'apply',
          'apply',
          [
            ...buffers.map((buffer, binding) => ({ binding, buffer, size: sizes[binding] })),
            whole(3, x),
            whole(4, y),
          ],
          groups,
        ),
      release: () => {
        for (const buffer of buffers) device.pool.release(buffer);
      },
    };
  };

  const axpy = (a: Complex, x: DeviceVector, y: DeviceVector) =>
    dispatch('vectors', 'axpy', [setFactor(a), whole(1, x), whole(2, y)], groupsFor(x.length));
  const dot = async (x: DeviceVector, y: DeviceVector): Promise<Complex> => {
    const groups = Math.min(REDUCTION_GROUPS, Math.ceil(x.length / GROUP_SIZE));
    const partial = await device.storage('partial sums', bytes * groups);
    await dispatch(
      'vectors',
      'dot_product',
      [whole(1, y), whole(3, x), { binding: 4, buffer: partial, size: bytes * groups }],
      [groups, 1, 1],
    );
    const sums = decode(await device.read(partial, bytes * groups));
    device.pool.release(partial);
    let re = 0;
    let im = 0;
    for (let i = 0; i < sums.length; i += 2) {
      re += sums[i];
      im += sums[i + 1];
    }
    return { re, im };
  };

  const backend: WebGpuBackend = {
    name: 'webgpu',
    adapter: device.adapter.name,
    precision,
    device,
    probe: found,
    prepare,
    // The chains are factorised and solved on the host.
    factorise: async (chains) => {
      const factors = factoriseChains(chains);
      return {
        apply: async (x, y) => {
          const solved = new Float64Array(2 * x.length);
          const map = (elements: Float64Array) => {
            factors.solve(elements, solved);
            return solved;
          };
          await hostMap(backend, x.length, map).apply(x, y);
        },
        release: () => {},
      };
    },
    allocate: async (length) => ({
      buffer: await filled('vector', encode(new Float64Array(2 * length))),
      length,
    }),
    upload: async (elements) => ({
      buffer: await filled('vector', encode(elements)),
      length: elements.length / 2,
    }),
    write: (elements, { buffer }) =>
      device.guarded('write', () => gpu.queue.writeBuffer(buffer, 0, encode(elements))),
    download: async ({ buffer, length }, count = length) =>
      decode(await device.read(buffer, bytes * count)),
    release: ({ buffer }) => device.pool.release(buffer),
    copy: (x, y) =>
      device.guarded('copy', () => {
        const encoder = gpu.createCommandEncoder();
        encoder.copyBufferToBuffer(x.buffer, 0, y.buffer, 0, bytes * x.length);
        gpu.queue.submit([encoder.finish()]);
      }),
    axpy,
    addMultiples: async (coefficients, xs, y) => {
      for (let k = 0; k < xs.length; k++) await axpy(coefficients[k], xs[k], y);
    },
    scale: (a, x) => dispatch('vectors', 'scale', [setFactor(a), whole(2, x)], groupsFor(x.length)),
    dot,
    dots: async (xs, y) => {
      const results: Complex[] = [];
      for (const x of xs) results.push(await dot(x, y));
      return results;
    },
    close: () => {
      factorBuffer.destroy();
      device.close();
    },
  };
  return backend;
}
