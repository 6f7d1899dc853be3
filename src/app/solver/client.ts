/** The page's side of the worker, and what it last answered. */
import { effect, signal } from '@preact/signals';
import { type Remote, wrap } from 'comlink';
import { page } from '../state/store.js';
import { newestOnly } from './newestOnly.js';
import type { DeviceRequest, GpuStatus, Solver, SteadyResult } from './protocol.js';

let remote: Remote<Solver> | null = null;

export function solver(): Remote<Solver> {
  remote ??= wrap<Solver>(
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'solver' }),
  );
  return remote;
}

export type Answer<T> =
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'done'; readonly result: T };

/** Null until the worker has looked. */
export const gpu = signal<GpuStatus | null>(null);

export const steady = signal<Answer<SteadyResult>>({ state: 'none' });
/** Whether a newer steady state is under way than the one shown. */
export const solving = signal(false);

/** Keeps `steady` up with the page's parameters. */
export function startSolving(): void {
  const ask = newestOnly(
    (request: DeviceRequest) => solver().steady(request),
    (answer) => {
      steady.value = answer;
    },
    (busy) => {
      solving.value = busy;
    },
  );
  effect(() => {
    const { parameters, truncation } = page.value;
    ask({ parameters, truncation });
  });
  void solver()
    .gpu()
    .then((status) => {
      gpu.value = status;
    });
}
