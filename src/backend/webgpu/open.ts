import type { Backend, Precision } from '../backend.js';
import { type Open, once } from '../record.js';

/** One for each precision that is asked for. */
function each<T>(make: (precision: Precision) => Promise<T>): (precision: Precision) => Promise<T> {
  const made = { f32: once(() => make('f32')), f64: once(() => make('f64')) };
  return (precision) => made[precision]();
}

/** A GPU, whose kernels are loaded when they are first asked for. */
export const open: Open = async () => {
  const { openDevice } = await import('./device.js');
  const device = await openDevice();
  const probed = once(async () => (await import('./probe.js')).probeDf64(device));
  return {
    adapter: device.adapter.name,
    on: each(async (precision) => {
      const { webgpuBackend } = await import('./backend.js');
      return (await webgpuBackend(device, precision)) as Backend<unknown>;
    }),
    probe: probed,
    chains: async (precision, form) => {
      const { webgpuChains } = await import('./eliminations.js');
      return webgpuChains(device, precision, form, precision === 'f64' ? await probed() : null);
    },
    trajectories: async (pairs) =>
      (await import('./trajectories.js')).DeviceTrajectories.on(device, pairs),
    described: async () => {
      const { name, vendor, architecture } = device.adapter;
      const { variant } = await probed();
      return { name, vendor, architecture, df64: variant?.name ?? null };
    },
    close: () => device.close(),
  };
};
