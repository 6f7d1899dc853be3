import { dawn } from '../../src/backend/webgpu/dawn.js';

/** The WebGPU that tests run on: in Node Dawn, in Deno its own. */
export const engine = (): GPU => ('deno' in process.versions ? navigator.gpu : dawn());

/**
 * A device on the first adapter that `gpu` offers.
 *
 * @throws Error where there is no adapter, which the tests' own configuration rules out.
 */
export async function openDevice(gpu: GPU): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('Dawn found no adapter');
  return adapter.requestDevice();
}

/** What WebGPU guarantees on every adapter, of the limits that solvers ask for more of. */
export const LEAST_LIMITS = {
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxComputeWorkgroupStorageSize: 16 * 2 ** 10,
  maxStorageBuffersPerShaderStage: 8,
} as const;

/** `gpu` as if its adapters had no more than every adapter must have, and no optional feature. */
export function leastOf(gpu: GPU): Pick<GPU, 'requestAdapter'> {
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const { info } = adapter;
      const requestDevice = adapter.requestDevice.bind(adapter);
      const limits = LEAST_LIMITS as unknown as GPUSupportedLimits;
      return { info, limits, features: new Set(), requestDevice } as unknown as GPUAdapter;
    },
  };
}
