/** Which backend a sweep runs on: the one that is named, or the faster one. */
import { BATCH_BACKENDS, type BackendName, backends, HOST } from '../backend/registry.js';
import { ParameterError } from '../model/parameters.js';
import { inSeconds, secondsOnOneCore } from '../simulate/chosenBackend.js';
import { firstWindow } from '../simulate/windowSearch.js';
import type { BatchSolver } from './batchSolver.js';
import { hostSolver } from './hostSolver.js';
import { type Plan, planHasPotential } from './plan.js';
import { measureThroughput } from './run.js';
import type { Solvers } from './solvePoints.js';

export const SWEEP_BACKENDS = ['auto', ...BATCH_BACKENDS] as const;

/** Solvers, and why these. */
export interface ChosenSolvers extends Solvers {
  readonly reason: string;
  /** Whether it took a look at this machine, which the reader is told of. */
  readonly isNews: boolean;
}

/**
 * Looks for a GPU, which may take a second.
 * @returns null where there is one, or why there is none
 */
export type LookForGpu = () => Promise<string | null>;

/** What is measured beside the CPU. */
const GPU: BackendName = 'webgpu';

/** Seconds of work on the CPU from which on a GPU is looked for and measured. */
const WORTH_SECONDS = 10;

function checked(solver: BatchSolver, plan: Plan): BatchSolver {
  const why = solver.refusal(plan);
  if (why === null) return solver;
  void solver.close();
  throw new ParameterError('backend', solver.name, why);
}

const onHost = (workers: number): Solvers => ({ first: hostSolver(workers), fallback: null });

/** What a GPU cannot solve, the CPU does. */
async function onGpu(name: BackendName, plan: Plan, workers: number): Promise<Solvers> {
  const { deviceSolver } = await import('./deviceSolver.js');
  const first = checked(await deviceSolver(name, plan.precision), plan);
  return { first, fallback: hostSolver(workers) };
}

const perSecond = (rate: number): string => `${Number(rate.toPrecision(2))} points/s`;

/** The faster of a GPU and the CPU, measured on some of the plan's own points. */
export async function faster(
  plan: Plan,
  host: Solvers,
  gpu: Solvers,
  throughput: typeof measureThroughput = measureThroughput,
): Promise<ChosenSolvers> {
  const rates = [await throughput(plan, host), await throughput(plan, gpu)];
  const measured = `measured: ${perSecond(rates[0])} on ${host.first.name}, ${perSecond(rates[1])} on ${gpu.first.name}`;
  const [chosen, left] = rates[1] > rates[0] ? [gpu, host] : [host, gpu];
  await closeSolvers(left);
  return { ...chosen, reason: `auto, ${measured}`, isNews: true };
}

async function chosenFor(
  plan: Plan,
  workers: number,
  lookForGpu: LookForGpu | null,
): Promise<ChosenSolvers> {
  const work = planHasPotential(plan) ? 'band' : 'elimination';
  const { size } = firstWindow(plan.truncation);
  const seconds = (plan.count * secondsOnOneCore(work, size)) / workers;
  const modelled = `auto: about ${inSeconds(seconds)} on ${workers} threads, by a model`;
  const host = onHost(workers);
  if (seconds < WORTH_SECONDS || lookForGpu === null) {
    const reason = `${modelled}; from ${WORTH_SECONDS} s on a GPU is measured, too`;
    return { ...host, reason, isNews: false };
  }
  const missing = await lookForGpu();
  const stay = (why: string) => ({ ...host, reason: `${modelled}; ${why}`, isNews: true });
  if (missing !== null) return stay(missing);
  const gpu = await onGpu(GPU, plan, workers).catch((error: Error) => error);
  if (gpu instanceof Error) return stay(`not on a GPU: ${gpu.message}`);
  return faster(plan, host, gpu);
}

/**
 * The backend that is named; with `auto` the CPU, or a GPU where that is measured to be faster.
 * @param lookForGpu null where a sweep is to stay on the CPU unless another is named
 * @throws {ParameterError} where the one named cannot solve the plan's points
 * @throws {NoAdapterError | PrecisionError} where there is no such GPU
 */
export async function openSolvers(
  backend: string,
  plan: Plan,
  workers: number,
  lookForGpu: LookForGpu | null = null,
): Promise<ChosenSolvers> {
  const choice = sweepBackend(backend);
  if (choice === 'auto') return chosenFor(plan, workers, lookForGpu);
  const { isHost } = backends[choice];
  const named = isHost ? onHost(workers) : await onGpu(choice, plan, workers);
  return { ...named, reason: 'as asked for', isNews: false };
}

/** @throws {ParameterError} */
function sweepBackend(backend: string): 'auto' | BackendName {
  const choice = SWEEP_BACKENDS.find((name) => name === backend);
  if (choice !== undefined) return choice;
  throw new ParameterError('backend', backend, `one of ${SWEEP_BACKENDS.join(', ')}`);
}

export async function closeSolvers({ first, fallback }: Solvers): Promise<void> {
  await first.close();
  await fallback?.close();
}

/** What a sweep of a described machine is solved by: a store on the CPU alone. */
export const machineSweepBackend = (backend: string): BackendName => {
  const choice = sweepBackend(backend);
  return choice === 'auto' ? HOST : choice;
};
