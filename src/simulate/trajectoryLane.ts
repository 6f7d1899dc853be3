/** A thread of Node that runs trajectories. */
import { Worker } from 'node:worker_threads';
import type { TrajectoryRequest } from './trajectories.js';
import type { Lane } from './trajectoryChunk.js';

export function workerLane(request: TrajectoryRequest): Lane {
  const worker = new Worker(new URL('./trajectoryThread.js', import.meta.url), {
    workerData: request,
  });
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
