/** Threads of Node that run trajectories. */
import { Worker } from 'node:worker_threads';
import type { AnyTrajectories, Lane, ThreadData } from './trajectoryChunk.js';

/** Threads, and what tells all of them to end their chunks early. */
export interface WorkerLanes {
  readonly lanes: readonly Lane[];
  readonly stop: () => void;
}

export function workerLanes(request: AnyTrajectories, count: number): WorkerLanes {
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: ThreadData = { request, stop };
  return {
    lanes: Array.from({ length: count }, () => workerLane(workerData)),
    stop: () => {
      Atomics.store(stop, 0, 1);
    },
  };
}

function workerLane(workerData: ThreadData): Lane {
  const worker = new Worker(new URL('./trajectoryThread.js', import.meta.url), { workerData });
  return {
    run: (chunk) =>
      new Promise((resolve, reject) => {
        worker.removeAllListeners();
        worker.once('message', resolve).once('error', reject);
        worker.postMessage(chunk);
      }),
    close: () => worker.terminate(),
  };
}
