/** Runs studies one at a time, each in a worker of its own: a newer one ends the one under way. */
import { type Signal, signal } from '@preact/signals';
import { proxy, type Remote, wrap } from 'comlink';
import type { Report } from './report.js';
import type { Studies } from './worker.js';

export type StudyState =
  | { readonly state: 'idle' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'running'; readonly done: number; readonly total: number | null }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'done' };

export class Study<T> {
  readonly state: Signal<StudyState> = signal({ state: 'idle' });
  /** What was found last: it stays while something newer is under way. */
  readonly result: Signal<T | null> = signal(null);
  #worker: Worker | null = null;

  /** @param total how many points will be counted, where that is known */
  async run(
    total: number | null,
    call: (studies: Remote<Studies>, report: Report) => Promise<T>,
  ): Promise<void> {
    this.#end();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: 'study',
    });
    this.#worker = worker;
    const isCurrent = () => this.#worker === worker;
    const tell = (state: StudyState) => {
      if (isCurrent()) this.state.value = state;
    };
    tell({ state: 'running', done: 0, total });
    try {
      const report = proxy((done: number) => tell({ state: 'running', done, total }));
      const result = await call(wrap<Studies>(worker), report);
      if (isCurrent()) this.result.value = result;
      tell({ state: 'done' });
    } catch (error) {
      if (isCurrent()) this.result.value = null;
      tell({ state: 'failed', why: (error as Error).message });
    } finally {
      if (isCurrent()) this.#end();
    }
  }

  /** Ends what is under way, as the reader asks. */
  cancel(): void {
    this.#end();
    this.state.value = { state: 'cancelled' };
  }

  /** Ends what is under way, since nobody looks at it any more. */
  leave(): void {
    if (this.#worker === null) return;
    this.#end();
    this.state.value = { state: 'idle' };
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
