/** Loads the code of fluctuations for observables that are made of them. */
import { fluctuationCode } from './fluctuationCode.js';
import { type ObservableName, observableRecord } from './observableRecords.js';

/** To be awaited before any of these observables is read. */
export async function loadFluctuationsFor(names: readonly ObservableName[]): Promise<void> {
  if (fluctuationCode.module !== null) return;
  if (!names.some((name) => observableRecord(name).is.kind === 'fluctuation')) return;
  fluctuationCode.module = await import('./millFluctuations.js');
}
