/** Studies: long computations, each in a worker of its own, which ends with it. */
import { proxy, type Remote, wrap } from 'comlink';
import { startWorker } from '../startWorker.js';
import { aborted, type Job, Newest } from '../state/newest.js';
import type { Report } from './report.js';
import type { Studies } from './worker.js';

interface Call<Request, Result> {
  readonly call: (studies: Remote<Studies>, request: Request, report: Report) => Promise<Result>;
  readonly identity?: (request: Request) => string;
  /** Milliseconds without another request that are waited for, but for the first. */
  readonly settle?: number;
}

export type Study<Request, Result> = Newest<Request, Result>;

/** Has something computed in a worker of its own, until it is wanted no more. */
export async function inWorker<Result>(
  { signal, report }: Pick<Job<unknown>, 'signal' | 'report'>,
  call: (studies: Remote<Studies>, report: Report) => Promise<Result>,
): Promise<Result | null> {
  const worker = startWorker('study');
  const broken = new Promise<never>((_, reject) =>
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(message || 'the worker that computes could not be loaded')),
    ),
  );
  try {
    const result = call(wrap<Studies>(worker), proxy(report));
    return await Promise.race([result, broken, aborted(signal)]);
  } finally {
    worker.terminate();
  }
}

export function study<Request, Result>({
  call,
  ...options
}: Call<Request, Result>): Study<Request, Result> {
  return new Newest<Request, Result>({
    ...options,
    run: (request, job) => inWorker(job, (studies, report) => call(studies, request, report)),
  });
}
