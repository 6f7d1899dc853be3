/** Studies: long computations, each in a worker of its own, which ends with it. */
import { proxy, type Remote, transfer, wrap } from 'comlink';
import { startWorker } from '../startWorker.js';
import { aborted, type Job, Newest, type Work } from '../state/newest.js';
import type { Role } from '../worker.js';
import type { Report } from './report.js';
import type { Hire } from './trajectoryLanes.js';
import type { TrajectoryOffice } from './trajectoryWorker.js';
import type { Studies } from './worker.js';

interface Call<Request, Result> extends Omit<Work<Request, Result>, 'run'> {
  readonly call: (
    studies: Remote<Studies>,
    request: Request,
    report: Report,
    hire: Hire,
  ) => Promise<Result>;
}

export type Study<Request, Result> = Newest<Request, Result>;

/** Has something computed in a worker of its own, until it is wanted no more. */
export async function inWorker<Result>(
  { signal, report }: Pick<Job<unknown>, 'signal' | 'report'>,
  call: (studies: Remote<Studies>, report: Report, hire: Hire) => Promise<Result>,
): Promise<Result | null> {
  const workers: Worker[] = [];
  let fail: (why: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const start = (role: Role): Worker => {
    const worker = startWorker(role);
    workers.push(worker);
    worker.addEventListener('error', ({ message }) =>
      fail(new Error(message || 'a worker that computes could not be loaded')),
    );
    return worker;
  };
  const hire = async (): Promise<MessagePort> => {
    const { port1, port2 } = new MessageChannel();
    await wrap<TrajectoryOffice>(start('trajectories')).serve(transfer(port1, [port1]));
    return transfer(port2, [port2]);
  };
  try {
    const result = call(wrap<Studies>(start('study')), proxy(report), proxy(hire));
    return await Promise.race([result, broken, aborted(signal)]);
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

export function study<Request, Result>({
  call,
  ...options
}: Call<Request, Result>): Study<Request, Result> {
  return new Newest<Request, Result>({
    ...options,
    run: (request, job) =>
      inWorker(job, (studies, report, hire) => call(studies, request, report, hire)),
  });
}
