/** A worker thread's part of a batch. */
import type { Batch, BatchResult } from './batchSolver.js';
import { solveOnHost } from './hostBatch.js';
import type { ObservableName } from './observables.js';

export interface HostTask {
  readonly batch: Batch;
  readonly observables: readonly ObservableName[];
}

export default ({ batch, observables }: HostTask): BatchResult => solveOnHost(batch, observables);
