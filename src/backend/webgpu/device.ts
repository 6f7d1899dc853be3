/** A WebGPU device, in Node (Dawn) or a browser, with typed errors and a pool of buffers. */
import { type AdapterDescription, describe, requestAdapters, wgslFeatures } from './adapters.js';
import { Choices } from './choices.js';
import {
  DeviceLostError,
  DeviceValidationError,
  NoAdapterError,
  OutOfDeviceMemoryError,
} from './errors.js';
import { BufferPool } from './pool.js';
import { type BindingKind, type Kernel, Recorder, type Slice } from './recorder.js';
import { linkShader, type ShaderModule, type ShaderVariant } from './shaders.js';

export { type AdapterDescription, listAdapters } from './adapters.js';
export {
  DeviceLostError,
  DeviceValidationError,
  NoAdapterError,
  OutOfDeviceMemoryError,
} from './errors.js';

const BINDING_TYPES: Readonly<Record<BindingKind, GPUBufferBindingLayout>> = {
  parameters: { type: 'uniform', hasDynamicOffset: true },
  uniform: { type: 'uniform' },
  input: { type: 'read-only-storage' },
  output: { type: 'storage' },
};

/**
 * How long a failure waits for the word that the device is lost (ms): Firefox and Deno abort what is on
 * its way first and tell the cause after it.
 */
const LOSS_COMES_WITHIN = 500;

interface Verdict {
  readonly label: string;
  readonly validation: GPUError | null;
  readonly memory: GPUError | null;
}

/**
 * An open device: kernels, buffers, and what can go wrong with them. Calls return before the device has
 * done what they ask for; its errors come to light in the next `read` or `settle`.
 */
export class Device {
  readonly pool: BufferPool;
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();
  private readonly kernels = new Map<string, Promise<Kernel>>();
  private readonly recorder: Recorder;
  private pending: Promise<Verdict>[] = [];
  private loss: GPUDeviceLostInfo | null = null;
  private zero: GPUBuffer | null = null;
  private idleSince = 0;

  constructor(
    readonly gpu: GPUDevice,
    readonly adapter: AdapterDescription,
    /** Of kernels that do the same. */
    readonly choices: Choices,
  ) {
    this.pool = new BufferPool(gpu);
    this.recorder = new Recorder(gpu, this.checked);
    void gpu.lost.then((info) => {
      this.loss = info;
    });
  }

  /** The most bytes that one storage binding may have. */
  get bindingLimit(): number {
    return Math.min(this.adapter.maxStorageBufferBindingSize, this.adapter.maxBufferSize);
  }

  /** Bytes per second that the device was seen to move: a guess until something was read back. */
  get rate(): number {
    return this.recorder.rate;
  }

  /** Runs GPU calls; what the device objects to is thrown by the next `read` or `settle`. */
  readonly checked = <T>(label: string, run: () => T): T => {
    this.throwIfLost(label);
    this.gpu.pushErrorScope('out-of-memory');
    this.gpu.pushErrorScope('validation');
    try {
      return run();
    } finally {
      const verdict = Promise.all([this.gpu.popErrorScope(), this.gpu.popErrorScope()]).then(
        ([validation, memory]) => ({ label, validation, memory }),
        // A lost device has no verdict.
        () => ({ label, validation: null, memory: null }),
      );
      this.pending.push(verdict);
    }
  };

  /** A storage buffer of at least the given size. @throws {OutOfDeviceMemoryError} */
  async storage(label: string, bytes: number): Promise<GPUBuffer> {
    if (bytes > this.bindingLimit) {
      throw new OutOfDeviceMemoryError(
        `${label}: ${bytes} bytes are more than this adapter binds at once (${this.bindingLimit})`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const reused = this.pool.reuse(bytes, usage);
    if (reused !== undefined) {
      this.throwIfLost(label);
      return reused;
    }
    const attempt = async () => {
      const buffer = this.checked(label, () => this.pool.create(bytes, usage));
      try {
        await this.verdicts(label);
      } catch (error) {
        this.pool.discard(buffer);
        throw error;
      }
      return buffer;
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof OutOfDeviceMemoryError) || this.loss !== null) throw error;
      // Free buffers of other sizes may be what is in the way.
      this.flush();
      this.recorder.forget();
      this.pool.trim();
      return await attempt();
    }
  }

  /** Puts data at the start of a buffer, after everything that was recorded before. */
  write(buffer: GPUBuffer, data: ArrayBufferView<ArrayBuffer>): void {
    this.flush();
    // Of nothing Deno has no address, and ends.
    if (data.byteLength === 0) return;
    this.checked('write', () => this.gpu.queue.writeBuffer(buffer, 0, data));
  }

  /** A compute pipeline with the layout its shader implies, linked and compiled once for each variant. */
  pipeline(
    root: ShaderModule,
    entryPoint: string,
    variant: ShaderVariant = {},
  ): Promise<GPUComputePipeline> {
    const key = JSON.stringify([root, entryPoint, variant]);
    return remembered(this.pipelines, key, () => this.compile(root, entryPoint, variant, 'auto'));
  }

  /**
   * A kernel whose bindings 0, 1, … of group 0 are of the given kinds.
   * @param variant with the condition df64, group 1 is that of shaders/df64.wgsl
   */
  kernel(
    root: ShaderModule,
    entryPoint: string,
    bindings: readonly BindingKind[],
    variant: ShaderVariant = {},
  ): Promise<Kernel> {
    const label = JSON.stringify([root, entryPoint, variant]);
    return remembered(this.kernels, label, async () => {
      const df64 = variant.conditions?.df64 ?? false;
      const layouts = this.checked(label, () => {
        const own = this.gpu.createBindGroupLayout({
          entries: bindings.map((kind, binding) => ({
            binding,
            visibility: GPUShaderStage.COMPUTE,
            buffer: BINDING_TYPES[kind],
          })),
        });
        if (!df64) return [own];
        const uniform = { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: {} };
        return [own, this.gpu.createBindGroupLayout({ entries: [uniform] })];
      });
      const layout = this.gpu.createPipelineLayout({ bindGroupLayouts: layouts });
      const pipeline = await this.compile(root, entryPoint, variant, layout);
      const arithmetic = df64
        ? this.gpu.createBindGroup({
            layout: layouts[1],
            entries: [{ binding: 0, resource: { buffer: this.df64Zero() } }],
          })
        : null;
      return { label, pipeline, layout: layouts[0], bindings, arithmetic };
    });
  }

  /** The uniform that holds 0 without any compiler knowing it. */
  df64Zero(): GPUBuffer {
    if (this.zero === null) {
      this.zero = this.pool.create(16, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
      this.gpu.queue.writeBuffer(this.zero, 0, new Uint32Array(4));
    }
    return this.zero;
  }

  /**
   * Records a dispatch; it is sent with others, at the latest before the next `read`.
   * @param slices one buffer for each binding but the parameters
   * @param traffic bytes that it reads and writes
   */
  dispatch(
    kernel: Kernel,
    slices: readonly Slice[],
    groups: readonly [number, number, number],
    traffic: number,
    parameters: ArrayBufferView | null = null,
  ): void {
    this.throwIfLost(kernel.label);
    if (this.recorder.dispatch(kernel, slices, groups, traffic, parameters)) this.flush();
  }

  /** Records a copy of the first bytes of a buffer. */
  copy(from: GPUBuffer, to: GPUBuffer, bytes: number): void {
    this.throwIfLost('copy');
    this.recorder.copy(from, to, bytes);
  }

  /** Records that a stretch of a buffer becomes 0. */
  clear(buffer: GPUBuffer, offset: number, bytes: number): void {
    this.throwIfLost('clear');
    this.recorder.clear(buffer, offset, bytes);
  }

  /** Sends what was recorded, without waiting for it. */
  flush(): void {
    this.recorder.submit();
  }

  /** Waits until everything asked for is done. @throws the errors of `read` */
  async settle(): Promise<void> {
    this.flush();
    const done = await this.gpu.queue.onSubmittedWorkDone().then(
      () => true,
      () => false,
    );
    await this.verdicts('waiting', !done);
  }

  /**
   * The first `bytes` of a buffer, on the host.
   * @throws {DeviceLostError | OutOfDeviceMemoryError | DeviceValidationError} what anything before met
   */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    this.throwIfLost('read back');
    const staging = this.pool.acquire(bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    try {
      const begin = Math.max(performance.now(), this.idleSince);
      this.recorder.copy(buffer, staging, bytes);
      this.flush();
      await staging.mapAsync(GPUMapMode.READ, 0, bytes).catch(async (error: unknown) => {
        // A map that a lost device aborts reports the abort; the cause says more.
        await this.verdicts('read back', true);
        throw error;
      });
      this.idleSince = performance.now();
      this.recorder.learn((this.idleSince - begin) / 1e3);
      await this.verdicts('read back');
      return staging.getMappedRange(0, bytes).slice(0);
    } finally {
      if (staging.mapState === 'mapped') staging.unmap();
      if (this.loss === null) this.pool.release(staging);
    }
  }

  close(): void {
    this.recorder.destroy();
    this.pool.destroy();
    this.gpu.destroy();
  }

  private async compile(
    root: ShaderModule,
    entryPoint: string,
    variant: ShaderVariant,
    layout: GPUPipelineLayout | 'auto',
  ): Promise<GPUComputePipeline> {
    const code = await linkShader(root, variant);
    const label = `pipeline ${root}.${entryPoint}`;
    const module = this.checked(label, () => this.gpu.createShaderModule({ code }));
    try {
      return await this.gpu.createComputePipelineAsync({ layout, compute: { module, entryPoint } });
    } catch (error) {
      // The module's own message names the line.
      await this.verdicts(label, true);
      throw new DeviceValidationError(`${label}: ${(error as Error).message}`);
    }
  }

  /**
   * Throws what the device objected to since the last call.
   * @param failed whether a call has failed for a reason that is yet to be found
   */
  private async verdicts(label: string, failed = false): Promise<void> {
    const { pending } = this;
    this.pending = [];
    const found = await Promise.all(pending);
    // A lost device may object to everything; that it is lost says more.
    if (failed || found.some(({ validation }) => validation !== null)) await this.lossToCome();
    this.throwIfLost(label);
    for (const { label: where, validation, memory } of found) {
      if (memory !== null) throw new OutOfDeviceMemoryError(`${where}: ${memory.message}`);
      if (validation !== null) throw new DeviceValidationError(`${where}: ${validation.message}`);
    }
  }

  /** Until the device is known to be lost, or for the time in which that is told. */
  private async lossToCome(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, LOSS_COMES_WITHIN);
    });
    await Promise.race([this.gpu.lost, patience]);
    clearTimeout(timer);
  }

  private throwIfLost(label: string): void {
    if (this.loss === null) return;
    throw new DeviceLostError(`${label}: the GPU device was lost (${this.loss.message})`);
  }
}

function remembered<T>(
  known: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

export interface DeviceOptions {
  /** For a device that is to be used as one that binds less at once. */
  readonly mostBytesPerBinding?: number;
  /** For a device that is to be used as one that has none. */
  readonly withoutSubgroups?: boolean;
  /** Without the tests of every index that Dawn adds to kernels, to learn what they cost: in Node alone. */
  readonly withoutBoundsChecks?: boolean;
}

/**
 * Opens the fastest adapter with all of its limits.
 * @throws {NoAdapterError}
 */
export async function openDevice({
  mostBytesPerBinding = Number.POSITIVE_INFINITY,
  withoutSubgroups = false,
  withoutBoundsChecks = false,
}: DeviceOptions = {}): Promise<Device> {
  const options = withoutBoundsChecks ? ['enable-dawn-features=disable_robustness'] : [];
  const [adapter] = await requestAdapters(options);
  if (adapter === undefined) throw new NoAdapterError();
  const { limits } = adapter;
  // Threads of a subgroup are told apart by a part of WGSL that came later than they.
  const hasSubgroups =
    !withoutSubgroups &&
    adapter.features.has('subgroups') &&
    (await wgslFeatures(options)).has('subgroup_id');
  const gpu = await adapter.requestDevice({
    requiredFeatures: hasSubgroups ? ['subgroups'] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  });
  const description = describe(adapter);
  const { maxStorageBufferBindingSize } = description;
  const isWhole = !withoutBoundsChecks && mostBytesPerBinding >= maxStorageBufferBindingSize;
  return new Device(
    gpu,
    {
      ...description,
      maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, mostBytesPerBinding),
    },
    // What is the fastest on a device that is held back says nothing of the adapter.
    isWhole ? new Choices(adapter.info) : new Choices(adapter.info, async () => null),
  );
}
