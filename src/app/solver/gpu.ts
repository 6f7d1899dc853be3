/** The GPU device, which this worker alone holds: opened once, and again when it is lost. */
import type { OpenChains } from '../../backend/batches.js';
import type { WebGpuBackend } from '../../backend/webgpu/backend.js';
import { DeviceLostError, NoAdapterError, openDevice } from '../../backend/webgpu/device.js';
import type { GpuStatus } from './protocol.js';

/** A browser may need a while before it offers the adapter again. */
const RETRIES_MS = [0, 500, 2000, 5000];

let status: GpuStatus = { state: 'looking' };
let losses = 0;
const listeners: ((status: GpuStatus) => void)[] = [];
let opening: Promise<OpenGpu> | null = null;

export interface OpenGpu {
  readonly adapter: string;
  /** float32, for solutions that are refined in float64. */
  readonly backend: WebGpuBackend;
  /** Null vectors of chains. @throws {PrecisionError} for f64 where no double-float variant is right on the adapter */
  readonly chains: OpenChains;
}

function tell(news: GpuStatus): void {
  status = news;
  for (const listener of listeners) listener(news);
}

const NO_ADAPTER = 'this browser offers no WebGPU adapter';

/** The error's own advice is for the command line. */
const describe = (error: unknown): string =>
  error instanceof NoAdapterError ? NO_ADAPTER : (error as Error).message;

/** As the reader of a page can use it. */
const readable = (error: unknown): unknown =>
  error instanceof NoAdapterError
    ? new Error(
        `${NO_ADAPTER}: choose the CPU, which computes the same numbers, or another browser`,
      )
    : error;

/** What computes is loaded where there is an adapter for it. */
async function open(): Promise<OpenGpu> {
  const device = await openDevice();
  const [{ probeDf64 }, { webgpuBackend }] = await Promise.all([
    import('../../backend/webgpu/probe.js'),
    import('../../backend/webgpu/backend.js'),
  ]);
  const probe = await probeDf64(device);
  const backend = await webgpuBackend(device, 'f32');
  tell({
    state: 'ready',
    adapter: device.adapter.name,
    df64: probe.variant?.name ?? null,
    losses,
  });
  void device.gpu.lost.then(({ message }) => {
    losses++;
    tell({ state: 'lost', why: message });
    opening = openAgain();
    // Whoever asks for the device next hears of it.
    opening.catch(() => {});
  });
  return {
    adapter: device.adapter.name,
    backend,
    chains: async (precision, form) =>
      (await import('../../backend/webgpu/eliminations.js')).webgpuChains(
        device,
        precision,
        form,
        probe,
      ),
  };
}

async function openAgain(): Promise<OpenGpu> {
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

async function openFirst(): Promise<OpenGpu> {
  try {
    return await open();
  } catch (error) {
    tell({ state: 'none', why: describe(error) });
    throw error;
  }
}

/** @throws {NoAdapterError} */
function openGpu(): Promise<OpenGpu> {
  opening ??= openFirst();
  return opening;
}

/**
 * Something done on the GPU; done once more, from the start, where the device is lost meanwhile.
 * @throws {Error} that says so where there is no adapter
 */
export async function onGpu<T>(run: (gpu: OpenGpu) => Promise<T>): Promise<T> {
  try {
    try {
      return await run(await openGpu());
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      return await run(await openGpu());
    }
  } catch (error) {
    throw readable(error);
  }
}

/** Calls the listener with the status now and whenever it changes. */
export function watchGpu(listener: (status: GpuStatus) => void): void {
  listeners.push(listener);
  listener(status);
  openGpu().catch(() => {});
}
