/** A search for the best rectifier with progress and Ctrl-C. */

import { Breath } from '../breath.js';
import { loadKernels } from '../lindblad/kernels.js';
import {
  type RectificationSearch,
  type Sample,
  type SearchRequest,
  searchedSoFar,
  searchingRectification,
} from '../simulate/rectificationSearch.js';
import { interruptible } from './interruptible.js';
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
  const breath = new Breath();
  try {
    return await interruptible(async (isStopped) => {
      const search = searchingRectification(request);
      while (!isStopped()) {
        const step = search.next();
        if (step.done) return { search: step.value, complete: true };
        samples.push(step.value);
        // After the first device: an interrupt meanwhile leaves something to tell.
        if (samples.length === 1) await loadKernels();
        if (await breath.taken()) progress.count(samples.length);
      }
      if (samples.length === 0) return null;
      const { parameters, truncation, alphas } = request;
      return { search: searchedSoFar(parameters, truncation, alphas, samples), complete: false };
    });
  } finally {
    progress.stop();
  }
}
