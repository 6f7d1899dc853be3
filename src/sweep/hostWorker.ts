/** A worker thread's part of a batch. */

import { loadKernels } from '../lindblad/kernels.js';
import { loadCodeFor } from '../simulate/loadObservables.js';
import type { ObservableName } from '../simulate/observableRecords.js';
import type { Batch, BatchResult } from './batchSolver.js';
import { solveOnHost } from './hostBatch.js';
import { anyPotential, solveWithPotential } from './potentialPoints.js';

export interface HostTask {
  readonly batch: Batch;
  readonly observables: readonly ObservableName[];
}

export default async ({ batch, observables }: HostTask): Promise<BatchResult> => {
  await loadCodeFor(observables);
  if (anyPotential(batch)) return solveWithPotential(batch, observables);
  await loadKernels();
  return solveOnHost(batch, observables);
};
