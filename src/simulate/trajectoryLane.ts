/** Threads of Node that run trajectories. */
import { Worker } from 'node:worker_threads';
import type { AnyTrajectories, Lane, Lanes, ThreadData } from './trajectoryChunk.js';

export function workerLanes(request: AnyTrajectories, count: number): Lanes {
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
