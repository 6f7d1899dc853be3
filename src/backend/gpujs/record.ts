import type { BackendRecord } from '../record.js';

/** float32 through gpu.js, which has to be installed. */
export const gpujs: BackendRecord = {
  title: 'gpu.js, WebGL2',
  isHost: false,
  hasKernels: false,
  arithmetic: 'f32',
};
