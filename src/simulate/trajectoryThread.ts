/** A thread that runs the trajectories it is told to, until it is told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Chunk, type ThreadData, trajectorySet } from './trajectoryChunk.js';

if (parentPort === null) throw new Error('this module is the entry of a worker thread');
const port = parentPort;
const { request, stop } = workerData as ThreadData;
void trajectorySet(request).then((trajectories) => {
  port.on('message', ({ first, end, from }: Chunk) => {
    const chunk = trajectories.chunk(from);
    for (const _ of trajectories.run(first + (from?.[0].count ?? 0), end, chunk)) {
      if (Atomics.load(stop, 0) !== 0) break;
    }
    port.postMessage(chunk.moments());
  });
});
