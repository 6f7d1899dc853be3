/** Sweeps whose results are kept in a folder: in Node, whose files they need. */

import { WHOLE } from '../sweep/chunks.js';
import { STATUS } from '../sweep/layout.js';
import { type ResultVariable, readResults } from '../sweep/results.js';
import { batchSize, type SweepCount, type SweepRun } from '../sweep/run.js';
import { SweepStore } from '../sweep/store.js';
import type { StoredPlan } from '../sweep/storedPlan.js';
import {
  byName,
  described,
  isAllSolved,
  type SweepOptions,
  type SweepResult,
} from './sweepResult.js';

const variable = (v: ResultVariable) => described(v.attributes, v);

/**
 * Solves what a folder lacks of a plan's points, and reads all of them.
 * @param throughput points a second
 * @param run solves what the store lacks
 */
export async function inFolder<P extends StoredPlan>(
  folder: string,
  plan: P,
  throughput: () => Promise<number>,
  run: (
    store: SweepStore<P>,
    report: (count: SweepCount) => void,
    stop: AbortSignal,
  ) => Promise<SweepRun>,
  { signal, onProgress }: SweepOptions,
): Promise<SweepResult> {
  const store = await SweepStore.open(folder, plan, WHOLE, async () =>
    batchSize(plan, WHOLE, await throughput()),
  );
  let messages: readonly string[];
  try {
    const done = await run(
      store,
      ({ done, failed }) => onProgress?.({ done, count: plan.count, failed }),
      signal ?? new AbortController().signal,
    );
    messages = [...done.messages.keys()];
  } finally {
    await store.close();
  }
  signal?.throwIfAborted();
  const { dimensions, coordinates, variables, count, identity } = await readResults(folder);
  const statuses = variables.find(({ name }) => name === STATUS)?.values ?? [];
  return {
    dimensions,
    coordinates: byName(coordinates.map(variable)),
    variables: byName(variables.map(variable)),
    count,
    converged: isAllSolved(statuses),
    messages,
    version: identity.version,
  };
}
