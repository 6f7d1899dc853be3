/**
 * What WebGPU finds, written as JSON: a process of its own, since drivers write to stderr as they like, and
 * one that is broken takes its process with it.
 */
import { listAdapters, openDevice } from '../backend/webgpu/device.js';
import { probeDf64 } from '../backend/webgpu/probe.js';
import { endingOf } from './ending.js';

/** What the process is asked about, as its argument: `arithmetic` takes time, for its kernels. */
export type Asked = 'adapters' | 'arithmetic';

async function found(asked: Asked) {
  const adapters = await listAdapters();
  if (asked === 'adapters' || adapters.length === 0) {
    return { adapters, arithmetic: null, kernels: null };
  }
  const device = await openDevice();
  const { variant, candidates } = await probeDf64(device);
  const kernels = await device.choices.known();
  device.close();
  return {
    adapters,
    arithmetic: { adapter: device.adapter.name, variant: variant?.name ?? null, candidates },
    kernels,
  };
}

/** What the process writes. */
export type Found =
  | Awaited<ReturnType<typeof found>>
  | { readonly failed: ReturnType<typeof endingOf> };

async function answer(): Promise<void> {
  const content: Found = await found(process.argv[2] as Asked).catch((error: unknown) => ({
    failed: endingOf(error),
  }));
  await new Promise((written) => process.stdout.write(JSON.stringify(content), written));
  // Dawn keeps the event loop alive.
  process.exit(0);
}

void answer();
