/** Loads the code of observables that are computed only where they are asked for. */
import { fluctuationCode } from './fluctuationCode.js';
import { informationCode } from './informationCode.js';
import { type ObservableName, observableRecord } from './observableRecords.js';

/** To be awaited before any of these observables is read. */
export async function loadCodeFor(names: readonly ObservableName[]): Promise<void> {
  const kinds = new Set(names.map((name) => observableRecord(name).is.kind));
  if (kinds.has('fluctuation'))
    fluctuationCode.module ??= await import('./potentialFluctuations.js');
  if (kinds.has('information')) informationCode.module ??= await import('./millInformation.js');
}
