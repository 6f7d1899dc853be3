import type { Backend, Precision } from '../backend.js';
import { type BackendRecord, once } from '../record.js';

/** A GPU: float32, refined to float64, or pairs of float32. */
export const webgpu: BackendRecord = {
  title: 'WebGPU',
  isHost: false,
  hasKernels: true,
  arithmetic: 'any',
  open: async () => {
    const { openDevice } = await import('./device.js');
    const device = await openDevice();
    const make = (precision: Precision) =>
      once(async () => {
        const { webgpuBackend } = await import('./backend.js');
        return (await webgpuBackend(device, precision)) as Backend<unknown>;
      });
    const made = { f32: make('f32'), f64: make('f64') };
    return {
      adapter: device.adapter.name,
      kernels: device,
      on: (precision) => made[precision](),
      close: () => device.close(),
    };
  },
};
