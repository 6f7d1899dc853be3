/** One of the workers that share trajectories. */
import { expose } from 'comlink';
import type { Moments } from '../../simulate/moments.js';
import { type AnyTrajectories, type Chunk, trajectorySet } from '../../simulate/trajectoryChunk.js';
import type { TrajectorySet } from '../../simulate/unravelling.js';

let trajectories: TrajectorySet;

const worker = {
  async begin(request: AnyTrajectories): Promise<void> {
    trajectories = await trajectorySet(request);
  },
  run({ first, end, from }: Chunk): readonly Moments[] {
    const chunk = trajectories.chunk(from);
    for (const _ of trajectories.run(first + (from?.[0].count ?? 0), end, chunk));
    return chunk.moments();
  },
  close(): void {
    self.close();
  },
};

export type TrajectoryWorker = typeof worker;

/** What the page asks of it: to listen to whom it serves. */
const office = {
  serve(port: MessagePort): void {
    expose(worker, port);
  },
};

export type TrajectoryOffice = typeof office;

expose(office);
