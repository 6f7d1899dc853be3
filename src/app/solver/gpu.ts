/** The GPU device, which the worker alone holds: opened once, opened again when it is lost. */
import { type Device, NoAdapterError, openDevice } from '../../backend/webgpu/device.js';
import { probeDf64 } from '../../backend/webgpu/probe.js';
import type { GpuStatus } from './protocol.js';

export interface OpenGpu {
  readonly device: Device;
  readonly status: GpuStatus;
}

let opening: Promise<OpenGpu> | null = null;

async function open(): Promise<OpenGpu> {
  const device = await openDevice();
  const { variant } = await probeDf64(device);
  return {
    device,
    status: { state: 'ready', adapter: device.adapter.name, df64: variant?.name ?? null },
  };
}

/** @throws {NoAdapterError} */
export function openGpu(): Promise<OpenGpu> {
  if (opening === null) {
    const attempt = open();
    opening = attempt;
    const forget = () => {
      if (opening === attempt) opening = null;
    };
    attempt.then(({ device }) => device.gpu.lost.then(forget), forget);
  }
  return opening;
}

export async function gpuStatus(): Promise<GpuStatus> {
  try {
    return (await openGpu()).status;
  } catch (error) {
    const why =
      error instanceof NoAdapterError
        ? 'this browser offers no WebGPU adapter'
        : (error as Error).message;
    return { state: 'none', why };
  }
}
