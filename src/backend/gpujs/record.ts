import type { Backend } from '../backend.js';
import type { BackendRecord } from '../record.js';

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

/** float32 through gpu.js, which has to be installed. */
export const gpujs: BackendRecord = {
  title: 'gpu.js, WebGL2',
  isHost: false,
  hasKernels: false,
  arithmetic: 'f32',
  open: async () => {
    const backend = await opened();
    return {
      adapter: backend.adapter,
      kernels: null,
      on: async () => backend as Backend<unknown>,
      close: () => backend.close(),
    };
  },
};
