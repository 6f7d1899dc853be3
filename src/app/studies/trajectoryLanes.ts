/** Trajectories on workers that a worker starts, and that end with it. */
import { wrap } from 'comlink';
import type { AnyTrajectories, Lane, Lanes } from '../../simulate/trajectoryChunk.js';
import type { TrajectoryWorker } from './trajectoryWorker.js';

function lane(request: AnyTrajectories): Lane {
  // The entry of this worker is that of any.
  const worker = new Worker(self.location.href, { type: 'module', name: 'trajectories' });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(message || 'a worker for trajectories could not be loaded')),
    );
  });
  const remote = wrap<TrajectoryWorker>(worker);
  const begun = remote.begin(request);
  return {
    run: (chunk) => Promise.race([begun.then(() => remote.run(chunk)), broken]),
    close: async () => worker.terminate(),
  };
}

/** Whoever cancels ends the worker that started them. */
export const siblings = (request: AnyTrajectories, count: number): Lanes => ({
  lanes: Array.from({ length: count }, () => lane(request)),
  stop: () => {},
});
