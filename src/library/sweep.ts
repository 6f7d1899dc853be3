/** Steady states of many devices: over a grid of parameters. */

import { BATCH_NAMES, hasBatches, recordOf } from '../backend/registry.js';
import { ParameterError } from '../model/parameters.js';
import type { BatchSolver } from '../sweep/batchSolver.js';
import { coordinatesOf, dimensionNames, STATUS, STATUSES, variablesOf } from '../sweep/layout.js';
import { ownThreadSolver } from '../sweep/ownThreadSolver.js';
import { type Plan, readPlan } from '../sweep/plan.js';
import { withOneCutoff } from '../sweep/planCutoff.js';
import { solvePoints } from '../sweep/solvePoints.js';
import { version } from '../version.js';
import { withEngine } from './backends.js';
import type { Engine } from './engine.js';
import { Pauses } from './running.js';
import {
  byName,
  described,
  isAllSolved,
  type SweepOptions,
  type SweepPlan,
  type SweepResult,
} from './sweepResult.js';

/** Points that are solved between two looks at progress and signal, for each thread, and on a GPU. */
const POINTS_PER_THREAD = 64;
const POINTS_ON_GPU = 1 << 14;

const ARRAYS = { float64: Float64Array, int32: Int32Array, int8: Int8Array } as const;

/** @throws {ParameterError} where the backend cannot solve the plan's points */
function checked(solver: BatchSolver, plan: Plan): BatchSolver {
  const why = solver.refusal(plan);
  if (why !== null) throw new ParameterError('backend', solver.name, why);
  return solver;
}

/** What solves a plan's points on an engine. */
async function solverOn(engine: Engine, plan: Plan, pauses: Pauses): Promise<BatchSolver> {
  if (!hasBatches(engine.name)) {
    throw new ParameterError('backend', engine.name, `${BATCH_NAMES} for sweeps`);
  }
  if (engine.record.hasKernels) {
    const { batchSolverOn } = await import('../sweep/deviceSolver.js');
    const sector = await engine.sectorSolver(plan.precision);
    return checked(
      batchSolverOn(engine.name, sector, engine.adapter, async () => {}),
      plan,
    );
  }
  if (engine.threads === 1) return ownThreadSolver(() => pauses.between());
  return (await import('../sweep/hostSolver.js')).hostSolver(engine.threads);
}

async function inMemory(
  plan: Plan,
  engine: Engine,
  pauses: Pauses,
  onProgress: SweepOptions['onProgress'],
): Promise<SweepResult> {
  const first = await solverOn(engine, plan, pauses);
  // What a GPU cannot solve, the CPU does.
  const fallback = recordOf(first.name).isHost ? null : ownThreadSolver(() => pauses.between());
  const { count } = plan;
  const shape = plan.dimensions.map(({ length }) => length);
  const variables = variablesOf(plan).map(({ type, ...variable }) => ({
    ...variable,
    values: new ARRAYS[type](count),
  }));
  const settled = withOneCutoff(plan);
  const stride = recordOf(first.name).isHost ? POINTS_PER_THREAD * engine.threads : POINTS_ON_GPU;
  const messages = new Set<string>();
  let failed = 0;
  try {
    for (let begin = 0; begin < count; begin += stride) {
      await pauses.between();
      const points = Array.from({ length: Math.min(stride, count - begin) }, (_, i) => begin + i);
      const solved = await solvePoints(settled, points, { first, fallback });
      for (const { name, values } of variables) values.set(solved.values[name], begin);
      for (const message of solved.messages) messages.add(message);
      for (const code of solved.values[STATUS]) {
        if (STATUSES[code].startsWith('failed')) failed++;
      }
      onProgress?.({ done: begin + points.length, count, failed });
    }
  } finally {
    await first.close();
  }
  const found = variables.map((v) => described(v.attributes, { ...v, shape }));
  const names = dimensionNames(plan);
  return {
    dimensions: names.map((name, d) => ({ name, length: shape[d] })),
    coordinates: byName(coordinatesOf(plan).map((c) => described(c.attributes, c))),
    variables: byName(found),
    count,
    converged: isAllSolved(found.find(({ name }) => name === STATUS)?.values ?? []),
    messages: [...messages],
    version,
  };
}

/**
 * The steady states of a plan's devices. A point that fails is marked, and leaves the others alone.
 * @throws {ParameterError | UnknownKeyError} for a plan that is not allowed
 * @throws {StoreError} where a folder cannot be written
 */
export async function sweep(plan: SweepPlan, options: SweepOptions = {}): Promise<SweepResult> {
  const { signal, onProgress, backend, threads, folder } = options;
  const read = readPlan(plan);
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, async (engine) => {
    if (folder === undefined) return inMemory(read, engine, pauses, onProgress);
    const { inFolder } = await import('./storedSweep.js');
    const first = await solverOn(engine, read, pauses);
    try {
      return await inFolder(folder, read, first, options);
    } finally {
      await first.close();
    }
  });
}
