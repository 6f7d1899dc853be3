/**
 * Many dispatches in one submission. What a dispatch computes stays on the device, so nothing waits for
 * it; what went wrong is learnt where a result is read back.
 */

/** A compute pipeline and the layouts of its resources. */
export interface Kernel {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: readonly BindingKind[];
  /** The bind group of double-float arithmetic's uniform; null in f32. */
  readonly arithmetic: GPUBindGroup | null;
}

/** A parameter block is a uniform of its own for each dispatch; at most one a kernel. */
export type BindingKind = 'parameters' | 'uniform' | 'input' | 'output';

export interface Slice {
  readonly buffer: GPUBuffer;
  readonly size: number;
}

/** Uniform blocks start at multiples of this in every implementation. */
const BLOCK = 256;
const BLOCKS = 256;
const MOST_BIND_GROUPS = 4096;

/** Time that one submission may take, which keeps a desktop's own drawing fluent. */
const SECONDS_PER_SUBMISSION = 0.25;
/** What is assumed of a device until it was timed, in bytes of memory traffic per second. */
const FIRST_GUESS = 1e9;
/** A shorter time is mostly the way there and back. */
const SECONDS_WORTH_TIMING = 0.005;

/**
 * A device's rate, after it took so long for some traffic and the way there and back. The way only makes it
 * seem slower: it is at least as fast as it was seen to be, but slower than believed only where the traffic
 * alone ought to have taken longer than the way. (A few numbers read back late would make it a thousand
 * times slower, and all work be cut into as many more pieces.)
 */
export function learntRate(believed: number, traffic: number, seconds: number): number {
  const seen = traffic / Math.max(seconds, SECONDS_WORTH_TIMING);
  return traffic > believed * SECONDS_WORTH_TIMING ? seen : Math.max(believed, seen);
}

export class Recorder {
  private readonly ring: GPUBuffer;
  private readonly staged = new Uint8Array(BLOCK * BLOCKS);
  private readonly groups = new Map<string, GPUBindGroup>();
  private readonly names = new WeakMap<GPUBuffer, number>();
  private lastName = 0;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  private blocks = 0;
  private recorded = 0;
  private running = 0;
  /** Bytes per second that this device was seen to move. */
  rate = FIRST_GUESS;

  /** @param checked runs calls of the device whose errors are to be reported */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly checked: <T>(label: string, run: () => T) => T,
  ) {
    this.ring = gpu.createBuffer({
      label: 'parameters',
      size: BLOCK * BLOCKS,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * Records a dispatch; true when enough is recorded for a submission.
   * @param traffic bytes that it reads and writes, by which submissions are kept short
   */
  dispatch(
    kernel: Kernel,
    slices: readonly Slice[],
    groups: readonly [number, number, number],
    traffic: number,
    parameters: ArrayBufferView | null,
  ): boolean {
    this.encoder ??= this.gpu.createCommandEncoder();
    this.pass ??= this.encoder.beginComputePass();
    const { pass } = this;
    pass.setPipeline(kernel.pipeline);
    const offsets: number[] = [];
    if (parameters !== null) {
      const { buffer, byteOffset, byteLength } = parameters;
      offsets.push(BLOCK * this.blocks);
      this.staged.set(new Uint8Array(buffer, byteOffset, byteLength), BLOCK * this.blocks);
      this.blocks++;
    }
    pass.setBindGroup(0, this.bindGroup(kernel, slices), offsets);
    if (kernel.arithmetic !== null) pass.setBindGroup(1, kernel.arithmetic);
    pass.dispatchWorkgroups(...groups);
    this.recorded += traffic;
    return this.blocks === BLOCKS || this.recorded > this.rate * SECONDS_PER_SUBMISSION;
  }

  copy(from: GPUBuffer, to: GPUBuffer, bytes: number): void {
    this.betweenPasses().copyBufferToBuffer(from, 0, to, 0, bytes);
    this.recorded += 2 * bytes;
  }

  clear(buffer: GPUBuffer, offset: number, bytes: number): void {
    this.betweenPasses().clearBuffer(buffer, offset, bytes);
    this.recorded += bytes;
  }

  /** Sends what was recorded to the device. */
  submit(): void {
    if (this.encoder === null) return;
    this.pass?.end();
    const { encoder } = this;
    this.encoder = null;
    this.pass = null;
    if (this.blocks > 0) {
      this.gpu.queue.writeBuffer(this.ring, 0, this.staged, 0, BLOCK * this.blocks);
      this.blocks = 0;
    }
    this.running += this.recorded;
    this.recorded = 0;
    this.checked('submission', () => this.gpu.queue.submit([encoder.finish()]));
  }

  /** Learns the device's rate from the time that everything since the last call took. */
  learn(seconds: number): void {
    this.rate = learntRate(this.rate, this.running, seconds);
    this.running = 0;
  }

  /** Forgets bind groups, and with them the buffers that they hold. */
  forget(): void {
    this.groups.clear();
  }

  destroy(): void {
    this.ring.destroy();
  }

  private betweenPasses(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    this.encoder ??= this.gpu.createCommandEncoder();
    return this.encoder;
  }

  private bindGroup(kernel: Kernel, slices: readonly Slice[]): GPUBindGroup {
    let key = kernel.label;
    for (const { buffer, size } of slices) key += ` ${this.nameOf(buffer)}:${size}`;
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    if (this.groups.size >= MOST_BIND_GROUPS) this.groups.clear();
    let next = 0;
    const entries = kernel.bindings.map((kind, binding) => ({
      binding,
      resource: kind === 'parameters' ? { buffer: this.ring, size: BLOCK } : slices[next++],
    }));
    const made = this.checked(kernel.label, () =>
      this.gpu.createBindGroup({ layout: kernel.layout, entries }),
    );
    this.groups.set(key, made);
    return made;
  }

  private nameOf(buffer: GPUBuffer): number {
    const known = this.names.get(buffer);
    if (known !== undefined) return known;
    this.names.set(buffer, ++this.lastName);
    return this.lastName;
  }
}
