/** A worker that does one thing. */
import type { Role } from './worker.js';

export const startWorker = (role: Role): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: role });
