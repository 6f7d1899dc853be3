/** A thread that runs the trajectories it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { Trajectories, type TrajectoryRequest } from './trajectories.js';
import type { Chunk } from './trajectoryChunk.js';

if (parentPort === null) throw new Error('this module is the entry of a worker thread');
const port = parentPort;
const trajectories = new Trajectories(workerData as TrajectoryRequest);
port.on('message', ({ first, end }: Chunk) => {
  port.postMessage(trajectories.moments(first, end));
});
