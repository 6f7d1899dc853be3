/** A WebGPU device, in Node (Dawn) or a browser, with typed errors and a pool of buffers. */
import { linkShader, type ShaderModule, type ShaderVariant } from './shaders.js';

/** WebGPU offers no adapter on this machine. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
  constructor() {
    super(
      'no WebGPU adapter was found: install a Vulkan driver for the GPU and its loader ' +
        "(Debian: libvulkan1 and mesa-vulkan-drivers or NVIDIA's driver), or use --backend cpu",
    );
  }
}

/** The device went away in mid-use; what was on it is lost. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** An allocation that the device refuses, or that is beyond its limits. */
export class OutOfDeviceMemoryError extends Error {
  override readonly name = 'OutOfDeviceMemoryError';
}

/** A programming error that the device's validation found. */
export class DeviceValidationError extends Error {
  override readonly name = 'DeviceValidationError';
}

export interface AdapterDescription {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly features: readonly string[];
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

const inNode = (): boolean => typeof process !== 'undefined' && 'node' in process.versions;

/** Null in a browser without WebGPU, or on a page that it does not trust. */
async function entryPoint(): Promise<GPU | null> {
  if (!inNode()) return 'gpu' in navigator ? navigator.gpu : null;
  const { dawn } = await import('./dawn.js');
  return dawn();
}

function describe(adapter: GPUAdapter): AdapterDescription {
  const { info, limits, features } = adapter;
  return {
    name: info.description || info.device || 'unnamed adapter',
    vendor: info.vendor,
    architecture: info.architecture,
    features: [...features].sort(),
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  };
}

async function requestAdapters(): Promise<GPUAdapter[]> {
  const gpu = await entryPoint();
  if (gpu === null) return [];
  const found: GPUAdapter[] = [];
  for (const powerPreference of ['high-performance', 'low-power'] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (adapter === null) continue;
    if (!found.some(({ info }) => info.description === adapter.info.description))
      found.push(adapter);
  }
  return found;
}

/** The different adapters that WebGPU offers, the fastest first. */
export async function listAdapters(): Promise<AdapterDescription[]> {
  return (await requestAdapters()).map(describe);
}

/** Buffers that are used again: one list for each size (a power of two) and usage. */
class BufferPool {
  private readonly free = new Map<string, GPUBuffer[]>();
  private readonly all = new Set<GPUBuffer>();
  constructor(private readonly device: GPUDevice) {}

  acquire(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, bytes)));
    const reused = this.free.get(`${size} ${usage}`)?.pop();
    if (reused !== undefined) return reused;
    const buffer = this.device.createBuffer({ size, usage });
    this.all.add(buffer);
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    const key = `${buffer.size} ${buffer.usage}`;
    const list = this.free.get(key);
    if (list === undefined) this.free.set(key, [buffer]);
    else list.push(buffer);
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy();
    this.all.clear();
    this.free.clear();
  }
}

const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

/** An open device: pipelines, buffers, and what can go wrong with them. */
export class Device {
  readonly pool: BufferPool;
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();
  private loss: GPUDeviceLostInfo | null = null;

  constructor(
    readonly gpu: GPUDevice,
    readonly adapter: AdapterDescription,
  ) {
    this.pool = new BufferPool(gpu);
    void gpu.lost.then((info) => {
      this.loss = info;
    });
  }

  /**
   * Runs GPU calls and waits for the device's verdict.
   * @throws {DeviceLostError | OutOfDeviceMemoryError | DeviceValidationError}
   */
  async guarded<T>(label: string, run: () => T | Promise<T>): Promise<T> {
    this.throwIfLost(label);
    this.gpu.pushErrorScope('out-of-memory');
    this.gpu.pushErrorScope('validation');
    let result: T;
    let verdict: [GPUError | null, GPUError | null];
    try {
      result = await run();
    } finally {
      verdict = await Promise.all([this.gpu.popErrorScope(), this.gpu.popErrorScope()]).catch(
        () => [null, null] as [null, null],
      );
    }
    const [validation, memory] = verdict;
    this.throwIfLost(label);
    if (memory !== null) throw new OutOfDeviceMemoryError(`${label}: ${memory.message}`);
    if (validation !== null) throw new DeviceValidationError(`${label}: ${validation.message}`);
    return result;
  }

  private throwIfLost(label: string): void {
    if (this.loss === null) return;
    throw new DeviceLostError(`${label}: the GPU device was lost (${this.loss.message})`);
  }

  /** A storage buffer of at least the given size. @throws {OutOfDeviceMemoryError} before allocating. */
  async storage(label: string, bytes: number): Promise<GPUBuffer> {
    const limit = Math.min(this.adapter.maxStorageBufferBindingSize, this.adapter.maxBufferSize);
    if (bytes > limit) {
      throw new OutOfDeviceMemoryError(
        `${label}: ${bytes} bytes are more than this adapter binds at once (${limit})`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.guarded(label, () => this.pool.acquire(bytes, usage));
  }

  /** A compute pipeline, linked and compiled once for each variant. */
  pipeline(
    root: ShaderModule,
    entryPoint: string,
    variant: ShaderVariant = {},
  ): Promise<GPUComputePipeline> {
    const key = JSON.stringify([root, entryPoint, variant]);
    const known = this.pipelines.get(key);
    if (known !== undefined) return known;
    const made = this.guarded(`pipeline ${root}.${entryPoint}`, async () => {
      const module = this.gpu.createShaderModule({ code: await linkShader(root, variant) });
      return this.gpu.createComputePipelineAsync({
        layout: 'auto',
        compute: { module, entryPoint },
      });
    });
    this.pipelines.set(key, made);
    return made;
  }

  /** The first `bytes` of a buffer, on the host. */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = this.pool.acquire(bytes, usage);
    try {
      return await this.guarded('read back', async () => {
        const encoder = this.gpu.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
        this.gpu.queue.submit([encoder.finish()]);
        await staging.mapAsync(GPUMapMode.READ, 0, bytes);
        const copy = staging.getMappedRange(0, bytes).slice(0);
        staging.unmap();
        return copy;
      });
    } catch (error) {
      // A map that a lost device aborts reports the abort; the cause says more.
      this.throwIfLost('read back');
      throw error;
    } finally {
      if (this.loss === null) this.pool.release(staging);
    }
  }

  close(): void {
    this.pool.destroy();
    this.gpu.destroy();
  }
}

/**
 * Opens the fastest adapter with all of its limits.
 * @throws {NoAdapterError}
 */
export async function openDevice(): Promise<Device> {
  const [adapter] = await requestAdapters();
  if (adapter === undefined) throw new NoAdapterError();
  const { limits } = adapter;
  const gpu = await adapter.requestDevice({
    requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  });
  return new Device(gpu, describe(adapter));
}
