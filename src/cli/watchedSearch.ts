/** A search for the best rectifier with progress and Ctrl-C: this thread stays free for both. */
import { Worker } from 'node:worker_threads';
import {
  type RectificationSearch,
  type Sample,
  searchedSoFar,
} from '../simulate/rectificationSearch.js';
import type { SearchMessage, SearchRequest } from '../simulate/rectificationThread.js';
import { progressBar } from './progress.js';

export interface SearchOutcome {
  readonly search: RectificationSearch;
  /** False where it was interrupted. */
  readonly complete: boolean;
}

/**
 * Runs a search to its end, or to a first interrupt.
 * @returns null where it was interrupted before any device was evaluated
 */
export async function watchedSearch(request: SearchRequest): Promise<SearchOutcome | null> {
  const samples: Sample[] = [];
  const progress = progressBar('devices evaluated');
  const worker = new Worker(new URL('../simulate/rectificationThread.js', import.meta.url), {
    workerData: request,
  });
  let stop = () => {};
  try {
    const found = await new Promise<RectificationSearch | null>((resolve, reject) => {
      stop = () => resolve(null);
      process.on('SIGINT', stop).on('SIGTERM', stop);
      worker.on('error', reject).on('message', (message: SearchMessage) => {
        if ('found' in message) return resolve(message.found);
        if ('failed' in message) {
          const { name, message: text } = message.failed;
          return reject(Object.assign(new Error(text), { name }));
        }
        samples.push(...message.samples);
        return progress.count(samples.length);
      });
    });
    if (found !== null) return { search: found, complete: true };
    if (samples.length === 0) return null;
    const { parameters, truncation, alphas } = request;
    return { search: searchedSoFar(parameters, truncation, alphas, samples), complete: false };
  } finally {
    progress.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await worker.terminate();
  }
}
