import type { Backend } from '../backend.js';
import type { Open } from '../record.js';

/** In a browser on its GPU, or not at all. */
async function opened() {
  const { GpuJsModeError, gpujsBackend } = await import('./backend.js');
  if (typeof process !== 'undefined') return gpujsBackend();
  try {
    return await gpujsBackend('webgl2');
  } catch (error) {
    if (!(error instanceof GpuJsModeError)) throw error;
    throw new Error(
      'this browser offers no WebGL 2 in which gpu.js can compute: choose the CPU, or another browser',
    );
  }
}

/** float32 through gpu.js. */
export const open: Open = async () => {
  const backend = await opened();
  return {
    adapter: backend.adapter,
    probe: null,
    chains: null,
    trajectories: null,
    described: async () => null,
    on: async () => backend as Backend<unknown>,
    close: () => backend.close(),
  };
};
