/** Steady states of many devices, or of a machine: over a grid of parameters. */

import { BATCH_NAMES, HOST_NAMES, hasBatches, recordOf } from '../backend/registry.js';
import { ParameterError } from '../model/parameters.js';
import type { BatchSolver } from '../sweep/batchSolver.js';
import { WHOLE } from '../sweep/chunks.js';
import { failedAmong, plainName, STATUS } from '../sweep/layout.js';
import { readMachinePlan } from '../sweep/machinePlan.js';
import { ownThreadMachine } from '../sweep/ownThreadMachine.js';
import { ownThreadSolver } from '../sweep/ownThreadSolver.js';
import { type Plan, readPlan } from '../sweep/plan.js';
import { withOneCutoff } from '../sweep/planCutoff.js';
import type { SolveSome } from '../sweep/run.js';
import { solvePoints } from '../sweep/solvePoints.js';
import { type StoredPlan, storedCoordinates, storedVariables } from '../sweep/storedPlan.js';
import { version } from '../version.js';
import { withEngine } from './backends.js';
import type { Engine } from './engine.js';
import { QuantumMachine } from './machine.js';
import { Pauses } from './running.js';
import {
  byName,
  described,
  isAllSolved,
  type MachineSweepPlan,
  type SweepOptions,
  type SweepPlan,
  type SweepResult,
} from './sweepResult.js';

/** Points that are solved between two looks at progress and signal, for each thread, and on a GPU. */
const POINTS_PER_THREAD = 64;
const POINTS_ON_GPU = 1 << 14;
/** The same of a machine, whose points take longer. */
const POINTS_OF_MACHINE = 16;

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
    const solver = await batchSolverOn(engine.name, plan.precision, engine.batches, async () => {});
    return checked(solver, plan);
  }
  if (engine.threads === 1) return ownThreadSolver(() => pauses.between());
  return (await import('../sweep/hostSolver.js')).hostSolver(engine.threads);
}

/** Solves the points of a plan into arrays, so many at a stretch. */
async function inMemory(
  plan: StoredPlan,
  solve: SolveSome,
  stride: number,
  pauses: Pauses,
  onProgress: SweepOptions['onProgress'],
): Promise<SweepResult> {
  const { count } = plan;
  const shape = plan.dimensions.map(({ length }) => length);
  const variables = storedVariables(plan).map(({ type, ...variable }) => ({
    ...variable,
    values: new ARRAYS[type](count),
  }));
  const messages = new Set<string>();
  let failed = 0;
  for (let begin = 0; begin < count; begin += stride) {
    await pauses.between();
    const points = Array.from({ length: Math.min(stride, count - begin) }, (_, i) => begin + i);
    const solved = await solve(points);
    for (const { name, values } of variables) values.set(solved.values[name], begin);
    for (const message of solved.messages) messages.add(message);
    failed += failedAmong(solved.values[STATUS]);
    onProgress?.({ done: begin + points.length, count, failed });
  }
  const found = variables.map((v) => described(v.attributes, { ...v, shape }));
  return {
    dimensions: plan.dimensions.map(({ name, length }) => ({ name: plainName(name), length })),
    coordinates: byName(storedCoordinates(plan).map((c) => described(c.attributes, c))),
    variables: byName(found),
    count,
    converged: isAllSolved(found.find(({ name }) => name === STATUS)?.values ?? []),
    messages: [...messages],
    version,
  };
}

async function ofDevices(plan: Plan, engine: Engine, options: SweepOptions): Promise<SweepResult> {
  const { signal, onProgress, folder } = options;
  const pauses = new Pauses(signal);
  const first = await solverOn(engine, plan, pauses);
  const { isHost } = recordOf(first.name);
  // What a GPU cannot solve, the CPU does.
  const fallback = isHost ? null : ownThreadSolver(() => pauses.between());
  const solvers = { first, fallback };
  try {
    if (folder === undefined) {
      const settled = withOneCutoff(plan);
      const stride = isHost ? POINTS_PER_THREAD * engine.threads : POINTS_ON_GPU;
      const solve: SolveSome = (points) => solvePoints(settled, points, solvers);
      return await inMemory(plan, solve, stride, pauses, onProgress);
    }
    const { inFolder } = await import('./storedSweep.js');
    const { enoughFor, measureThroughput, runSweep } = await import('../sweep/run.js');
    return await inFolder(
      folder,
      plan,
      () => measureThroughput(plan, solvers, enoughFor(plan)),
      (store, report, stop) => runSweep(store, solvers, WHOLE, report, stop),
      options,
    );
  } finally {
    await first.close();
  }
}

async function ofMachine(
  { machine, ...content }: MachineSweepPlan,
  engine: Engine,
  options: SweepOptions,
): Promise<SweepResult> {
  if (!engine.record.isHost) {
    throw new ParameterError('backend', engine.name, `${HOST_NAMES} for sweeps of machines`);
  }
  if (!(machine instanceof QuantumMachine)) {
    throw new ParameterError('machine', machine, 'one that machine or machineFromYaml has made');
  }
  const { signal, onProgress, folder } = options;
  const plan = readMachinePlan({ ...content, machine: machine.name }, () => machine.described);
  const pauses = new Pauses(signal);
  const solver =
    engine.threads === 1
      ? ownThreadMachine(plan, () => pauses.between())
      : (await import('../sweep/machineSolver.js')).machineSolver(plan, engine.threads);
  try {
    if (folder === undefined) {
      const stride = POINTS_OF_MACHINE * engine.threads;
      return await inMemory(plan, solver.solve, stride, pauses, onProgress);
    }
    const { inFolder } = await import('./storedSweep.js');
    const { enoughFor, runBatches, throughputOf } = await import('../sweep/run.js');
    return await inFolder(
      folder,
      plan,
      () => throughputOf(plan.count, solver.solve, enoughFor(plan)),
      (store, report, stop) => runBatches(store, solver.solve, [solver], WHOLE, report, stop),
      options,
    );
  } finally {
    await solver.close();
  }
}

/**
 * The steady states of a plan's devices. A point that fails is marked, and leaves the others alone.
 * @throws {ParameterError | UnknownKeyError} for a plan that is not allowed
 * @throws {StoreError} where a folder cannot be written
 */
export function sweep(plan: SweepPlan, options?: SweepOptions): Promise<SweepResult>;
/** The same of a machine over its parameters, on the CPU. */
export function sweep<P extends string>(
  plan: MachineSweepPlan<P>,
  options?: SweepOptions,
): Promise<SweepResult>;
export async function sweep(
  plan: SweepPlan | MachineSweepPlan,
  options: SweepOptions = {},
): Promise<SweepResult> {
  const { backend, threads } = options;
  if ('machine' in plan) {
    return withEngine({ backend, threads }, (engine) => ofMachine(plan, engine, options));
  }
  const read = readPlan(plan);
  return withEngine({ backend, threads }, (engine) => ofDevices(read, engine, options));
}
