import type { Backend } from '../backend.js';
import { type Open, once } from '../record.js';

/** Float64 on the CPU, on as many threads as asked for. */
export const open: Open = async (threads) => {
  const closing: (() => void)[] = [];
  // Threads are started by whoever needs them: what is solved directly does not.
  const made = once(async (): Promise<Backend<unknown>> => {
    const backend =
      threads === 1
        ? (await import('./backend.js')).cpuBackend()
        : await (await import('./threaded.js')).threadedCpuBackend(threads);
    closing.push(() => backend.close());
    return backend as Backend<unknown>;
  });
  return {
    adapter: null,
    probe: null,
    chains: null,
    trajectories: null,
    described: async () => null,
    on: made,
    close: () => {
      for (const close of closing.splice(0)) close();
    },
  };
};
