/** Machines in time. */
import type { z } from 'zod';
import type { Backend } from '../../backend/backend.js';
import { cpuBackend } from '../../backend/cpu/backend.js';
import { checkedSystem } from '../../generator/checkedSystem.js';
import { symmetryOf } from '../../generator/symmetry.js';
import { readFields } from '../../model/parameters.js';
import {
  type MachineEvolution,
  type MachineSnapshot,
  machineEvolution,
} from '../../simulate/machineEvolve.js';
import { type LadderReading, largestEdge } from '../../simulate/machineState.js';
import type { MachineFlows } from '../../simulate/machineSteady.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { systemEvolutionRoute } from '../../simulate/route.js';
import { evolutionSchema } from '../../simulate/runSchemas.js';
import { readTimes } from '../../simulate/times.js';
import { type ComputedBy, withEngine } from '../backends.js';
import { NOISE } from '../evolutionChoice.js';
import type { EvolutionProgress, Times } from '../inTime.js';
import { type MachineChoice, type QuantumMachine, readMachine } from '../machine.js';
import { type MachineProvenance, Pauses, type Running } from '../running.js';
import { solving } from '../solverOptions.js';

const schema = evolutionSchema
  .pick({ times: true, rtol: true, atol: true })
  .extend(solving.pick({ precision: true }).shape);

export interface MachineEvolveOptions<P extends string = string>
  extends Omit<z.input<typeof schema>, 'times'>,
    MachineChoice<P>,
    ComputedBy,
    Running<EvolutionProgress> {
  readonly times: Times;
}

/** What is known of a ladder. */
export interface MachineLadder extends Omit<LadderReading, 'populations'> {
  /** One for each level of the window. */
  readonly populations: readonly number[];
}

/** Populations of the outermost levels where others beyond them are cut off; null where none are. */
export interface MachineEdges {
  readonly edgeLow: number | null;
  readonly edgeHigh: number | null;
}

/** A machine at a time, by the names that the JSON of `qmill evolve --machine` has. */
export interface MachineAtTime
  extends Omit<MachineSnapshot, 'ladder' | 'flows' | 'edges'>,
    Pick<MachineFlows, 'heat' | 'work'>,
    MachineEdges {
  /** Null where the machine has none. */
  readonly ladder: MachineLadder | null;
}

export interface MachineEvolutionResult extends MachineProvenance {
  readonly truncation: {
    readonly lmin: number;
    readonly lmax: number;
    /** The largest population of an open edge at any time. */
    readonly largestEdge: number;
    readonly converged: boolean;
  };
  readonly solver: { readonly method: MachineEvolution['method'] };
  /** One for each time. */
  readonly snapshots: readonly MachineAtTime[];
  readonly converged: boolean;
}

/** @internal */
export const machineLadder = (ladder: LadderReading | null): MachineLadder | null =>
  ladder && { ...ladder, populations: [...ladder.populations] };

/** @internal */
export function machineAtTime({ flows, edges, ladder, ...rest }: MachineSnapshot): MachineAtTime {
  const { t, populations, energies, observables, traceError } = rest;
  return {
    t,
    populations,
    ladder: machineLadder(ladder),
    energies,
    heat: flows.heat,
    work: flows.work,
    observables,
    traceError,
    edgeLow: edges.below,
    edgeHigh: edges.above,
  };
}

/** @internal `evolve` of a machine */
export async function evolveMachine<P extends string>(
  of: QuantumMachine<P>,
  { signal, onProgress, backend, threads, ...options }: MachineEvolveOptions<P>,
): Promise<MachineEvolutionResult> {
  const { parameters, truncation, model, ...rest } = options;
  const { rtol, atol, precision: asked } = readFields(schema, rest);
  const times = readTimes(rest.times);
  const { described, values, window, edgeTolerance } = readMachine(of, options);
  const system = new MachineSystem(described);
  const symmetry = symmetryOf(checkedSystem(system.on(window, values).system));
  const pauses = new Pauses(signal);
  return withEngine({ backend, threads }, (engine) => {
    const solver = { backend: engine.name, precision: asked };
    const { method: by, precision } = systemEvolutionRoute(symmetry, window.size, solver);
    const run = async <V>(on: Backend<V>): Promise<MachineEvolutionResult> => {
      const { method, snapshots } = await machineEvolution(
        system,
        values,
        window,
        times,
        { rtol, atol },
        on,
        async (t) => {
          await pauses.between();
          onProgress?.({ t });
          return true;
        },
      );
      const edge = largestEdge(snapshots);
      // In float32 a distribution's tails are rounding below its noise.
      const converged = edge <= Math.max(edgeTolerance, NOISE[on.precision]);
      const { lmin, lmax } = window;
      return {
        parameters: values,
        truncation: { lmin, lmax, largestEdge: edge, converged },
        solver: { method },
        snapshots: snapshots.map(machineAtTime),
        converged,
        ...pauses.computedBy(on),
      };
    };
    // What is solved directly needs no threads.
    return by === 'rational' ? run(cpuBackend()) : engine.on(precision, precision, run);
  });
}
