export type Answer<T> =
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'done'; readonly result: T };

interface Work<Request, Result> {
  /** Null where it was cancelled. */
  readonly run: (request: Request) => Promise<Result | null>;
  /** Called when a newer request waits for the one under way. */
  readonly cancel: () => void;
  readonly deliver: (answer: Answer<Result>) => void;
  readonly busy: (value: boolean) => void;
}

/**
 * Runs one request at a time. One that arrives meanwhile waits; one that arrives after it takes its
 * place, so that the page is never more than one answer behind. The same request twice is one.
 */
export function newestOnly<Request, Result>({
  run,
  cancel,
  deliver,
  busy,
}: Work<Request, Result>): (request: Request) => void {
  let waiting: { readonly request: Request } | null = null;
  let running = false;
  let last = '';

  const work = async (): Promise<void> => {
    running = true;
    busy(true);
    while (waiting !== null) {
      const { request }: { readonly request: Request } = waiting;
      waiting = null;
      try {
        const result = await run(request);
        if (result !== null) deliver({ state: 'done', result });
      } catch (error) {
        deliver({ state: 'failed', why: (error as Error).message });
      }
    }
    running = false;
    busy(false);
  };

  return (request) => {
    const text = JSON.stringify(request);
    if (text === last) return;
    last = text;
    waiting = { request };
    if (running) cancel();
    else void work();
  };
}
