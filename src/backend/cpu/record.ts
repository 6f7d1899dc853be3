import type { Backend } from '../backend.js';
import { type BackendRecord, once } from '../record.js';

/** The CPU, in float64. More than one thread needs Node's. */
export const cpu: BackendRecord = {
  title: 'CPU',
  isHost: true,
  hasKernels: false,
  arithmetic: 'f64',
  open: async (threads) => {
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
      kernels: null,
      on: made,
      close: () => {
        for (const close of closing.splice(0)) close();
      },
    };
  },
};
