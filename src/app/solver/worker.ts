/** The worker that solves: off the page's thread, and the one owner of the GPU device. */
import { expose } from 'comlink';
import { watchGpu } from './gpu.js';
import type { Solver } from './protocol.js';
import { cancelSteady, solve } from './steady.js';

const solver: Solver = { watchGpu, steady: solve, cancel: cancelSteady };

expose(solver);
