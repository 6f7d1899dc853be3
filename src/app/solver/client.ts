/** The page's side of the worker, and what it last answered. */
import { effect, signal } from '@preact/signals';
import { proxy, wrap } from 'comlink';
import { hasPotential } from '../../model/potentialParameters.js';
import { startWorker } from '../startWorker.js';
import { Newest } from '../state/newest.js';
import { page } from '../state/store.js';
import type { DeviceRequest, GpuStatus, Solver, SteadyResult } from './protocol.js';

export const gpu = signal<GpuStatus>({ state: 'looking' });

export const solver = wrap<Solver>(startWorker('solver'));

export const steady = new Newest<DeviceRequest, SteadyResult>({
  run: async (request, { signal: wanted, show }) => {
    if (hasPotential(request.parameters)) {
      const coarse = await solver.coarse(request);
      if (coarse !== null) show(coarse);
      if (wanted.aborted) return null;
    }
    // The worker ends what takes long, and answers nothing then; what is about to end it finishes.
    wanted.addEventListener('abort', () => void solver.cancel(), { once: true });
    return await solver.steady(request);
  },
});

/** Keeps `steady` up with the page's parameters while the device is looked at. */
export function startSolving(): void {
  effect(() => {
    const { view, parameters, truncation, settings } = page.value;
    if (view === 'device') steady.ask({ parameters, truncation, backend: settings.backend });
    else steady.leave();
  });
}

let isLookedFor = false;

/** Has a GPU opened, from when on `gpu` says what becomes of it. */
export function lookForGpu(): void {
  if (isLookedFor) return;
  isLookedFor = true;
  const tell = (status: GpuStatus) => {
    gpu.value = status;
  };
  void solver.watchGpu(proxy(tell));
}
