import type { Backend, Precision } from '../backend.js';
import { type Open, once } from '../record.js';

/** A GPU, with one backend for each precision that is asked for. */
export const open: Open = async () => {
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
};
