/** The machines that a group compares: every backend that this computer may have. */
import { availableParallelism } from 'node:os';
import type { Backend, Precision } from '../../backend/backend.js';
import { cpuBackend } from '../../backend/cpu/backend.js';
import { threadedCpuBackend } from '../../backend/cpu/threaded.js';
import { GPUJS_MODES, gpujsBackend } from '../../backend/gpujs/backend.js';
import type { DeviceOptions } from '../../backend/webgpu/device.js';

export interface Contestant<V> {
  readonly label: string;
  /** Of a complex number in memory. */
  readonly bytesPerNumber: number;
  /** @throws where this machine has no such backend, with the reason */
  open(): Promise<Backend<V>>;
}

/** What is opened; null where this machine has none, which is told as skipped. */
export async function openedOrSkipped<T>(
  label: string,
  open: () => Promise<T>,
  onSkip: (what: string) => void,
): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    onSkip(`${label}: ${(error as Error).message}`);
    return null;
  }
}

async function openWebgpu(precision: Precision, options: DeviceOptions = {}) {
  const { openDevice } = await import('../../backend/webgpu/device.js');
  const { webgpuBackend } = await import('../../backend/webgpu/backend.js');
  return webgpuBackend(await openDevice(options), precision);
}

/** Calls `visit` with every backend there is, one after the other. */
export async function withEachBackend(
  visit: <V>(contestant: Contestant<V>) => Promise<void>,
): Promise<void> {
  await visit({ label: 'cpu', bytesPerNumber: 16, open: async () => cpuBackend() });
  const threads = availableParallelism();
  if (threads > 1) {
    const open = async () => threadedCpuBackend(threads);
    await visit({ label: `cpu, ${threads} threads`, bytesPerNumber: 16, open });
  }
  await visit({ label: 'webgpu', bytesPerNumber: 8, open: () => openWebgpu('f32') });
  await visit({ label: 'webgpu, double-float', bytesPerNumber: 16, open: () => openWebgpu('f64') });
  const unchecked = () => openWebgpu('f32', { withoutBoundsChecks: true });
  await visit({ label: 'webgpu, without bounds checks', bytesPerNumber: 8, open: unchecked });
  for (const mode of GPUJS_MODES) {
    await visit({ label: `gpu.js ${mode}`, bytesPerNumber: 8, open: () => gpujsBackend(mode) });
  }
}
