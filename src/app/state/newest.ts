/** How the page has anything computed: the newest request wins, and an answer says what it is for. */
import { computed, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';

export type Turn =
  | { readonly state: 'idle' }
  /** For more changes, or for what is under way to end. */
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'done' };

export interface Answer<Request, Result> {
  /** What it answers. */
  readonly request: Request;
  readonly result: Result;
  /** False while it is a part of the answer. */
  readonly complete: boolean;
}

export interface Job<Result> {
  /** Aborted from when the answer is wanted no more. */
  readonly signal: AbortSignal;
  /** Shows a part of the answer, unless nothing is wanted by now, or what is there answers that. */
  readonly show: (part: Result) => void;
  /** Tells how much is done, in whatever is counted. */
  readonly report: (done: number) => void;
}

export interface Work<Request, Result> {
  /** The answer; null where it ended without one, as it may once its signal is aborted. */
  readonly run: (request: Request, job: Job<Result>) => Promise<Result | null>;
  /** Two requests with the same text have the same answer; by default their JSON. */
  readonly identity?: (request: Request) => string;
  /** Milliseconds without another request that are waited for, but for the first. */
  readonly settle?: number | ((request: Request) => number);
}

/** Settles as soon as nobody wants an answer any more. */
export const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));

interface Wanted<Request> {
  readonly request: Request;
  readonly key: string;
}

interface Running {
  readonly key: string;
  readonly controller: AbortController;
}

/**
 * Runs one request at a time. A newer one aborts it and begins when it has ended; one that arrives
 * meanwhile takes the place of the one that waits. An answer that comes although it is no longer wanted
 * is shown until a better one is there, and `current` is false with it.
 */
export class Newest<Request, Result> {
  /** What is there to show: of the request it names, which may be an earlier one. */
  readonly answer: ReadonlySignal<Answer<Request, Result> | null>;
  /** Whether what is there answers what was asked last. */
  readonly current: ReadonlySignal<boolean>;
  /** Where the request stands that was made last. */
  readonly turn: ReadonlySignal<Turn>;
  /** How much is done of what is under way. */
  readonly done: ReadonlySignal<number>;

  readonly #work: Work<Request, Result>;
  readonly #answer: Signal<Answer<Request, Result> | null> = signal(null);
  readonly #turn: Signal<Turn> = signal({ state: 'idle' });
  readonly #done = signal(0);
  readonly #wanted: Signal<Wanted<Request> | null> = signal(null);
  #running: Running | null = null;
  #waiting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: Work<Request, Result>) {
    this.#work = work;
    this.answer = this.#answer;
    this.turn = this.#turn;
    this.done = this.#done;
    this.current = computed(() => this.#isWanted(this.#answer.value));
  }

  /** Wants this answered: what was asked before is wanted no more. The same request twice is one. */
  ask(request: Request): void {
    // Whoever asks from an effect follows what the request depends on, and not its answer.
    untracked(() => this.#ask(request));
  }

  #ask(request: Request): void {
    const key = this.#identity(request);
    const before = this.#wanted.peek();
    if (before?.key === key) return;
    this.#wanted.value = { request, key };
    this.#stopWaiting();
    const there = this.#answer.peek();
    if (there?.complete && this.#isWanted(there)) {
      this.#abort();
      this.#turn.value = { state: 'done' };
    } else if (this.#running?.key === key && !this.#running.controller.signal.aborted) {
      this.#turn.value = { state: 'running' };
    } else {
      this.#abort();
      this.#wait(before === null ? 0 : this.#settle(request));
    }
  }

  /** Has it computed although it was asked before, after a failure or because the reader cancelled it. */
  again(request: Request): void {
    this.#stopWaiting();
    this.#abort();
    this.#wanted.value = { request, key: this.#identity(request) };
    this.#wait(0);
  }

  /** The same of what was asked last. */
  retry(): void {
    const wanted = this.#wanted.peek();
    if (wanted !== null) this.again(wanted.request);
  }

  /** Ends what is under way, as the reader asks. */
  cancel(): void {
    this.#stopWaiting();
    this.#abort();
    this.#turn.value = { state: 'cancelled' };
  }

  /** Nobody looks any more: what is under way ends, and what is complete stays for who comes back. */
  leave(): void {
    this.#stopWaiting();
    this.#abort();
    this.#wanted.value = null;
    this.#turn.value = { state: 'idle' };
  }

  #identity(request: Request): string {
    return (this.#work.identity ?? JSON.stringify)(request);
  }

  #settle(request: Request): number {
    const { settle = 0 } = this.#work;
    return typeof settle === 'number' ? settle : settle(request);
  }

  #isWanted(answer: Answer<Request, Result> | null): boolean {
    return answer !== null && this.#wanted.value?.key === this.#identity(answer.request);
  }

  #abort(): void {
    this.#running?.controller.abort();
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = false;
  }

  #wait(milliseconds: number): void {
    this.#waiting = true;
    this.#turn.value = { state: 'waiting' };
    if (milliseconds === 0) {
      this.#begin();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, milliseconds);
  }

  #begin(): void {
    const wanted = this.#wanted.peek();
    // The end of what is under way comes back to this.
    if (this.#running !== null || !this.#waiting || wanted === null) return;
    this.#waiting = false;
    void this.#run(wanted);
  }

  async #run({ request, key }: Wanted<Request>): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running = { key, controller };
    this.#done.value = 0;
    this.#turn.value = { state: 'running' };
    const job: Job<Result> = {
      signal,
      show: (result) => {
        if (signal.aborted && (this.#wanted.peek() === null || this.#isWanted(this.#answer.peek())))
          return;
        this.#answer.value = { request, result, complete: false };
      },
      report: (done) => {
        if (!signal.aborted) this.#done.value = done;
      },
    };
    try {
      const result = await this.#work.run(request, job);
      this.#end({ request, key }, signal, result);
    } catch (error) {
      if (!signal.aborted) {
        this.#answer.value = null;
        this.#turn.value = { state: 'failed', why: (error as Error).message };
      }
    }
    this.#running = null;
    if (this.#timer === undefined) this.#begin();
  }

  #end({ request, key }: Wanted<Request>, signal: AbortSignal, result: Result | null): void {
    const wanted = this.#wanted.peek()?.key === key;
    const cancelled = this.#turn.peek().state === 'cancelled';
    if (result !== null && (wanted || !this.#isWanted(this.#answer.peek()))) {
      this.#answer.value = { request, result, complete: true };
      if (wanted && !cancelled) {
        // It may have been given up and be wanted again by now.
        this.#stopWaiting();
        this.#turn.value = { state: 'done' };
      }
    } else if (!signal.aborted) {
      this.#turn.value = { state: 'idle' };
    }
  }
}
