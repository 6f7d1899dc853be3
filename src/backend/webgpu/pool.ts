/** Buffers that are used again: an allocation is slow, and WebGPU clears it. */

/** The next size with at most three significant bits: at most an eighth of a buffer lies idle. */
function roundedUp(bytes: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(1, bytes))) - 3));
  return Math.ceil(Math.max(16, bytes) / step) * step;
}

/** One list of free buffers for each size and usage. */
export class BufferPool {
  private readonly free = new Map<string, GPUBuffer[]>();
  private readonly all = new Set<GPUBuffer>();
  constructor(private readonly device: GPUDevice) {}

  /** A free buffer of at least the given size, or undefined. Its contents are whatever they were. */
  reuse(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer | undefined {
    return this.free.get(`${roundedUp(bytes)} ${usage}`)?.pop();
  }

  create(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.device.createBuffer({ size: roundedUp(bytes), usage });
    this.all.add(buffer);
    return buffer;
  }

  acquire(bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.reuse(bytes, usage) ?? this.create(bytes, usage);
  }

  /** Gives a buffer back. The device's queue keeps its order, so work that still uses it is safe. */
  release(buffer: GPUBuffer): void {
    const key = `${buffer.size} ${buffer.usage}`;
    const list = this.free.get(key);
    if (list === undefined) this.free.set(key, [buffer]);
    else list.push(buffer);
  }

  /** Forgets a buffer whose allocation failed. */
  discard(buffer: GPUBuffer): void {
    buffer.destroy();
    this.all.delete(buffer);
  }

  /** Bytes of all buffers, in use or free. */
  get bytes(): number {
    let sum = 0;
    for (const { size } of this.all) sum += size;
    return sum;
  }

  /** Gives the free buffers back to the device. */
  trim(): void {
    for (const list of this.free.values()) for (const buffer of list) this.discard(buffer);
    this.free.clear();
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy();
    this.all.clear();
    this.free.clear();
  }
}
