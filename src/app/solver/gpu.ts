/** The GPU device, which this worker alone holds: opened once, and again when it is lost. */
import { type WebGpuBackend, webgpuBackend } from '../../backend/webgpu/backend.js';
import { NoAdapterError, openDevice } from '../../backend/webgpu/device.js';
import { probeDf64 } from '../../backend/webgpu/probe.js';
import type { GpuStatus } from './protocol.js';

/** A browser may need a while before it offers the adapter again. */
const RETRIES_MS = [0, 500, 2000, 5000];

let status: GpuStatus = { state: 'looking' };
let losses = 0;
const listeners: ((status: GpuStatus) => void)[] = [];
let opening: Promise<WebGpuBackend> | null = null;

function tell(news: GpuStatus): void {
  status = news;
  for (const listener of listeners) listener(news);
}

const describe = (error: unknown): string =>
  error instanceof NoAdapterError
    ? 'this browser offers no WebGPU adapter'
    : (error as Error).message;

async function open(): Promise<WebGpuBackend> {
  const device = await openDevice();
  const { variant } = await probeDf64(device);
  const backend = await webgpuBackend(device, 'f32');
  tell({
    state: 'ready',
    adapter: device.adapter.name,
    df64: variant?.name ?? null,
    losses,
  });
  void device.gpu.lost.then(({ message }) => {
    losses++;
    tell({ state: 'lost', why: message });
    opening = openAgain();
    // Whoever asks for the device next hears of it.
    opening.catch(() => {});
  });
  return backend;
}

async function openAgain(): Promise<WebGpuBackend> {
  for (const wait of RETRIES_MS) {
    await new Promise((resume) => setTimeout(resume, wait));
    try {
      return await open();
    } catch (error) {
      tell({ state: 'lost', why: describe(error) });
    }
  }
  tell({ state: 'none', why: 'the adapter was lost and did not come back' });
  throw new NoAdapterError();
}

async function openFirst(): Promise<WebGpuBackend> {
  try {
    return await open();
  } catch (error) {
    tell({ state: 'none', why: describe(error) });
    throw error;
  }
}

/**
 * The backend on the device; the same until the device is lost.
 * @throws {NoAdapterError}
 */
export function gpuBackend(): Promise<WebGpuBackend> {
  opening ??= openFirst();
  return opening;
}

/** Calls the listener with the status now and whenever it changes. */
export function watchGpu(listener: (status: GpuStatus) => void): void {
  listeners.push(listener);
  listener(status);
  gpuBackend().catch(() => {});
}
