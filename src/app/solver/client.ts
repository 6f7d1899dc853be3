/** The page's side of the worker, and what it last answered. */
import { effect, signal } from '@preact/signals';
import { proxy, wrap } from 'comlink';
import { page } from '../state/store.js';
import { type Answer, newestOnly } from './newestOnly.js';
import type { DeviceRequest, GpuStatus, Solver, SteadyResult } from './protocol.js';

export const gpu = signal<GpuStatus>({ state: 'looking' });

export const steady = signal<Answer<SteadyResult>>({ state: 'none' });
/** Whether a newer steady state is under way than the one shown. */
export const solving = signal(false);

export const solver = wrap<Solver>(
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'solver' }),
);

/** Keeps `steady` up with the page's parameters. */
export function startSolving(): void {
  const ask = newestOnly({
    run: (request: DeviceRequest) => solver.steady(request),
    cancel: () => void solver.cancel(),
    deliver: (answer: Answer<SteadyResult>) => {
      steady.value = answer;
    },
    busy: (value) => {
      solving.value = value;
    },
  });
  effect(() => {
    const { parameters, truncation, settings } = page.value;
    ask({ parameters, truncation, backend: settings.backend });
  });
  const tell = (status: GpuStatus) => {
    gpu.value = status;
  };
  void solver.watchGpu(proxy(tell));
}
