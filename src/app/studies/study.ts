/** Runs studies one at a time, each in a worker of its own: a newer one ends the one under way. */
import { type Signal, signal } from '@preact/signals';
import { proxy, type Remote, wrap } from 'comlink';
import type { Report } from './report.js';
import type { Studies } from './worker.js';

export type StudyState<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly done: number; readonly total: number | null }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'done'; readonly result: T };

export class Study<T> {
  readonly state: Signal<StudyState<T>> = signal({ state: 'idle' });
  #worker: Worker | null = null;

  /** @param total how many points will be counted, where that is known */
  async run(
    total: number | null,
    call: (studies: Remote<Studies>, report: Report) => Promise<T>,
  ): Promise<void> {
    this.cancel();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: 'study',
    });
    this.#worker = worker;
    const isCurrent = () => this.#worker === worker;
    const tell = (state: StudyState<T>) => {
      if (isCurrent()) this.state.value = state;
    };
    tell({ state: 'running', done: 0, total });
    try {
      const report = proxy((done: number) => tell({ state: 'running', done, total }));
      const result = await call(wrap<Studies>(worker), report);
      tell({ state: 'done', result });
    } catch (error) {
      tell({ state: 'failed', why: (error as Error).message });
    } finally {
      if (isCurrent()) this.#end();
    }
  }

  /** Ends what is under way; what was computed before is no longer shown. */
  cancel(): void {
    this.#end();
    this.state.value = { state: 'idle' };
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
