import type { Answer } from './client.js';

/**
 * Runs one request at a time. One that arrives meanwhile waits; one that arrives after it takes its
 * place, so that the page is never more than one answer behind.
 */
export function newestOnly<Request, Result>(
  run: (request: Request) => Promise<Result>,
  deliver: (answer: Answer<Result>) => void,
  busy: (value: boolean) => void,
): (request: Request) => void {
  let waiting: { readonly request: Request } | null = null;
  let running = false;

  const work = async (): Promise<void> => {
    running = true;
    busy(true);
    while (waiting !== null) {
      const { request } = waiting;
      waiting = null;
      try {
        deliver({ state: 'done', result: await run(request) });
      } catch (error) {
        deliver({ state: 'failed', why: (error as Error).message });
      }
    }
    running = false;
    busy(false);
  };

  return (request) => {
    waiting = { request };
    if (!running) void work();
  };
}
