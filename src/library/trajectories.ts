/** Devices in time by quantum trajectories. */
import type { z } from 'zod';
import { type DeviceInput, deviceParameters, readFields } from '../model/parameters.js';
import { startWindow } from '../simulate/evolve.js';
import { trajectoriesRoute } from '../simulate/route.js';
import { trajectoriesRequest } from '../simulate/runRequests.js';
import { trajectoriesSchema } from '../simulate/runSchemas.js';
import {
  Trajectories,
  type TrajectoryRequest,
  type TrajectorySnapshot,
} from '../simulate/trajectories.js';
import { runTrajectories, trajectoryMeans } from '../simulate/trajectoryPool.js';
import { type HeldWindow, heldWindow } from '../simulate/windowSearch.js';
import { type ComputedBy, withEngine } from './backends.js';
import type { Times, TrajectoryProgress } from './inTime.js';
import { QuantumMachine } from './machine.js';
import {
  type MachineTrajectoriesOptions,
  type MachineTrajectoriesResult,
  trajectoriesOfMachine,
} from './ofMachines/trajectories.js';
import {
  Pauses,
  type Provenance,
  type Running,
  readTruncation,
  type TruncationInput,
} from './running.js';

export interface TrajectoriesOptions
  extends Omit<z.input<typeof trajectoriesSchema>, 'times'>,
    ComputedBy,
    Running<TrajectoryProgress> {
  readonly times: Times;
  readonly truncation?: TruncationInput | undefined;
}

export interface TrajectoriesResult extends Provenance {
  readonly seed: number;
  readonly count: number;
  /** With the largest mean populations. */
  readonly truncation: HeldWindow;
  /** Whether a state between two jumps is known in closed form; else it is a Taylor series. */
  readonly closedForm: boolean;
  /** Means with their standard errors, one set for each time. */
  readonly snapshots: readonly TrajectorySnapshot[];
  readonly converged: boolean;
}

/**
 * Means over quantum trajectories. The n-th trajectory of a seed is the same in every run, on any number of
 * threads. On the CPU in float64; on WebGPU in float32, without potential.
 * @throws {ParameterError | UnknownKeyError} for what is not allowed
 */
export function trajectories(
  device: DeviceInput,
  options: TrajectoriesOptions,
): Promise<TrajectoriesResult>;
/** The same of a machine, from the state that it says, on the CPU. */
export function trajectories<P extends string>(
  machine: QuantumMachine<P>,
  options: MachineTrajectoriesOptions<P>,
): Promise<MachineTrajectoriesResult>;
export async function trajectories<P extends string>(
  of: DeviceInput | QuantumMachine<P>,
  options: TrajectoriesOptions | MachineTrajectoriesOptions<P>,
): Promise<TrajectoriesResult | MachineTrajectoriesResult> {
  return of instanceof QuantumMachine
    ? trajectoriesOfMachine(of, options as MachineTrajectoriesOptions<P>)
    : trajectoriesOfDevice(of, options as TrajectoriesOptions);
}

async function trajectoriesOfDevice(
  device: DeviceInput,
  options: TrajectoriesOptions,
): Promise<TrajectoriesResult> {
  const { signal, onProgress, backend, threads, truncation: window, ...rest } = options;
  const parameters = deviceParameters(device);
  const truncation = readTruncation(window);
  readFields(trajectoriesSchema, rest);
  const { request: given, count } = trajectoriesRequest(parameters, rest);
  const pauses = new Pauses(signal);
  const stopped = () => signal?.aborted === true;
  return withEngine({ backend, threads }, async (engine) => {
    const { precision } = trajectoriesRoute({ backend: engine.name });
    const run = async (request: TrajectoryRequest) => {
      const how = { count, stopped, progress: (done: number) => onProgress?.({ done }) };
      if (engine.record.isHost) {
        return runTrajectories(request, { ...how, threads: engine.threads });
      }
      const { runDeviceTrajectories } = await import('../simulate/deviceTrajectories.js');
      return runDeviceTrajectories(engine.trajectories, request, how);
    };
    const { lmin: low, lmax: high } = startWindow({ truncation, initial: given.initial });
    const start = { ...given, lmin: low, lmax: high };
    const means = await trajectoryMeans(start, truncation, run, stopped);
    signal?.throwIfAborted();
    const { request, moments } = means;
    const read = new Trajectories(request);
    const { device: built, closedForm } = read;
    const held = heldWindow(request, means, truncation.edgeTolerance);
    return {
      seed: given.seed,
      count: moments[0].count,
      truncation: held,
      closedForm,
      snapshots: read.snapshots(moments),
      converged: held.converged,
      ...pauses.provenance(parameters, built.cutoff, { ...engine, precision }),
    };
  });
}
