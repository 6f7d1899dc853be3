import type { BackendRecord } from '../record.js';

/** A GPU: float32, refined to float64, or pairs of float32. */
export const webgpu: BackendRecord = {
  title: 'WebGPU',
  isHost: false,
  hasKernels: true,
  arithmetic: 'any',
};
