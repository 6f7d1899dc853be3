/** How fast a backend copies: the ceiling of everything that is bound by memory. */
import type { Backend } from '../backend/backend.js';
import type { WebGpuBackend } from '../backend/webgpu/backend.js';
import type { Device } from '../backend/webgpu/device.js';
import type { Ceiling } from './ceilings.js';
import type { Effort } from './measure.js';
import { batched, copyBandwidth } from './onBackend.js';

/** Larger than the caches of most devices. */
const BYTES = 1 << 25;
/** As in shaders/copy.wgsl. */
const THREADS = 256;
const ITEMS_PER_THREAD = 4;
/** Numbers of an item. */
const WIDTHS = [1, 2, 4];

/** @param label the backend's among its study's rows */
export async function copyCeilings<V>(
  label: string,
  backend: Backend<V>,
  bytesPerNumber: number,
  effort: Effort,
): Promise<Ceiling[]> {
  const command = await copyBandwidth(backend, bytesPerNumber, effort);
  const { precision } = backend;
  if (!isOnDevice(backend)) return [{ device: label, of: 'copy', precision, perSecond: command }];
  const kernel = await copyKernelBandwidth(backend.device, effort);
  return [
    { device: label, of: 'copy command', precision, perSecond: command },
    { device: label, of: 'copy kernel', precision, perSecond: kernel },
  ];
}

export const isOnDevice = (backend: Backend<unknown>): backend is WebGpuBackend =>
  'device' in backend;

/**
 * Bytes a second, reading and writing counted, of the best width of shaders/copy.wgsl.
 * @throws Error where a copy is not like its original
 */
export async function copyKernelBandwidth(device: Device, effort: Effort): Promise<number> {
  const slices = [
    { buffer: await device.storage('original', BYTES), size: BYTES },
    { buffer: await device.storage('copy', BYTES), size: BYTES },
  ];
  const original = Float32Array.from({ length: BYTES / 4 }, (_, i) => i);
  device.write(slices[0].buffer, original);
  let best = 0;
  for (const width of WIDTHS) {
    const kernel = await device.kernel('copy', 'copy_items', ['input', 'output'], {
      conditions: { width2: width === 2, width4: width === 4 },
    });
    const groups = BYTES / (4 * width * ITEMS_PER_THREAD * THREADS);
    device.clear(slices[1].buffer, 0, BYTES);
    const { fastest } = await batched(
      async () => device.dispatch(kernel, slices, [groups, 1, 1], 2 * BYTES),
      () => device.settle(),
      effort,
    );
    const copied = new Float32Array(await device.read(slices[1].buffer, BYTES));
    if (!original.every((value, i) => value === copied[i])) {
      throw new Error(`shaders/copy.wgsl does not copy on ${device.adapter.name}`);
    }
    best = Math.max(best, (2 * BYTES) / fastest);
  }
  for (const { buffer } of slices) device.pool.release(buffer);
  return best;
}
