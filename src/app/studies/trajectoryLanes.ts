/**
 * Trajectories on workers that the page starts for a study. The study's own worker starts none: in Firefox one that
 * does stops in `new Worker` now and then, for ever.
 */
import { wrap } from 'comlink';
import type { AnyTrajectories, Lane, StartLanes } from '../../simulate/trajectoryChunk.js';
import type { TrajectoryWorker } from './trajectoryWorker.js';

/** Starts a worker for trajectories, and gives what reaches it. */
export type Hire = () => Promise<MessagePort>;

function lane(request: AnyTrajectories, hire: Hire): Lane {
  const begun = hire().then(async (port) => {
    const worker = wrap<TrajectoryWorker>(port);
    await worker.begin(request);
    return worker;
  });
  return {
    run: async (chunk) => (await begun).run(chunk),
    // It ends without an answer.
    close: async () => void (await begun).close(),
  };
}

export const hired =
  (hire: Hire): StartLanes =>
  (request, count) => ({
    lanes: Array.from({ length: count }, () => lane(request, hire)),
    // Whoever cancels a study has the page end all of its workers.
    stop: () => {},
  });
