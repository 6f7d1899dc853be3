/** Machines in time by quantum trajectories. */
import type { z } from 'zod';
import { HOST_NAMES } from '../../backend/registry.js';
import { ParameterError, readFields } from '../../model/parameters.js';
import { edgesThatCut } from '../../simulate/edgeProblems.js';
import {
  MachineTrajectories,
  type MachineTrajectoryRequest,
  type MachineTrajectorySnapshot,
} from '../../simulate/machineTrajectories.js';
import { trajectoriesSchema } from '../../simulate/runSchemas.js';
import { readTimes } from '../../simulate/times.js';
import { runTrajectories, trajectoryMeans } from '../../simulate/trajectoryPool.js';
import { type ComputedBy, withEngine } from '../backends.js';
import type { Times, TrajectoryProgress } from '../inTime.js';
import { type MachineChoice, type QuantumMachine, readMachine } from '../machine.js';
import { type MachineProvenance, Pauses, type Running } from '../running.js';
import type { MachineEdges } from './evolve.js';

const schema = trajectoriesSchema.pick({ times: true, count: true, seed: true });

export interface MachineTrajectoriesOptions<P extends string = string>
  extends Omit<z.input<typeof schema>, 'times'>,
    MachineChoice<P>,
    ComputedBy,
    Running<TrajectoryProgress> {
  readonly times: Times;
}

export interface MachineTrajectoriesResult extends MachineProvenance {
  readonly seed: number;
  readonly count: number;
  /** With the largest mean populations of open edges. */
  readonly truncation: MachineEdges & {
    readonly lmin: number;
    readonly lmax: number;
    readonly converged: boolean;
  };
  /** How a state is followed between two jumps. */
  readonly method: string;
  /** Means with their error bars, one set for each time. */
  readonly snapshots: readonly MachineTrajectorySnapshot[];
  readonly converged: boolean;
}

/** What is known of the edges of a machine's window. @internal */
export function trajectoryEdges(
  { ladder: { open } }: QuantumMachine['described'],
  means: { readonly edgeLow: number; readonly edgeHigh: number },
  edgeTolerance: number,
): MachineEdges & { readonly converged: boolean } {
  const { edgeLow, edgeHigh } = edgesThatCut([means.edgeLow, means.edgeHigh], open);
  const converged = Math.max(edgeLow ?? 0, edgeHigh ?? 0) <= edgeTolerance;
  return { edgeLow, edgeHigh, converged };
}

/** @internal `trajectories` of a machine */
export async function trajectoriesOfMachine<P extends string>(
  of: QuantumMachine<P>,
  { signal, onProgress, backend, threads, ...options }: MachineTrajectoriesOptions<P>,
): Promise<MachineTrajectoriesResult> {
  const { parameters, truncation, model, ...rest } = options;
  const { count, seed } = readFields(schema, rest);
  const times = readTimes(rest.times);
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  const { lmin, lmax } = window;
  const text = of.toYaml();
  const machine = { file: described.file, text, model: described.model };
  const request: MachineTrajectoryRequest = { machine, values, lmin, lmax, times, seed };
  const pauses = new Pauses(signal);
  const stopped = () => signal?.aborted === true;
  return withEngine({ backend, threads }, async (engine) => {
    if (!engine.record.isHost) {
      const allowed = `${HOST_NAMES} with a machine: on a GPU a trajectory is the paper's device's`;
      throw new ParameterError('backend', engine.name, allowed);
    }
    const held = { lmin, lmax, edgeTolerance };
    const how = { count, threads: engine.threads, stopped };
    const progress = (done: number) => onProgress?.({ done });
    const run = (one: MachineTrajectoryRequest) => runTrajectories(one, { ...how, progress });
    const { moments, ...means } = await trajectoryMeans(request, held, run, stopped);
    signal?.throwIfAborted();
    const read = new MachineTrajectories(request);
    const { converged, ...edges } = trajectoryEdges(described, means, edgeTolerance);
    return {
      parameters: values,
      seed,
      count: moments[0].count,
      truncation: { lmin, lmax, ...edges, converged },
      method: read.method,
      snapshots: read.snapshots(moments),
      converged,
      ...pauses.computedBy({ ...engine, precision: 'f64' }),
    };
  });
}
