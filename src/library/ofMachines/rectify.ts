/** Machines before and after two of their baths change places. */
import type { z } from 'zod';
import type { Values } from '../../machine/tape.js';
import { readFields } from '../../model/parameters.js';
import {
  bathPair,
  type MachineRectification,
  machineRectification,
  swapped,
} from '../../simulate/machineRectify.js';
import { type MachineReading, machineSteady } from '../../simulate/machineSteady.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { solverChoice } from '../../simulate/route.js';
import { type ComputedBy, withEngine } from '../backends.js';
import { type MachineChoice, type QuantumMachine, readMachine } from '../machine.js';
import { type MachineProvenance, Pauses, type Running, type SteadyProgress } from '../running.js';
import { solving } from '../solverOptions.js';

export interface MachineRectifyOptions<P extends string = string>
  extends z.input<typeof solving>,
    MachineChoice<P>,
    ComputedBy,
    Running<SteadyProgress> {
  /** The two that change places; by default the first two whose temperatures are parameters. */
  readonly baths?: readonly [string, string] | undefined;
  /** Two parameters whose values are exchanged, in the place of the temperatures. */
  readonly swap?: readonly [P, P] | undefined;
}

/** One direction, by the names that the JSON of `qmill rectify --machine` has. */
export interface MachineDirection {
  /** From each bath, in energy per time. */
  readonly heat: Readonly<Record<string, number>>;
  readonly work: Readonly<Record<string, number>>;
  /** Of the quantity that counts the levels; null without a ladder. */
  readonly ladderMean: number | null;
  readonly residual: number;
  readonly converged: boolean;
  readonly problems: readonly string[];
}

export interface MachineRectificationResult extends MachineProvenance, MachineRectification {
  readonly baths: readonly [string, string];
  /** The parameters whose values change places. */
  readonly exchanged: readonly [string, string];
  readonly forward: MachineDirection;
  readonly swapped: MachineDirection;
  readonly truncation: { readonly lmin: number; readonly lmax: number };
  readonly converged: boolean;
}

/** @internal */
export const machineDirection = ({
  flows,
  ladder,
  problems,
  solution,
}: MachineReading): MachineDirection => ({
  heat: flows.heat,
  work: flows.work,
  ladderMean: ladder?.mean ?? null,
  residual: solution.residual,
  converged: problems.length === 0,
  problems,
});

/** @internal `rectify` of a machine */
export async function rectifyMachine<P extends string>(
  of: QuantumMachine<P>,
  { signal, onProgress, backend, threads, baths, swap, ...options }: MachineRectifyOptions<P>,
): Promise<MachineRectificationResult> {
  const { parameters, truncation, model, ...rest } = options;
  const solver = readFields(solving, rest);
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  const pair = bathPair(described, baths, swap);
  const exchanged = swapped(described, pair, values);
  const system = new MachineSystem(described);
  const { precision } = solver;
  const pauses = new Pauses(signal);
  const hooks = { precision, onIteration: pauses.iterating(onProgress) };
  return withEngine({ backend, threads }, (engine) =>
    engine.on(precision, 'f32', async (on) => {
      const solve = (given: Values) =>
        machineSteady(system, given, window, solverChoice(solver), edgeTolerance, on, hooks);
      const forward = await solve(values);
      await pauses.between();
      const after = await solve(exchanged);
      const { lmin, lmax } = window;
      return {
        parameters: values,
        baths: pair.baths,
        exchanged: pair.parameters,
        ...machineRectification(pair, forward, after),
        forward: machineDirection(forward),
        swapped: machineDirection(after),
        truncation: { lmin, lmax },
        converged: forward.problems.length + after.problems.length === 0,
        ...pauses.computedBy({ ...on, precision }),
      };
    }),
  );
}
