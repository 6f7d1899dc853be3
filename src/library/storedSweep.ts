/** Sweeps whose results are kept in a folder: in Node, whose files they need. */

import { recordOf } from '../backend/registry.js';
import type { BatchSolver } from '../sweep/batchSolver.js';
import { WHOLE } from '../sweep/chunks.js';
import { STATUS } from '../sweep/layout.js';
import { ownThreadSolver } from '../sweep/ownThreadSolver.js';
import type { Plan } from '../sweep/plan.js';
import { type ResultVariable, readResults } from '../sweep/results.js';
import { batchSize, measureThroughput, runSweep } from '../sweep/run.js';
import { SweepStore } from '../sweep/store.js';
import {
  byName,
  described,
  isAllSolved,
  type SweepOptions,
  type SweepResult,
} from './sweepResult.js';

const variable = (v: ResultVariable) => described(v.attributes, v);

/** Solves what a folder lacks of a plan's points, and reads all of them. */
export async function inFolder(
  folder: string,
  plan: Plan,
  first: BatchSolver,
  { signal, onProgress }: SweepOptions,
): Promise<SweepResult> {
  const fallback = recordOf(first.name).isHost ? null : ownThreadSolver(async () => {});
  const solvers = { first, fallback };
  const store = await SweepStore.open(folder, plan, WHOLE, async () =>
    batchSize(plan, WHOLE, await measureThroughput(plan, solvers)),
  );
  let messages: readonly string[];
  try {
    const { count } = plan;
    const run = await runSweep(
      store,
      solvers,
      WHOLE,
      ({ done, failed }) => onProgress?.({ done, count, failed }),
      signal ?? new AbortController().signal,
    );
    messages = [...run.messages.keys()];
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
